"""CenterNet in ONNX Runtime: the reference for object detection."""

from pathlib import Path

import numpy as np
from PIL import Image

from .detection import Detection, iou
from .open_session import open_session

SIDE = 512
SCORE_THRESHOLD = 0.3
IOU_THRESHOLD = 0.5


def resize_linear(pixels: np.ndarray, width: int, height: int) -> np.ndarray:
    """
    Bilinear with half-pixel centres and no antialias, in float64: what OpenCV's
    `INTER_LINEAR` computes, before it rounds.
    """
    top, bottom, down = _neighbours(pixels.shape[0], height)
    left, right, across = _neighbours(pixels.shape[1], width)
    down, across = down[:, None, None], across[None, :, None]
    rows = pixels[top] * (1 - down) + pixels[bottom] * down
    return rows[:, left] * (1 - across) + rows[:, right] * across


def _neighbours(source: int, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = (np.arange(target) + 0.5) * source / target - 0.5
    before = np.floor(at)
    first, second = (np.clip(n, 0, source - 1).astype(int) for n in (before, before + 1))
    return first, second, at - before


def object_tensor(photo: Image.Image) -> np.ndarray:
    """The whole picture stretched; RGB from 0 to 255, channels last."""
    pixels = resize_linear(np.asarray(photo, np.float64), SIDE, SIDE)
    return pixels[None].astype(np.float32)


def decode_objects(rows: np.ndarray, width: int, height: int) -> list[Detection]:
    """`rows` of left, top, right, bottom in the input's pixels, score and class."""
    rows = rows.astype(np.float64)
    rows = rows[rows[:, 4] > SCORE_THRESHOLD]
    scale = np.array([width, height, width, height]) / SIDE
    found: list[Detection] = []
    for row in rows[np.argsort(-rows[:, 4], kind="stable")]:
        others = (each.box for each in found if each.index == int(row[5]))
        if all(iou(other, row[:4]) <= IOU_THRESHOLD for other in others):
            found.append(Detection(int(row[5]), float(row[4]), row[:4]))
    limits = np.array([width, height, width, height])
    return [Detection(d.index, d.score, np.clip(d.box * scale, 0, limits)) for d in found]


class ObjectDetector:
    tensor = staticmethod(object_tensor)

    def __init__(self, path: Path) -> None:
        self._session = open_session(path)
        self.input = self._session.get_inputs()[0].name
        self.output = self._session.get_outputs()[0].name

    def outputs(self, tensor: np.ndarray) -> dict[str, np.ndarray]:
        return {self.output: self._session.run([self.output], {self.input: tensor})[0]}

    def read(self, tensor: np.ndarray, size: tuple[int, int]) -> list[Detection]:
        """What is in a picture of this width and height."""
        return decode_objects(self.outputs(tensor)[self.output][0], *size)
