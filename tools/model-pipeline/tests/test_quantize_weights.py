import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from hayate_model_pipeline.quantize_weights import (
    dequantize,
    quantize_per_channel,
    quantize_weights,
)

RANDOM = np.random.default_rng(1)


def _model(op, weight, input_shape, **attributes):
    graph = helper.make_graph(
        [helper.make_node(op, ["x", "w"], ["y"], **attributes)],
        "one",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, input_shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None] * len(input_shape))],
        [numpy_helper.from_array(weight, "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _run(model, x):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, {"x": x})[0]


@pytest.mark.parametrize(("shape", "axis"), [((8, 3, 3, 3), 0), ((16, 10), 0), ((16, 10), 1)])
def test_error_is_at_most_half_a_step(shape, axis):
    weight = RANDOM.normal(size=shape).astype(np.float32)
    quantized = quantize_per_channel(weight, axis)
    error = np.abs(dequantize(quantized, axis) - weight)
    steps = quantized.scale.reshape([-1 if i == axis else 1 for i in range(len(shape))])
    assert (error <= steps / 2 * (1 + 1e-4)).all()
    assert np.abs(quantized.values).max() == 127


def test_a_channel_of_zeros_stays_zero():
    weight = np.zeros((2, 3), np.float32)
    weight[1] = 1
    assert (dequantize(quantize_per_channel(weight, 0), 0) == weight).all()


def test_a_weight_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="finite"):
        quantize_per_channel(np.array([[np.nan]], np.float32), 0)


@pytest.mark.parametrize(
    ("op", "shape", "input_shape", "attributes", "channels"),
    [
        ("Conv", (6, 4, 3, 3), (1, 4, 8, 8), {}, 6),
        ("Conv", (4, 1, 3, 3), (1, 4, 8, 8), {"group": 4}, 4),
        ("Gemm", (5, 7), (2, 5), {}, 7),
        ("Gemm", (7, 5), (2, 5), {"transB": 1}, 7),
        ("MatMul", (5, 7), (2, 5), {}, 7),
    ],
)
def test_scales_go_along_the_output_channels(op, shape, input_shape, attributes, channels):
    weight = RANDOM.normal(size=shape).astype(np.float32)
    x = RANDOM.normal(size=input_shape).astype(np.float32)
    model = _model(op, weight, input_shape, **attributes)
    before = _run(model, x)
    assert quantize_weights(model) == 1
    onnx.checker.check_model(model)
    stored = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    assert stored["w_int8"].dtype == np.int8
    assert stored["w_scale"].shape == (channels,)
    assert np.abs(_run(model, x) - before).max() < 0.02 * np.abs(before).max()


def test_a_weight_used_along_two_axes_is_left_alone():
    weight = RANDOM.normal(size=(5, 5)).astype(np.float32)
    model = _model("Gemm", weight, (2, 5))
    model.graph.node.append(helper.make_node("Gemm", ["x", "w"], ["z"], transB=1))
    assert quantize_weights(model) == 0


def test_an_old_opset_is_refused():
    model = _model("MatMul", np.ones((5, 7), np.float32), (2, 5))
    model.opset_import[0].version = 12
    with pytest.raises(ValueError, match="opset 12"):
        quantize_weights(model)


def _distance(model, weight):
    stored = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    scale = stored["w_scale"].reshape(-1, *[1] * (weight.ndim - 1))
    return ((stored["w_int8"] * scale - weight) ** 2).reshape(len(weight), -1).sum(1)


@pytest.mark.parametrize("shape", [(16, 1, 3, 3), (8, 12, 1, 1)])
def test_searched_scales_round_every_channel_better(shape):
    weight = RANDOM.normal(size=shape).astype(np.float32)
    group = {"group": shape[0]} if shape[1] == 1 else {}
    model = _model("Conv", weight, (1, shape[0] if group else shape[1], 4, 4), **group)
    searched = onnx.ModelProto.FromString(model.SerializeToString())
    quantize_weights(model)
    quantize_weights(searched, search_scales=True)
    plain, better = _distance(model, weight), _distance(searched, weight)
    assert (better <= plain * (1 + 1e-6)).all()
    assert better.sum() < 0.8 * plain.sum()


def test_searched_scales_go_along_the_output_channels_of_a_gemm():
    weight = RANDOM.normal(size=(5, 7)).astype(np.float32)
    quantized = quantize_per_channel(weight, 1, search_scales=True)
    assert quantized.scale.shape == (7,)
    assert np.abs(dequantize(quantized, 1) - weight).max() < np.abs(weight).max() / 2 / 100


def test_a_channel_of_zeros_stays_zero_when_scales_are_searched():
    quantized = quantize_per_channel(np.zeros((2, 3), np.float32), 0, search_scales=True)
    assert np.isfinite(quantized.scale).all()
    assert (dequantize(quantized, 0) == 0).all()
