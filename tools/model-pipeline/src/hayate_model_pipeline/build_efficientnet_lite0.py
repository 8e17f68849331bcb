"""Builds models/efficientnet-lite0."""

import tempfile
from pathlib import Path

import onnx

from .export_efficientnet_lite0 import INPUT, OUTPUT, export
from .labels import imagenet_labels
from .make_references import make_references
from .package_efficientnet_lite0 import describe, write_model_card
from .package_files import write_labels, write_manifest
from .quantize_weights import quantize_weights
from .verify import verify

SHIPPED_PHOTOS = ("astronaut", "chelsea", "coffee", "rocket")
CROPS_EACH = 30


def build(out: Path, samples: Path) -> None:
    quantized = out / "model.onnx"
    photos = [samples / f"{n}.{e}" for n in SHIPPED_PHOTOS for e in ("jpg", "png")]
    with tempfile.TemporaryDirectory() as work:
        fp32 = Path(work) / "fp32.onnx"
        export(fp32)
        model = onnx.load(fp32)
        count = quantize_weights(model)
        onnx.checker.check_model(model)
        onnx.save(model, quantized)
        verification = verify(fp32, quantized, photos, CROPS_EACH)
    labels = imagenet_labels()
    write_labels(out, labels)
    write_manifest(out, describe(out, INPUT, OUTPUT))
    write_model_card(out, verification)
    make_references(quantized, labels, samples)
    print(f"{count} weights made int8, {verification.size_ratio:.1%} of the fp32 size")
    print(f"photos: {verification.photos}")
    print(f"crops: {verification.crops}")
