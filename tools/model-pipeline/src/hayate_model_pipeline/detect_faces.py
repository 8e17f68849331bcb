"""BlazeFace in ONNX Runtime as MediaPipe runs it: the reference for face detection.

After MediaPipe 0.10.21: ImageToTensorCalculator on OpenCV, SsdAnchorsCalculator,
TensorsToDetectionsCalculator and NonMaxSuppressionCalculator with the options of
`face_detection_short_range`.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from .detection import Detection, iou
from .open_session import open_session

SIDE = 128
SCORE_THRESHOLD = 0.5
IOU_THRESHOLD = 0.3
INPUT = "input:0"
SCORES = ("Identity:0", "Identity_1:0")
BOXES = ("Identity_2:0", "Identity_3:0")
# Cells along a side, and anchors in each of the cells.
GRIDS = ((16, 2), (8, 6))
SUBPIXELS = 32  # OpenCV's warps sample at 32nds of a pixel


def letterbox(width: int, height: int) -> tuple[float, float, float]:
    """Pixels of the picture per pixel of the input; the input's corner in the picture."""
    longer = max(width, height)
    return longer / SIDE, (width - longer) / 2, (height - longer) / 2


def face_tensor(photo: Image.Image) -> np.ndarray:
    """The whole picture in a black square; corners, not centres, of pixels are matched."""
    pixels = np.asarray(photo, np.float64)
    scale, left, top = letterbox(*photo.size)
    rows = _weights(photo.height, scale, top)
    columns = _weights(photo.width, scale, left)
    across = columns @ pixels  # row by row of the picture
    warped = np.tensordot(rows, across, 1)
    return (np.floor(warped + 0.5)[None] / 127.5 - 1).astype(np.float32)


def _weights(source: int, scale: float, offset: float) -> np.ndarray:
    """How much each sample takes of each pixel along one axis; nothing of what lies outside."""
    at = np.rint((np.arange(SIDE) * scale + offset) * SUBPIXELS) / SUBPIXELS
    before = np.floor(at).astype(int)
    weights = np.zeros((SIDE, source))
    for place, share in ((before, 1 - (at - before)), (before + 1, at - before)):
        inside = np.flatnonzero((place >= 0) & (place < source))
        weights[inside, place[inside]] += share[inside]
    return weights


def anchors() -> np.ndarray:
    """Centres in parts of the input, row by row."""
    centres = []
    for cells, each in GRIDS:
        y, x = np.divmod(np.arange(cells * cells), cells)
        centres.append(np.repeat((np.stack([x, y], 1) + 0.5) / cells, each, axis=0))
    return np.concatenate(centres)


def decode_faces(outputs: dict[str, np.ndarray], width: int, height: int) -> list[Detection]:
    """Logits of 896 anchors; of each its centre, size and six points in the input's pixels."""
    logits = np.concatenate([outputs[name] for name in SCORES], 1)[0, :, 0]
    numbers = np.concatenate([outputs[name] for name in BOXES], 1)[0]
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(np.float64), -100, 100)))
    parts = numbers.astype(np.float64) / SIDE
    centre, half = parts[:, :2] + anchors(), parts[:, 2:4] / 2
    points = parts[:, 4:] + np.tile(anchors(), 6)
    places = np.concatenate([centre - half, centre + half, points], 1)
    order = np.argsort(-scores, kind="stable")
    left = [i for i in order if scores[i] >= SCORE_THRESHOLD]
    found = []
    while left:
        best = left[0]
        same = [i for i in left if i == best or iou(places[best], places[i]) > IOU_THRESHOLD]
        left = [i for i in left if i not in same]
        place = np.average(places[same], axis=0, weights=scores[same])
        found.append(_in_picture(scores[best], place, width, height))
    return found


def _in_picture(score: float, place: np.ndarray, width: int, height: int) -> Detection:
    scale, left, top = letterbox(width, height)
    numbers = place.reshape(-1, 2) * SIDE * scale + (left, top)
    return Detection(0, float(score), numbers[:2].ravel(), numbers[2:])


class FaceDetector:
    input = INPUT
    tensor = staticmethod(face_tensor)

    def __init__(self, path: Path) -> None:
        self._session = open_session(path)

    def outputs(self, tensor: np.ndarray) -> dict[str, np.ndarray]:
        names = [*SCORES, *BOXES]
        return dict(zip(names, self._session.run(names, {INPUT: tensor}), strict=True))

    def read(self, tensor: np.ndarray, size: tuple[int, int]) -> list[Detection]:
        """The faces in a picture of this width and height."""
        return decode_faces(self.outputs(tensor), *size)
