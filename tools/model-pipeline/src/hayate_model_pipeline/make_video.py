"""A short video of the sample photos, for tests and for trying live detection without a camera."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

PHOTOS = ("astronaut.png", "coffee.png")
WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 30
FRAME_COUNT = 180
BITS_PER_SECOND = 500_000
# The number of the frame is drawn into it, so that a test can tell which frame it sees.
COUNTER_BITS = 8
COUNTER_SIDE = 10


def make_video(samples: Path) -> None:
    """Writes `live.webm`: a camera that pans over the photos and back, to be shown in a loop."""
    strip = _side_by_side([Image.open(samples / name).convert("RGB") for name in PHOTOS])
    travel = strip.shape[1] - WIDTH
    with av.open(str(samples / "live.webm"), "w") as file:
        stream = file.add_stream("libvpx", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.bit_rate = BITS_PER_SECOND
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        stream.options = {"deadline": "best", "cpu-used": "0", "auto-alt-ref": "0"}
        stream.codec_context.gop_size = FRAMES_PER_SECOND
        for number in range(FRAME_COUNT):
            left = round(travel * (1 - np.cos(2 * np.pi * number / FRAME_COUNT)) / 2)
            pixels = strip[:, left : left + WIDTH].copy()
            _draw_number(pixels, number)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            file.mux(stream.encode(frame))
        file.mux(stream.encode())


def _side_by_side(photos: list[Image.Image]) -> np.ndarray:
    scaled = [
        photo.resize((round(photo.width * HEIGHT / photo.height), HEIGHT), Image.Resampling.BICUBIC)
        for photo in photos
    ]
    return np.concatenate([np.asarray(photo) for photo in scaled], axis=1)


def _draw_number(pixels: np.ndarray, number: int) -> None:
    """In the lower left corner, the highest bit first: white squares are ones, black ones are zeros."""
    for place in range(COUNTER_BITS):
        bit = number >> (COUNTER_BITS - 1 - place) & 1
        left = place * COUNTER_SIDE
        pixels[-COUNTER_SIDE:, left : left + COUNTER_SIDE] = 255 * bit
