"""Pictures made of samples by whole numbers, so that tests can make them again anywhere."""

from dataclasses import asdict, dataclass

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class Recipe:
    """Of a crop every `step`th pixel is taken; each is repeated, and the whole is tiled."""

    file: str
    crop: tuple[int, int, int, int]  # left, top, width, height
    step: int = 1
    repeat: int = 1
    tiles: int = 1  # side by side

    def entry(self) -> dict[str, object]:
        return asdict(self)


def make_picture(photo: Image.Image, recipe: Recipe) -> Image.Image:
    left, top, width, height = recipe.crop
    pixels = np.asarray(photo)[top : top + height, left : left + width]
    pixels = pixels[:: recipe.step, :: recipe.step]
    pixels = pixels.repeat(recipe.repeat, 0).repeat(recipe.repeat, 1)
    return Image.fromarray(np.tile(pixels, (1, recipe.tiles, 1)))
