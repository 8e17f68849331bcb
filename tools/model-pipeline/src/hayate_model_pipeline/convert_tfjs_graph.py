"""TensorFlow.js graph to ONNX, for the operations of a convolutional detector.

TensorFlow keeps channels last, ONNX convolves channels first. Pictures (tensors
of four axes) are turned once, at the input, and turned back where their order
counts: before a Reshape. What this does not know is refused.
"""

import numpy as np
from onnx import ModelProto, TensorProto

from .onnx_graph import OnnxGraph
from .read_tfjs_graph import TfjsGraph, TfjsNode

# TensorFlow's floor is ONNX's `Div` and `Mod` for whole numbers that are not negative.
SAME_INPUTS = {
    "Add": "Add",
    "Equal": "Equal",
    "FloorDiv": "Div",
    "FloorMod": "Mod",
    "Identity": "Identity",
    "Mul": "Mul",
    "Relu": "Relu",
    "Sigmoid": "Sigmoid",
    "Sub": "Sub",
}
ELEMENT_TYPES = {"DT_FLOAT": TensorProto.FLOAT, "DT_INT32": TensorProto.INT64}


def convert_tfjs_graph(
    graph: TfjsGraph, input_name: str, output: str, output_name: str
) -> ModelProto:
    """The part of the graph that computes `output` from its placeholder, a picture (1, H, W, C)."""
    converter = _Converter(graph, input_name)
    for node in _needed(graph.nodes, output):
        converter.convert(node)
    return converter.finish(output, output_name)


def _needed(nodes: list[TfjsNode], output: str) -> list[TfjsNode]:
    wanted, needed = {output}, []
    for node in reversed(nodes):
        if node.name in wanted:
            needed.append(node)
            wanted |= {name.split(":")[0] for name in node.inputs}
    return needed[::-1]


