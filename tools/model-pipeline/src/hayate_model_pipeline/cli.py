"""python -m hayate_model_pipeline samples | efficientnet-lite0"""

import argparse
import tempfile
from pathlib import Path

import onnx

SHIPPED_PHOTOS = ("astronaut", "chelsea", "coffee", "rocket")
CROPS_EACH = 30


def main() -> None:
    parser = argparse.ArgumentParser(prog="hayate_model_pipeline")
    commands = parser.add_subparsers(dest="command", required=True)
    samples = commands.add_parser("samples", help="write the sample photos")
    samples.add_argument("--photos", type=Path, required=True, help="skimage/data")
    samples.add_argument("--samples", type=Path, default=Path("samples"))
    lite0 = commands.add_parser("efficientnet-lite0", help="build the model package")
    lite0.add_argument("--out", type=Path, default=Path("models/efficientnet-lite0"))
    lite0.add_argument("--samples", type=Path, default=Path("samples"))
    arguments = parser.parse_args()
    if arguments.command == "samples":
        from .make_samples import make_samples

        make_samples(arguments.photos, arguments.samples)
    else:
        _efficientnet_lite0(arguments.out, arguments.samples)


def _efficientnet_lite0(out: Path, samples: Path) -> None:
    from .export_efficientnet_lite0 import INPUT, OUTPUT, export
    from .labels import imagenet_labels
    from .make_references import make_references
    from .package_model import write_labels, write_manifest, write_model_card
    from .quantize_weights import quantize_weights
    from .verify import verify

    (out / "src").mkdir(parents=True, exist_ok=True)
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
    write_manifest(out, INPUT, OUTPUT)
    write_model_card(out, verification)
    make_references(quantized, labels, samples)
    print(f"{count} weights made int8, {verification.size_ratio:.1%} of the fp32 size")
    print(f"photos: {verification.photos}")
    print(f"crops: {verification.crops}")
