"""Takes out of the biases what rounded weights do to the mean of each channel.

Rounding errors of a channel do not cancel out: its outputs are a little too high
or too low everywhere. The mean difference over calibration data goes into the
bias of the convolution, one after the other in the order of the graph, each
measured behind those that are corrected already (Nagel et al. 2019,
"Data-Free Quantization Through Weight Equalization and Bias Correction", 4.2,
with data in place of batch statistics).

The last convolutions, behind which no other layer comes, are left alone. What a
detector says there of the background is far off and varies widely; it makes the
mean, and a shift for its sake would move every score that matters.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from .open_session import open_session

Feed = Mapping[str, np.ndarray]
LAYERS = ("Conv", "Gemm", "MatMul")


def correct_biases(original: ModelProto, quantized: ModelProto, feeds: Sequence[Feed]) -> None:
    """Changes `quantized` in place; both have the same convolutions under the same output names."""
    made = {n.output[0] for n in quantized.graph.node if n.op_type == "DequantizeLinear"}
    last = _last_layers(original)
    found = _convolutions(quantized, feeds)
    for (_, expected), (node, outputs) in zip(
        _convolutions(original, feeds), found, strict=True
    ):
        if node.input[1] not in made or node.output[0] in last:
            continue
        difference = _channel_means(expected) - _channel_means(outputs)
        _add_to_bias(quantized, node, difference)
        for output in outputs:  # what comes next is computed from these
            output += difference.astype(np.float32).reshape(-1, *[1] * (output.ndim - 2))


def _last_layers(model: ModelProto) -> set[str]:
    """The outputs of layers that reach the graph's outputs through no other layer."""
    reached, last = {value.name for value in model.graph.output}, set()
    for node in reversed(model.graph.node):
        if reached.isdisjoint(node.output):
            continue
        if node.op_type in LAYERS:
            last.add(node.output[0])
        else:
            reached.update(node.input)
    return last


def _convolutions(
    model: ModelProto, feeds: Sequence[Feed]
) -> Iterator[tuple[NodeProto, list[np.ndarray]]]:
    """Each convolution with its output for each feed; changes to these go on in the next ones."""
    nodes = [node for node in model.graph.node if node.op_type == "Conv"]
    known = {value.name for value in model.graph.input}
    parts = []
    for node in nodes:
        parts.append(_part_for(model, node.output[0], known))
        known = known | {node.output[0]}
    last_use = {name: at for at, part in enumerate(parts) for name in _inputs(part)}
    states = [dict(feed) for feed in feeds]
    for at, (node, part) in enumerate(zip(nodes, parts, strict=True)):
        session, name = open_session(part.SerializeToString()), node.output[0]
        for state in states:
            (state[name],) = session.run([name], {i: state[i] for i in _inputs(part)})
            for done in [key for key in state if last_use.get(key, at) <= at and key != name]:
                del state[done]
        yield node, [state[name] for state in states]


def _part_for(model: ModelProto, output: str, known: set[str]) -> ModelProto:
    """The nodes that compute `output` from tensors that are known, which become its inputs."""
    wanted, needed = {output}, []
    for node in reversed(model.graph.node):
        if not wanted.isdisjoint(node.output):
            needed.append(node)
            wanted |= set(node.input) - known
    used = {name for node in needed for name in node.input}
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        needed[::-1],
        "part",
        [value(name, TensorProto.FLOAT, None) for name in sorted(used & known)],
        [value(output, TensorProto.FLOAT, None)],
        [i for i in model.graph.initializer if i.name in used],
    )
    return helper.make_model(
        graph, opset_imports=model.opset_import, ir_version=model.ir_version
    )


def _inputs(part: ModelProto) -> list[str]:
    return [value.name for value in part.graph.input]


def _channel_means(outputs: list[np.ndarray]) -> np.ndarray:
    """Over all feeds and places."""
    places = tuple(range(2, outputs[0].ndim))
    return np.mean([o.mean(axis=(0, *places), dtype=np.float64) for o in outputs], axis=0)


def _add_to_bias(model: ModelProto, node: NodeProto, difference: np.ndarray) -> None:
    """Under a new name: other nodes may read the old bias."""
    stored = {i.name: i for i in model.graph.initializer}
    name = f"{node.output[0]}_bias"
    bias = np.zeros(len(difference))
    if len(node.input) > 2 and node.input[2]:
        old = node.input[2]
        bias = numpy_helper.to_array(stored[old])
        node.input[2] = name
        if not any(old in n.input for n in model.graph.node):
            model.graph.initializer.remove(stored[old])
    else:
        node.input[2:] = [name]
    model.graph.initializer.append(
        numpy_helper.from_array((bias + difference).astype(np.float32), name)
    )
