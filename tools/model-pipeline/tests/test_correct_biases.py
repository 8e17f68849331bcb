import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from hayate_model_pipeline.quantize_weights import quantize_weights

RANDOM = np.random.default_rng(2)
FEEDS = [{"x": RANDOM.uniform(0, 4, (1, 3, 9, 9)).astype(np.float32)} for _ in range(4)]


def _three_convolutions(biases):
    """All with the same bias, or with none."""
    shapes = ((6, 3, 3, 3), (6, 6, 1, 1), (6, 6, 1, 1))
    weights = [RANDOM.normal(size=shape) for shape in shapes]
    stored = [numpy_helper.from_array(w.astype(np.float32), f"w{i}") for i, w in enumerate(weights)]
    if biases:
        stored.append(numpy_helper.from_array(RANDOM.normal(size=6).astype(np.float32), "b"))
    bias = ["b"] if biases else []
    graph = helper.make_graph(
        [
            helper.make_node("Conv", ["x", "w0", *bias], ["first"]),
            helper.make_node("Relu", ["first"], ["middle"]),
            helper.make_node("Conv", ["middle", "w1", *bias], ["second"]),
            helper.make_node("Conv", ["second", "w2", *bias], ["last"]),
            helper.make_node("Sigmoid", ["last"], ["y"]),
        ],
        "three",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 9, 9])],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 6, 7, 7])
            for name in ("last", "y")
        ],
        stored,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _means(model, name):
    shown = onnx.ModelProto.FromString(model.SerializeToString())
    shown.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(shown.SerializeToString())
    return np.mean([session.run([name], feed)[0] for feed in FEEDS], axis=(0, 1, 3, 4))


def _quantized(model, **options):
    copy = onnx.ModelProto.FromString(model.SerializeToString())
    quantize_weights(copy, **options)
    onnx.checker.check_model(copy)
    return copy


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("name", ["first", "second"])
def test_the_mean_of_each_channel_is_that_of_the_original(biases, name):
    model = _three_convolutions(biases)
    wanted, plain = _means(model, name), _means(_quantized(model), name)
    corrected = _means(_quantized(model, calibration=FEEDS), name)
    assert np.abs(plain - wanted).max() > 1e-3
    assert np.abs(corrected - wanted).max() < 1e-5


def test_a_shared_bias_is_corrected_for_each_of_its_users():
    quantized = _quantized(_three_convolutions(True), calibration=FEEDS)
    biases = [node.input[2] for node in quantized.graph.node if node.op_type == "Conv"]
    stored = [i.name for i in quantized.graph.initializer]
    assert biases == ["first_bias", "second_bias", "b"]
    assert set(biases) <= set(stored)


def test_a_bias_that_nothing_reads_any_more_goes():
    model = _three_convolutions(True)
    del model.graph.node[3].input[2]
    quantized = _quantized(model, calibration=FEEDS)
    assert "b" not in [i.name for i in quantized.graph.initializer]


def test_the_last_convolution_is_left_alone():
    quantized = _quantized(_three_convolutions(False), calibration=FEEDS)
    inputs = [len(node.input) for node in quantized.graph.node if node.op_type == "Conv"]
    assert inputs == [3, 3, 2]


def test_the_original_outputs_are_kept():
    quantized = _quantized(_three_convolutions(False), calibration=FEEDS)
    assert [output.name for output in quantized.graph.output] == ["last", "y"]
