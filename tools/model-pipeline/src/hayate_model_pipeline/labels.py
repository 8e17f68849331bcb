"""The 1,000 ImageNet class names, unique and readable, as torchvision lists them."""

import ast
from importlib.metadata import distribution
from pathlib import Path


def imagenet_labels() -> list[str]:
    # Read, not imported: the names are wanted, not torchvision's native code.
    path = Path(str(distribution("torchvision").locate_file("torchvision/models/_meta.py")))
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.Assign):
            if statement.targets[0].id == "_IMAGENET_CATEGORIES":
                return ast.literal_eval(statement.value)
    raise LookupError("torchvision no longer lists the ImageNet categories")
