"""ONNX Runtime as @hayate/runtime starts it for the models made here, on one thread of a CPU."""

from pathlib import Path

import onnxruntime

# What the manifests ask of ONNX Runtime, too, so that the same graph is measured here.
SESSION_CONFIG = {"session.disable_quant_qdq": "1"}


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums in the same order every time
    options.log_severity_level = 3  # not every constant that a graph does not use
    for name, value in SESSION_CONFIG.items():
        options.add_session_config_entry(name, value)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
