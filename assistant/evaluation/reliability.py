"""Whether a probability means what it says: of the questions that get 70%, seven in ten should be answerable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.intervals import Estimate, wilson

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose probability lies in a range.

    Attributes:
        low, high: the range, 0..1; a probability of exactly `high` is in the next bin, but 1 is in the last.
        said: mean of the probabilities.
        came_true: share of the questions that are answerable.
    """

    low: float
    high: float
    said: float
    came_true: Estimate


@dataclass(frozen=True, slots=True)
class Reliability:
    """Probabilities against outcomes.

    Attributes:
        bins: those that hold any question, in ascending order.
        error: expected calibration error, 0..1: the mean of |said - came true| over the bins, by number of questions.
    """

    bins: tuple[Bin, ...]
    error: float


def reliability(said: Sequence[tuple[float, bool]]) -> Reliability:
    """Put probabilities in `BINS` bins of equal width and compare each bin with what came true.

    Source: Guo et al., On calibration of modern neural networks (ICML 2017).

    Args:
        said: for each question the probability (0..1) that it is answerable, and whether it is.

    Raises:
        ValueError: there are no questions, or a probability is no probability.
    """
    if not said or not all(0 <= chance <= 1 for chance, _ in said):
        raise ValueError("reliability needs questions with probabilities from 0 to 1")
    bins = []
    for number in range(BINS):
        members = [pair for pair in said if min(int(pair[0] * BINS), BINS - 1) == number]
        if members:
            mean = sum(chance for chance, _ in members) / len(members)
            came_true = wilson(sum(outcome for _, outcome in members), len(members))
            bins.append(Bin(number / BINS, (number + 1) / BINS, mean, came_true))
    error = sum(part.came_true.n * abs(part.said - part.came_true.mean) for part in bins) / len(said)
    return Reliability(tuple(bins), error)
