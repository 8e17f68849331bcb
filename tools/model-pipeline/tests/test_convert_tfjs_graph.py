import base64
import json

import numpy as np
import onnxruntime
import pytest

from hayate_model_pipeline.convert_tfjs_graph import convert_tfjs_graph
from hayate_model_pipeline.read_tfjs_graph import read_tfjs_graph

RANDOM = np.random.default_rng(3)
KERNEL = RANDOM.normal(size=(3, 3, 2, 4)).astype(np.float16)
BIAS = RANDOM.normal(size=4).astype(np.float16)
SIZE = np.array([8, 8], np.int32)


def _text(value):
    return {"s": base64.b64encode(value.encode()).decode()}


def _node(name, op, inputs=(), **attributes):
    return {"name": name, "op": op, "input": list(inputs), "attr": attributes}


def _list(values):
    return {"list": {"i": [str(value) for value in values]}}


def _convolution(name, fused, padding="SAME"):
    return _node(
        name,
        "_FusedConv2D",
        ["x", "kernel", "bias"],
        strides=_list([1, 2, 2, 1]),
        dilations=_list([1, 1, 1, 1]),
        padding=_text(padding),
        fused_ops={"list": {"s": [_text(f)["s"] for f in fused]}},
    )


def _graph(folder, *nodes):
    weights = {"kernel": KERNEL, "bias": BIAS, "size": SIZE}
    shape = {"shape": {"dim": [{"size": str(side)} for side in (1, 8, 8, 2)]}}
    constants = [_node(name, "Const") for name in weights]
    described = [
        {"name": name, "shape": list(values.shape), "dtype": "int32"}
        if values.dtype == np.int32
        else {
            "name": name,
            "shape": list(values.shape),
            "dtype": "float32",
            "quantization": {"dtype": "float16"},
        }
        for name, values in weights.items()
    ]
    (folder / "w.bin").write_bytes(b"".join(values.tobytes() for values in weights.values()))
    model = {
        "modelTopology": {"node": [*nodes, _node("x", "Placeholder", shape=shape), *constants]},
        "weightsManifest": [{"paths": ["w.bin"], "weights": described}],
    }
    (folder / "model.json").write_text(json.dumps(model))
    return read_tfjs_graph(folder / "model.json")


def _run(graph, output, x):
    model = convert_tfjs_graph(graph, "images", output, "result")
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"images": x})[0]


def test_a_convolution_is_padded_as_tensorflow_pads(tmp_path):
    """An even side, a stride of 2 and a window of 3: all of the padding comes last."""
    graph = _graph(tmp_path, _convolution("y", ["BiasAdd", "Relu"]))
    x = RANDOM.normal(size=(1, 8, 8, 2)).astype(np.float32)
    padded = np.pad(x[0], ((0, 1), (0, 1), (0, 0)))
    expected = np.zeros((4, 4, 4))
    for row in range(4):
        for column in range(4):
            window = padded[2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
            expected[row, column] = np.einsum("hwi,hwio->o", window, KERNEL) + BIAS
    found = _run(graph, "y", x)[0]
    assert np.allclose(found, np.maximum(expected, 0).transpose(2, 0, 1), atol=1e-5)


def test_a_picture_grows_as_tensorflow_1_does_it(tmp_path):
    resize = _node("y", "ResizeBilinear", ["c", "size"], align_corners={"b": False})
    graph = _graph(tmp_path, resize, _convolution("c", ["BiasAdd"]))
    x = RANDOM.normal(size=(1, 8, 8, 2)).astype(np.float32)
    before, after = _run(graph, "c", x)[0], _run(graph, "y", x)[0]
    assert np.allclose(after[:, ::2, ::2], before, atol=1e-6)
    assert np.allclose(after[:, 1, 0], (before[:, 0, 0] + before[:, 1, 0]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        (_node("y", "Erf", ["x"]), "Erf"),
        (_convolution("y", ["BiasAdd", "Elu"]), "fused"),
        (_convolution("y", [], "EXPLICIT"), "padded"),
        (_node("y", "Add", ["x", "bias"]), "vector"),
        (_node("y", "ResizeBilinear", ["x", "size"], align_corners={"b": True}), "other places"),
    ],
)
def test_what_is_unknown_is_refused(tmp_path, node, reason):
    with pytest.raises(NotImplementedError, match=reason):
        convert_tfjs_graph(_graph(tmp_path, node), "images", "y", "result")


def test_weights_that_are_left_over_are_refused(tmp_path):
    _graph(tmp_path)
    (tmp_path / "w.bin").write_bytes((tmp_path / "w.bin").read_bytes() + b"\0\0")
    with pytest.raises(ValueError, match="2 bytes"):
        read_tfjs_graph(tmp_path / "model.json")
