"""Uncertainty of means: bootstrap intervals over questions, and percentiles.

Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

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


def bootstrap_between(current: Sequence[float], other: Sequence[float]) -> Estimate:
    """Mean of `current` minus mean of `other`, two sets of different questions, with its bootstrap 95% interval.

    Each set is drawn from by itself; `n` is the size of the smaller one, which decides how sure the figure is.

    Raises:
        ValueError: one of them has no values.
    """
    if not current or not other:
        raise ValueError("a difference of means needs at least one value on both sides")
    generator = np.random.default_rng(SEED)
    means = []
    for values in (current, other):
        array = np.asarray(values, dtype=np.float64)
        means.append(array[generator.integers(0, len(array), size=(RESAMPLES, len(array)))].mean(axis=1))
    low, high = np.percentile(means[0] - means[1], [2.5, 97.5])
    difference = float(np.mean(current) - np.mean(other))
    return Estimate(difference, float(low), float(high), min(len(current), len(other)))


def wilson(successes: int, n: int) -> Estimate:
    """Share `successes / n` with its Wilson 95% interval, which has width even when all are equal.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference (JASA 1927).

    Raises:
        ValueError: n is 0, or there are more successes.
    """
    interval = binomtest(successes, n).proportion_ci(method="wilson")
    return Estimate(successes / n, float(interval.low), float(interval.high), n)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..100) percent of the values lie, linear between neighbours.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("a percentile needs at least one value")
    return float(np.percentile(np.asarray(values, dtype=np.float64), share))
