"""Uncertainty of means: bootstrap intervals over questions, and percentiles.

Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 5_000
SEED = 20231


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95% interval, over `n` questions."""

    mean: float
    low: float
    high: float
    n: int


def bootstrap_mean(values: Sequence[float]) -> Estimate:
    """Mean of per-question values with a percentile bootstrap 95% interval.

    Questions are drawn with replacement, as many as there are, `RESAMPLES` times with a fixed seed; the interval runs
    from the 2.5th to the 97.5th percentile of the means. It has no width when all values are equal, so with few
    questions it promises more than it knows.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("a mean needs at least one value")
    array = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(array), size=(RESAMPLES, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(array.mean()), float(low), float(high), len(array))


def bootstrap_difference(current: Sequence[float], baseline: Sequence[float]) -> Estimate:
    """Mean of current minus baseline on the same questions in the same order, with its paired bootstrap interval.

    Pairing takes the difference in difficulty between questions out, so that a small but steady change shows.

    Raises:
        ValueError: the two are not equally long, or empty.
    """
    return bootstrap_mean([now - before for now, before in zip(current, baseline, strict=True)])


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..100) percent of the values lie, linear between neighbours.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    return float(np.percentile(np.asarray(values, dtype=np.float64), share))
