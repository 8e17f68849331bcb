"""Writes tiny-sums.onnx and its external data: sum = x + w and square = x * x, for x of any length.

Only a length of 4 fits w, so that any other makes a run fail inside the runtime.

    pip install onnx==1.23.2 numpy==2.4.6
    python make-tiny-sums.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
DATA = "tiny-sums.data"


def main() -> None:
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "w"], ["sum"]), helper.make_node("Mul", ["x", "x"], ["square"])],
        "sums",
        [value("x", TensorProto.FLOAT, ["n"])],
        [value("sum", TensorProto.FLOAT, ["n"]), value("square", TensorProto.FLOAT, ["n"])],
        [numpy_helper.from_array(np.array([10, 20, 30, 40], np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (HERE / DATA).unlink(missing_ok=True)
    onnx.save_model(
        model,
        HERE / "tiny-sums.onnx",
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=DATA,
        size_threshold=0,
    )


main()
