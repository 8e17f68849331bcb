"""How far an int8 model is from its fp32 original."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from .classify import Classifier, top
from .preprocess import open_photo, preprocess

SEED = 2025


@dataclass(frozen=True)
class Agreement:
    images: int
    cosine_mean: float
    cosine_min: float
    top1: float  # share with the same best class
    top5: float  # mean share of the five best classes in common
    top1_in_top5: float  # share whose fp32 best class is among the int8 five best


@dataclass(frozen=True)
class Verification:
    fp32_bytes: int
    int8_bytes: int
    photos: Agreement
    crops: Agreement

    @property
    def size_ratio(self) -> float:
        return self.int8_bytes / self.fp32_bytes


def verify(fp32: Path, int8: Path, photos: list[Path], crops_each: int) -> Verification:
    original, quantized = Classifier(fp32), Classifier(int8)
    opened = [open_photo(path) for path in photos]
    return Verification(
        fp32_bytes=fp32.stat().st_size,
        int8_bytes=int8.stat().st_size,
        photos=agreement(original, quantized, iter(opened)),
        crops=agreement(original, quantized, augmented_crops(opened, crops_each)),
    )


def agreement(
    original: Classifier, quantized: Classifier, images: Iterator[Image.Image]
) -> Agreement:
    tensors = [preprocess(image) for image in images]
    a = np.concatenate([original.logits(t) for t in tensors])
    b = np.concatenate([quantized.logits(t) for t in tensors])
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    best_a, best_b = top(a, 5), top(b, 5)
    common = [len(set(x) & set(y)) / 5 for x, y in zip(best_a, best_b, strict=True)]
    return Agreement(
        images=len(tensors),
        cosine_mean=float(cosine.mean()),
        cosine_min=float(cosine.min()),
        top1=float((best_a[:, 0] == best_b[:, 0]).mean()),
        top5=float(np.mean(common)),
        top1_in_top5=float((best_a[:, :1] == best_b).any(1).mean()),
    )


def augmented_crops(
    photos: list[Image.Image], each: int, seed: int = SEED
) -> Iterator[Image.Image]:
    """Random crops (20–100 % of the area), mirrored by chance, other brightness."""
    random = np.random.default_rng(seed)
    for photo in photos:
        for _ in range(each):
            share = np.sqrt(random.uniform(0.2, 1.0))
            width, height = (max(1, int(side * share)) for side in photo.size)
            left = int(random.integers(0, photo.width - width + 1))
            top_edge = int(random.integers(0, photo.height - height + 1))
            crop = photo.crop((left, top_edge, left + width, top_edge + height))
            if random.random() < 0.5:
                crop = ImageOps.mirror(crop)
            yield ImageEnhance.Brightness(crop).enhance(random.uniform(0.7, 1.3))
