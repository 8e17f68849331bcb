"""Sample photos and edge cases, from the photos in the wheels of scikit-image and matplotlib."""

import io
import shutil
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

SHIPPED = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
EXIF_ORIENTATION = 0x0112
TURN_CLOCKWISE = 6


def make_samples(shipped: Path, hopper: Path, target: Path) -> None:
    for folder in ("edge", "faces"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        source = target / name
        shutil.copyfile(shipped / name, source)
        pixels = _srgb_pixels(source)
        if source.suffix == ".png":
            pixels.save(source.with_suffix(".jpg"), quality=90)
        else:
            pixels.save(source.with_suffix(".png"), optimize=True)
    _make_edge_cases(_srgb_pixels(target / "chelsea.png"), target / "edge")
    faces = _two_faces(_srgb_pixels(target / "astronaut.png"), _srgb_pixels(hopper))
    faces.save(target / "faces" / "two-faces.png", optimize=True)


def _two_faces(astronaut: Image.Image, hopper: Image.Image) -> Image.Image:
    """Side by side, 180 × 240 each."""
    right = hopper.crop((86, 60, 446, 540)).resize((180, 240), Image.Resampling.BICUBIC)
    both = Image.new("RGB", (360, 240))
    both.paste(astronaut.crop((130, 10, 310, 250)), (0, 0))
    both.paste(right, (180, 0))
    return both


def _make_edge_cases(chelsea: Image.Image, target: Path) -> None:
    chelsea.convert("L").save(target / "grey.jpg", quality=90)
    chelsea.convert("CMYK").save(target / "cmyk.jpg", quality=90)
    _with_alpha(chelsea).save(target / "alpha.png", optimize=True)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = TURN_CLOCKWISE
    turned = chelsea.transpose(Image.Transpose.ROTATE_90)
    turned.save(target / "exif-6.jpg", quality=90, exif=exif)
    Image.new("RGB", (1, 1), (180, 120, 60)).save(target / "one-pixel.png")
    four_by_three = chelsea.crop((25, 0, 425, 300))
    large = four_by_three.resize((4000, 3000), Image.Resampling.BICUBIC)
    large.save(target / "twelve-megapixel.jpg", quality=70, optimize=True)
    (target / "not-a-photo.jpg").write_text("This is a text file, not a photo.\n")
    (target / "empty.jpg").write_bytes(b"")


def _with_alpha(photo: Image.Image) -> Image.Image:
    """From clear (left) to opaque (right), with a clear square in the middle."""
    row = np.linspace(0, 255, photo.width).round().astype(np.uint8)
    alpha = np.tile(row, (photo.height, 1))
    middle_y, middle_x = photo.height // 2, photo.width // 2
    alpha[middle_y - 30 : middle_y + 30, middle_x - 30 : middle_x + 30] = 0
    photo = photo.copy()
    photo.putalpha(Image.fromarray(alpha))
    return photo


def _srgb_pixels(path: Path) -> Image.Image:
    """Without profile and metadata; converted where the profile is not sRGB."""
    with Image.open(path) as photo:
        profile = photo.info.get("icc_profile")
        photo = photo.convert("RGB")
    if profile is not None:
        colours = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" not in ImageCms.getProfileDescription(colours):
            photo = ImageCms.profileToProfile(photo, colours, ImageCms.createProfile("sRGB"))
    return Image.fromarray(np.asarray(photo))
