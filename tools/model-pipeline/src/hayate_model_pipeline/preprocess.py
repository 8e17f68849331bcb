"""Photo to tensor, by Pillow: the reference for every other implementation."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps


@dataclass(frozen=True)
class Recipe:
    shorter_side: int = 256
    crop: int = 224
    mean: float = 0.498
    std: float = 0.502


EFFICIENTNET_LITE0 = Recipe()


def open_photo(path: Path) -> Image.Image:
    """As it is meant to be seen: turned by EXIF, alpha and profile ignored."""
    with Image.open(path) as photo:
        return ImageOps.exif_transpose(photo).convert("RGB")


def resized_size(width: int, height: int, shorter_side: int) -> tuple[int, int]:
    if width <= height:
        return shorter_side, int(shorter_side * height / width)
    return int(shorter_side * width / height), shorter_side


def crop_offset(size: int, crop: int) -> int:
    """Python's `round`: halves go to the even neighbour (58.5 → 58)."""
    return round((size - crop) / 2)


def fit(photo: Image.Image, recipe: Recipe) -> Image.Image:
    """Pillow's bicubic (a = −0.5) widens its kernel when it shrinks: antialias."""
    size = resized_size(*photo.size, recipe.shorter_side)
    resized = photo.resize(size, Image.Resampling.BICUBIC)
    left, top = (crop_offset(side, recipe.crop) for side in size)
    return resized.crop((left, top, left + recipe.crop, top + recipe.crop))


def normalise(photo: Image.Image, recipe: Recipe) -> np.ndarray:
    pixels = np.asarray(photo, dtype=np.float64)
    scaled = (pixels / 255 - recipe.mean) / recipe.std
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None], dtype=np.float32)


def preprocess(photo: Image.Image, recipe: Recipe = EFFICIENTNET_LITE0) -> np.ndarray:
    return normalise(fit(photo, recipe), recipe)
