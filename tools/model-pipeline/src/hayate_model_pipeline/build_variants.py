"""A detector's weights stored in several ways, so that its model card can say what each gives."""

from dataclasses import dataclass
from pathlib import Path

import onnx
from PIL import Image

from .correct_biases import Feed
from .preprocess import open_photo
from .quantize_weights import quantize_weights
from .verify import augmented_crops

MOTIFS = ("astronaut", "chelsea", "coffee", "rocket", "faces/two-faces")
FP32 = "float32"
PLAIN = "int8, plain rounding"
SEARCHED = "int8, scale search"
CORRECTED = "int8, bias correction"
BOTH = "int8, scale search and bias correction"
CALIBRATION_CROPS, CALIBRATION_SEED = 6, 1
CHECKED_CROPS = 40


@dataclass(frozen=True)
class Photos:
    whole: list[Image.Image]
    calibration: list[Image.Image]
    checked: list[Image.Image]  # crops that are not those of the calibration


def read_photos(samples: Path) -> Photos:
    whole = [open_photo(samples / f"{name}.png") for name in MOTIFS]
    crops = augmented_crops(whole, CALIBRATION_CROPS, CALIBRATION_SEED)
    return Photos(whole, [*whole, *crops], list(augmented_crops(whole, CHECKED_CROPS)))


def build_variants(fp32: Path, calibration: list[Feed], folder: Path) -> dict[str, Path]:
    """Writes the int8 models beside `fp32`, whose opset is at least 13."""
    options = {
        PLAIN: {},
        SEARCHED: {"search_scales": True},
        CORRECTED: {"calibration": calibration},
        BOTH: {"search_scales": True, "calibration": calibration},
    }
    paths = {FP32: fp32}
    for number, (name, chosen) in enumerate(options.items()):
        model = onnx.load(fp32)
        quantize_weights(model, **chosen)
        onnx.checker.check_model(model)
        paths[name] = folder / f"int8-{number}.onnx"
        onnx.save(model, paths[name])
    return paths
