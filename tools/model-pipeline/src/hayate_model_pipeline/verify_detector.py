"""How far a detector with int8 weights is from its fp32 original."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from .detection import Detection, iou

SAME_FROM = 0.5  # least intersection over union of what counts as the same


class Detector(Protocol):
    def tensor(self, photo: Image.Image) -> np.ndarray: ...

    def read(self, tensor: np.ndarray, size: tuple[int, int]) -> list[Detection]: ...


@dataclass(frozen=True)
class DetectorAgreement:
    images: int
    original: int  # detections
    found: int
    matched: int  # of the same class, at the same place
    mean_iou: float
    mean_score_difference: float

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.matched / self.original if self.original else 1.0


@dataclass(frozen=True)
class Variant:
    """One way of storing the weights, held against the original."""

    name: str
    bytes: int
    photos: DetectorAgreement
    crops: DetectorAgreement


def agreement(
    expected: list[list[Detection]], found: list[list[Detection]]
) -> DetectorAgreement:
    """One list per image; `expected` is the original's."""
    pairs = [pair for a, b in zip(expected, found, strict=True) for pair in match(a, b)]
    ious = [iou(a.box, b.box) for a, b in pairs]
    differences = [abs(a.score - b.score) for a, b in pairs]
    return DetectorAgreement(
        images=len(expected),
        original=sum(map(len, expected)),
        found=sum(map(len, found)),
        matched=len(pairs),
        mean_iou=float(np.mean(ious)) if pairs else 1.0,
        mean_score_difference=float(np.mean(differences)) if pairs else 0.0,
    )


def match(
    expected: list[Detection], found: list[Detection]
) -> list[tuple[Detection, Detection]]:
    """To each that is expected, best first, what is left of the same class and overlaps it most."""
    left, pairs = list(found), []
    for each in expected:
        same = [other for other in left if other.index == each.index]
        nearest = max(same, key=lambda other: iou(each.box, other.box), default=None)
        if nearest is not None and iou(each.box, nearest.box) > SAME_FROM:
            left = [other for other in left if other is not nearest]
            pairs.append((each, nearest))
    return pairs


def compare(
    detectors: dict[str, tuple[Path, Detector]],
    photos: list[Image.Image],
    crops: list[Image.Image],
) -> list[Variant]:
    """The first one is the original, and comes first in the result, too."""
    sets = [_detect(detectors, images) for images in (photos, crops)]
    return [
        Variant(
            name,
            path.stat().st_size,
            *(agreement(next(iter(found.values())), found[name]) for found in sets),
        )
        for name, (path, _) in detectors.items()
    ]


def _detect(
    detectors: dict[str, tuple[Path, Detector]], images: list[Image.Image]
) -> dict[str, list[list[Detection]]]:
    found: dict[str, list[list[Detection]]] = {name: [] for name in detectors}
    for image in images:
        tensor = next(iter(detectors.values()))[1].tensor(image)
        for name, (_, detector) in detectors.items():
            found[name].append(detector.read(tensor, image.size))
    return found
