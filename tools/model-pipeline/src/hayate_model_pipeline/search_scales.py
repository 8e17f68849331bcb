"""The int8 scale of each channel whose rounded weights are nearest to the weights."""

import numpy as np

# Shares of the plain scale, which is among them: what is found is never worse.
# Smaller scales clip outliers and round the rest more finely. Larger ones clip
# nothing, and with few weights a channel, one of them often fits by chance.
SHARES = np.concatenate([[1.0], np.linspace(0.6, 1.3, 1401)])


def search_scales(channels: np.ndarray, plain: np.ndarray, levels: int) -> np.ndarray:
    """
    Of the candidates the one with the least squared error, per channel.

    `channels` is (channel, weight) in float64, `plain` the scale that makes the
    largest absolute value of a channel ±`levels`.
    """
    best = plain.astype(np.float32)
    least = np.full(len(plain), np.inf)
    for share in SHARES:
        scale = (plain * share).astype(np.float32)
        steps = np.clip(np.rint(channels / scale[:, None]), -levels, levels)
        error = ((steps * scale[:, None].astype(np.float64) - channels) ** 2).sum(axis=1)
        better = error < least
        best[better], least[better] = scale[better], error[better]
    return best
