"""Writes tiny-classifier.onnx, a model of a few kilobytes for tests that run it very often, and Python's scores for some
photos. It is convolutional like a real classifier, with random weights. Needs: pip install numpy pillow onnx onnxruntime."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import PIL
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent.parent / "samples"
SIDE, CHANNELS, LABELS = 64, 8, 10
random = np.random.default_rng(20261125)


def weights(name: str, *shape: int) -> onnx.TensorProto:
    scale = (2 / np.prod(shape[1:])) ** 0.5
    return numpy_helper.from_array((random.standard_normal(shape) * scale).astype(np.float32), name)


graph = helper.make_graph(
    [
        helper.make_node("Conv", ["input", "w1"], ["c1"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("Conv", ["r1", "w2"], ["c2"], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("GlobalAveragePool", ["r2"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w3"], ["logits"], transB=1),
    ],
    "tiny-classifier",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", LABELS])],
    [weights("w1", CHANNELS, 3, 3, 3), weights("w2", 2 * CHANNELS, CHANNELS, 3, 3), weights("w3", LABELS, 2 * CHANNELS)],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, HERE / "tiny-classifier.onnx")

session = onnxruntime.InferenceSession(HERE / "tiny-classifier.onnx")
scores = {}
for name in ["chelsea.png", "astronaut.png", "coffee.png"]:
    image = Image.open(SAMPLES / name).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    tensor = ((np.asarray(image, np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]
    (logits,) = session.run(["logits"], {"input": tensor})
    exponentials = np.exp(logits[0].astype(np.float64) - logits.max())
    scores[name] = [float(score) for score in exponentials / exponentials.sum()]
made_by = {"pillow": PIL.__version__, "onnxruntime": onnxruntime.__version__, "numpy": np.__version__}
(HERE / "tiny-classifier.json").write_text(json.dumps({"madeBy": made_by, "scores": scores}, indent=2) + "\n")
