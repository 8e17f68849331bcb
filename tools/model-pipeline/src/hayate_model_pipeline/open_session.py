"""ONNX Runtime as @hayate/runtime starts it, on one thread of a CPU."""

from pathlib import Path

import onnxruntime


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums in the same order every time
    options.log_severity_level = 3  # not every constant that a graph does not use
    # Dequantized weights are folded, not computed in every run.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
