"""One ONNX classifier in ONNX Runtime."""

from pathlib import Path

import numpy as np
import onnxruntime


class Classifier:
    def __init__(self, path: Path) -> None:
        self._session = onnxruntime.InferenceSession(
            path, providers=["CPUExecutionProvider"]
        )
        self.input = self._session.get_inputs()[0].name
        self.output = self._session.get_outputs()[0].name

    def logits(self, tensor: np.ndarray) -> np.ndarray:
        return self._session.run([self.output], {self.input: tensor})[0]


def softmax(logits: np.ndarray) -> np.ndarray:
    exponents = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    return exponents / exponents.sum(axis=-1, keepdims=True)


def top(logits: np.ndarray, count: int) -> np.ndarray:
    """Indices, best first; of equal logits the lower index first."""
    return np.argsort(-logits, axis=-1, kind="stable")[..., :count]
