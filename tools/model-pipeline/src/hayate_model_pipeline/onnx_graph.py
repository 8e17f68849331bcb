"""An ONNX graph that is written node by node."""

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


class OnnxGraph:
    """With one input and one output, both float32."""

    def __init__(self, input_name: str) -> None:
        self._input = input_name
        self._nodes: list[NodeProto] = []
        self._stored: dict[str, np.ndarray] = {}

    def emit(
        self,
        op: str,
        name: str,
        inputs: list[str],
        outputs: list[str] | None = None,
        **attributes,
    ) -> None:
        """A node, whose output has its name unless `outputs` has others."""
        self._nodes.append(helper.make_node(op, inputs, outputs or [name], name=name, **attributes))

    def store(self, name: str, values: np.ndarray) -> str:
        """Keeps a constant; gives its name."""
        self._stored[name] = np.ascontiguousarray(values)
        return name

    def model(self, input_shape: list[int], output: str) -> ModelProto:
        value = helper.make_tensor_value_info
        model = helper.make_model(
            helper.make_graph(
                self._nodes,
                output,
                [value(self._input, TensorProto.FLOAT, input_shape)],
                [value(output, TensorProto.FLOAT, None)],
                [numpy_helper.from_array(values, name) for name, values in self._stored.items()],
            ),
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="hayate-model-pipeline",
        )
        model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
        del model.graph.value_info[:]
        onnx.checker.check_model(model)
        return model
