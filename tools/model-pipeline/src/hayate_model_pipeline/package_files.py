"""Writes the files that every model package has."""

import hashlib
import json
from pathlib import Path


def write_labels(package: Path, labels: list[str]) -> None:
    text = json.dumps(labels, indent=0, ensure_ascii=False)
    (package / "labels.json").write_text(text + "\n", "utf-8")


def write_manifest(package: Path, manifest: dict[str, object]) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (package / "manifest.json").write_text(text + "\n", "utf-8")


def file_entry(package: Path, name: str) -> dict[str, str | int]:
    """What a manifest says of a file."""
    content = (package / name).read_bytes()
    return {
        "url": name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
