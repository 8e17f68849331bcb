import numpy as np
import pytest
from PIL import Image

from hayate_model_pipeline.preprocess import crop_offset, fit, preprocess, resized_size
from hayate_model_pipeline.preprocess import EFFICIENTNET_LITE0 as RECIPE


@pytest.mark.parametrize(
    ("size", "expected"),
    [((451, 300), (384, 256)), ((300, 451), (256, 384)), ((512, 512), (256, 256)), ((1, 1), (256, 256))],
)
def test_the_longer_side_is_cut_to_a_whole_number(size, expected):
    assert resized_size(*size, 256) == expected


@pytest.mark.parametrize(("size", "offset"), [(256, 16), (384, 80), (341, 58), (383, 80)])
def test_the_crop_offset_rounds_halves_to_even(size, offset):
    assert crop_offset(size, 224) == offset


def test_the_middle_is_kept():
    photo = Image.new("RGB", (512, 256), "black")
    photo.paste("white", (144, 0, 368, 256))
    assert (np.asarray(fit(photo, RECIPE)) == 255).all()


@pytest.mark.parametrize(("level", "value"), [(0, -0.498 / 0.502), (255, 1.0)])
def test_levels_are_normalised(level, value):
    tensor = preprocess(Image.new("RGB", (300, 260), (level,) * 3))
    assert tensor.shape == (1, 3, 224, 224)
    assert tensor.dtype == np.float32
    assert np.allclose(tensor, value, atol=1e-7)


def test_channels_come_first():
    tensor = preprocess(Image.new("RGB", (256, 256), (255, 0, 0)))
    assert tensor[0, 0].min() > tensor[0, 1:].max()