class _Converter:
    def __init__(self, graph: TfjsGraph, input_name: str) -> None:
        self._constants = graph.constants
        self._graph = OnnxGraph(input_name)
        self._emit, self._store = self._graph.emit, self._graph.store
        self._input, self._input_shape = input_name, [0]
        self._sides: dict[str, tuple[int, int]] = {}  # height, width of each picture

    def convert(self, node: TfjsNode) -> None:
        if node.op in SAME_INPUTS:
            sides = [self._sides[name] for name in node.inputs if name in self._sides]
            if sides:
                self._refuse_vectors(node)
                self._sides[node.name] = max(sides)
            self._emit(SAME_INPUTS[node.op], node.name, self._read(*node.inputs))
            return
        handler = getattr(self, f"_{node.op.strip('_')}", None)
        if handler is None:
            raise NotImplementedError(f"{node.op} ({node.name})")
        handler(node)

    def finish(self, output: str, output_name: str) -> ModelProto:
        self._emit("Identity", output_name, [output])
        return self._graph.model(self._input_shape, output_name)

    def _read(self, *names: str) -> list[str]:
        """Names of tensors in ONNX; constants are stored when they are first read."""
        return [self._store(n, self._constants[n]) if n in self._constants else n for n in names]

    def _refuse_vectors(self, node: TfjsNode) -> None:
        """Constants that would meet another axis of a picture that has been turned."""
        constants = [self._constants[name] for name in node.inputs if name in self._constants]
        if any(values.size > 1 for values in constants):
            raise NotImplementedError(f"{node.name} takes a picture and a vector")

    def _Placeholder(self, node: TfjsNode) -> None:
        dims = node.attributes["shape"]["shape"]["dim"]
        self._input_shape = [int(dim["size"]) for dim in dims]
        self._sides[node.name] = (self._input_shape[1], self._input_shape[2])
        self._emit("Transpose", node.name, [self._input], perm=[0, 3, 1, 2])

    def _Conv2D(self, node: TfjsNode) -> None:
        self._convolve(node, self._constants[node.inputs[1]].transpose(3, 2, 0, 1), 1)

    def _DepthwiseConv2dNative(self, node: TfjsNode) -> None:
        weight = self._constants[node.inputs[1]]
        height, width, channels, each = weight.shape
        weight = weight.transpose(2, 3, 0, 1).reshape(channels * each, 1, height, width)
        self._convolve(node, weight, channels)

    _FusedConv2D = _Conv2D
    _FusedDepthwiseConv2dNative = _DepthwiseConv2dNative

    def _convolve(self, node: TfjsNode, weight: np.ndarray, group: int) -> None:
        fused = node.texts("fused_ops")
        if fused not in ([], ["BiasAdd"], ["BiasAdd", "Relu"]) or node.ints("dilations") != [1] * 4:
            raise NotImplementedError(f"{node.name} is fused with {fused}, or dilated")
        target = f"{node.name}/linear" if "Relu" in fused else node.name
        inputs = [self._store(node.inputs[1], weight), *self._read(*node.inputs[2:])]
        self._slide("Conv", node, target, inputs, list(weight.shape[2:]), group=group)
        if "Relu" in fused:
            self._emit("Relu", node.name, [target])

    def _MaxPool(self, node: TfjsNode) -> None:
        self._slide("MaxPool", node, node.name, [], node.ints("ksize")[1:3])

    def _slide(
        self,
        op: str,
        node: TfjsNode,
        target: str,
        others: list[str],
        window: list[int],
        **attributes,
    ) -> None:
        """A window over a picture, padded as TensorFlow does: the odd row or column comes last."""
        picture = node.inputs[0]
        strides = node.ints("strides")[1:3]
        padding = node.text("padding")
        if padding not in ("SAME", "VALID"):
            raise NotImplementedError(f"{node.name} is padded by numbers of its own")
        same = padding == "SAME"
        begin, end, sides = [], [], []
        for side, size, stride in zip(self._sides[picture], window, strides, strict=True):
            steps = -(-side // stride) if same else (side - size) // stride + 1
            missing = max((steps - 1) * stride + size - side, 0) if same else 0
            begin.append(missing // 2)
            end.append(missing - missing // 2)
            sides.append(steps)
        self._sides[node.name] = (sides[0], sides[1])
        attributes |= {"kernel_shape": window, "strides": strides, "pads": begin + end}
        self._emit(op, target, [picture, *others], **attributes)

    def _Relu6(self, node: TfjsNode) -> None:
        self._sides[node.name] = self._sides[node.inputs[0]]
        bounds = [self._store(f"relu6/{n}", np.float32(n)) for n in (0, 6)]
        self._emit("Clip", node.name, [node.inputs[0], *bounds])

    def _Mean(self, node: TfjsNode) -> None:
        if self._constants[node.inputs[1]].tolist() != [1, 2] or not node.flag("keep_dims"):
            raise NotImplementedError(f"{node.name} is no mean over a picture")
        self._sides[node.name] = (1, 1)
        self._emit("GlobalAveragePool", node.name, node.inputs[:1])

    def _ResizeBilinear(self, node: TfjsNode) -> None:
        if node.flag("align_corners") or node.flag("half_pixel_centers"):
            raise NotImplementedError(f"{node.name} samples at other places")
        height, width = self._constants[node.inputs[1]].tolist()
        before = self._sides[node.inputs[0]]
        factors = np.array([1, 1, height / before[0], width / before[1]], np.float32)
        self._sides[node.name] = (height, width)
        scales = self._store(f"{node.name}/scales", factors)
        places = {"mode": "linear", "coordinate_transformation_mode": "asymmetric"}
        self._emit("Resize", node.name, [node.inputs[0], "", scales], **places)

    def _ConcatV2(self, node: TfjsNode) -> None:
        *parts, axis_name = node.inputs
        axis = int(self._constants[axis_name])
        if parts[0] in self._sides:
            self._sides[node.name] = self._sides[parts[0]]
            axis = [0, 2, 3, 1][axis]
        self._emit("Concat", node.name, self._read(*parts), axis=axis)

    def _Reshape(self, node: TfjsNode) -> None:
        source, shape = self._read(*node.inputs)
        if source in self._sides:
            self._emit("Transpose", f"{node.name}/rows", [source], perm=[0, 2, 3, 1])
            source = f"{node.name}/rows"
        self._emit("Reshape", node.name, [source, shape])

    def _Cast(self, node: TfjsNode) -> None:
        if node.inputs[0] in self._sides:
            self._sides[node.name] = self._sides[node.inputs[0]]
        to = ELEMENT_TYPES[node.attributes["DstT"]["type"]]
        self._emit("Cast", node.name, node.inputs, to=to)

    def _ExpandDims(self, node: TfjsNode) -> None:
        axis = self._store(node.inputs[1], self._constants[node.inputs[1]].reshape(1))
        self._emit("Unsqueeze", node.name, [node.inputs[0], axis])

    def _TopKV2(self, node: TfjsNode) -> None:
        count = self._store(node.inputs[1], self._constants[node.inputs[1]].reshape(1))
        self._emit("TopK", node.name, [node.inputs[0], count], [node.name, f"{node.name}:1"])

    def _GatherV2(self, node: TfjsNode) -> None:
        axis = int(self._constants[node.inputs[2]])
        self._emit("Gather", node.name, self._read(*node.inputs[:2]), axis=axis)

    def _StridedSlice(self, node: TfjsNode) -> None:
        """Of what the detectors use: the first axes whole, a part of the last one."""
        begin, end, step = (self._constants[name].tolist() for name in node.inputs[1:])
        whole = [int(node.attributes[f"{edge}_mask"]["i"]) for edge in ("begin", "end")]
        if whole != [2 ** (len(begin) - 1) - 1] * 2 or step != [1] * len(begin):
            raise NotImplementedError(f"{node.name} cuts more than the last axis")
        edges = {"start": begin[-1:], "end": end[-1:], "axis": [-1]}
        names = [self._store(f"{node.name}/{n}", np.array(v)) for n, v in edges.items()]
        self._emit("Slice", node.name, [node.inputs[0], *names])
