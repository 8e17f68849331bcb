"""Weights to int8, arithmetic left in float.

Each weight of a Conv, Gemm or MatMul becomes an int8 initializer, one scale
per output channel, and a DequantizeLinear which bears the weight's old name:
every consumer, in subgraphs too, stays as it was. Two options bring the result
nearer to the original: `search_scales` chooses scales by their squared error, and
`calibration` corrects what the rounding does to the mean of each channel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, helper, numpy_helper

from .correct_biases import Feed, correct_biases
from .search_scales import search_scales as find_scales

LEVELS = 127
FIRST_OPSET_WITH_AXIS = 13


@dataclass(frozen=True)
class Quantized:
    values: np.ndarray  # int8
    scale: np.ndarray  # float32, one per output channel


def quantize_per_channel(
    weight: np.ndarray, axis: int, *, search_scales: bool = False
) -> Quantized:
    """Symmetric: the largest absolute value of a channel becomes ±127, or more than that."""
    if not np.isfinite(weight).all():
        raise ValueError("a weight is not finite")
    others = tuple(i for i in range(weight.ndim) if i != axis)
    largest = np.abs(weight.astype(np.float64)).max(axis=others)
    scale = (largest / LEVELS).astype(np.float32)
    scale[scale == 0] = 1
    if search_scales:
        channels = np.moveaxis(weight, axis, 0).reshape(len(scale), -1)
        scale = find_scales(channels.astype(np.float64), scale, LEVELS)
    steps = np.rint(weight.astype(np.float64) / _along(scale, axis, weight.ndim))
    return Quantized(np.clip(steps, -LEVELS, LEVELS).astype(np.int8), scale)


def dequantize(quantized: Quantized, axis: int) -> np.ndarray:
    values = quantized.values.astype(np.float32)
    return values * _along(quantized.scale, axis, values.ndim)


def quantize_weights(
    model: ModelProto, *, search_scales: bool = False, calibration: Sequence[Feed] = ()
) -> int:
    """
    Changes the model in place; returns the number of weights made int8.

    `calibration` are inputs like those that the model will see; with them the
    biases of convolutions are corrected, see `correct_biases`.
    """
    opset = next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    if opset < FIRST_OPSET_WITH_AXIS:
        raise ValueError(f"opset {opset}: DequantizeLinear takes an axis from 13 on")
    ranks = {
        i.name: len(i.dims) for g in _graphs(model.graph) for i in g.initializer
    }
    axes = _output_channel_axes(model.graph, ranks)
    original = ModelProto.FromString(model.SerializeToString())
    graphs = list(_graphs(model.graph))
    count = sum(_quantize_graph(graph, axes, search_scales) for graph in graphs)
    if len(calibration) > 0:
        correct_biases(original, model, calibration)
    return count


def _quantize_graph(graph: GraphProto, axes: dict[str, int], search_scales: bool) -> int:
    fed_from_outside = {i.name for i in graph.input}
    kept, added, nodes = [], [], []
    for initializer in graph.initializer:
        name = initializer.name
        is_float = initializer.data_type == onnx.TensorProto.FLOAT
        if name not in axes or name in fed_from_outside or not is_float:
            kept.append(initializer)
            continue
        axis = axes[name]
        weight = numpy_helper.to_array(initializer)
        quantized = quantize_per_channel(weight, axis, search_scales=search_scales)
        parts = {
            f"{name}_int8": quantized.values,
            f"{name}_scale": quantized.scale,
            f"{name}_zero": np.zeros(quantized.scale.shape, np.int8),
        }
        added += [numpy_helper.from_array(value, key) for key, value in parts.items()]
        nodes.append(
            helper.make_node(
                "DequantizeLinear", list(parts), [name], name=f"{name}_dequantize", axis=axis
            )
        )
    _replace(graph.initializer, kept + added)
    _replace(graph.node, nodes + list(graph.node))
    return len(nodes)


def _output_channel_axes(graph: GraphProto, ranks: dict[str, int]) -> dict[str, int]:
    """Axis per weight; a weight used along two different axes is left out."""
    seen: dict[str, set[int]] = {}
    for inner in _graphs(graph):
        for node in inner.node:
            if len(node.input) > 1 and node.input[1] in ranks:
                axis = _axis(node, ranks[node.input[1]])
                if axis is not None:
                    seen.setdefault(node.input[1], set()).add(axis)
    return {name: next(iter(axes)) for name, axes in seen.items() if len(axes) == 1}


def _axis(node: NodeProto, rank: int) -> int | None:
    if node.op_type == "Conv":
        return 0
    if node.op_type == "Gemm":
        transposed = any(a.name == "transB" and a.i for a in node.attribute)
        return 0 if transposed else 1
    if node.op_type == "MatMul" and rank >= 2:
        return rank - 1
    return None


def _graphs(graph: GraphProto) -> Iterator[GraphProto]:
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.type == AttributeProto.GRAPH:
                yield from _graphs(attribute.g)
            elif attribute.type == AttributeProto.GRAPHS:
                for inner in attribute.graphs:
                    yield from _graphs(inner)


def _replace(field, items: list) -> None:
    copies = [type(item).FromString(item.SerializeToString()) for item in items]
    del field[:]
    field.extend(copies)


def _along(scale: np.ndarray, axis: int, rank: int) -> np.ndarray:
    shape = [1] * rank
    shape[axis] = -1
    return scale.reshape(shape)
