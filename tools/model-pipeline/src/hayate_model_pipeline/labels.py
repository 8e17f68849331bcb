"""Names of classes as torchvision lists them, in the order of the networks' outputs."""

import ast
from importlib.metadata import distribution
from pathlib import Path


def imagenet_labels() -> list[str]:
    """The 1,000 ImageNet class names, unique and readable."""
    return _list("_IMAGENET_CATEGORIES")


def coco_labels() -> list[str]:
    """The 80 classes of COCO that have boxes; torchvision lists its 91 numbers."""
    return [name for name in _list("_COCO_CATEGORIES") if name not in ("__background__", "N/A")]


def _list(name: str) -> list[str]:
    # Read, not imported: the names are wanted, not torchvision's native code.
    path = Path(str(distribution("torchvision").locate_file("torchvision/models/_meta.py")))
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == name:
            return ast.literal_eval(statement.value)
    raise LookupError(f"torchvision no longer has {name}")
