"""The time of one model as a share of another's, measured side by side."""

import time
from pathlib import Path

import numpy as np

from .open_session import open_session

ROUNDS = 100


def time_ratio(model: Path, original: Path) -> float:
    """Ratio of the medians of runs by turns, in ONNX Runtime on one thread of a CPU."""
    sessions = [open_session(path) for path in (model, original)]
    spent: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        for session, times in zip(sessions, spent, strict=True):
            feed = {i.name: np.zeros(i.shape, np.float32) for i in session.get_inputs()}
            start = time.perf_counter()
            session.run(None, feed)
            times.append(time.perf_counter() - start)
    return float(np.median(spent[0]) / np.median(spent[1]))
