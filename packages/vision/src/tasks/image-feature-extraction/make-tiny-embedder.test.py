"""Makes tiny-embedder.test.onnx and what NumPy makes of its output for three photos.
Needs: pip install numpy pillow onnx onnxruntime."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

HERE = Path(__file__).parent
SAMPLES = HERE.parents[4] / "samples"
SIDE, SIZE = 32, 16
random = np.random.default_rng(20261201)
weights = numpy_helper.from_array(random.standard_normal((SIZE, 3, 3, 3)).astype(np.float32), "w")
graph = helper.make_graph(
    [
        helper.make_node("Conv", ["input", "w"], ["c"], kernel_shape=[3, 3], strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["c"], ["pool"]),
        helper.make_node("Flatten", ["pool"], ["embedding"]),
    ],
    "tiny-embedder",
    [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])],
    [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", SIZE])],
    [weights],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, HERE / "tiny-embedder.test.onnx")
session = onnxruntime.InferenceSession(HERE / "tiny-embedder.test.onnx")
vectors = {}
for name in ["chelsea.png", "astronaut.png", "coffee.png"]:
    image = Image.open(SAMPLES / name).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    tensor = ((np.asarray(image, np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]
    (embedding,) = session.run(["embedding"], {"input": tensor})
    vectors[name] = (embedding[0] / np.linalg.norm(embedding[0])).tolist()
(HERE / "tiny-embedder.test.json").write_text(json.dumps(vectors, indent=2) + "\n")
