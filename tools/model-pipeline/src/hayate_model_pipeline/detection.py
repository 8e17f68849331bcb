"""What a detector finds, and which boxes are of the same thing."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Detection:
    index: int  # of the label; 0 for a face
    score: float
    box: np.ndarray  # left, top, right, bottom in the picture's pixels
    keypoints: np.ndarray | None = None  # x and y of each, in the picture's pixels


def iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return float(shared / union) if union > 0 else 0.0
