"""Compares an evaluation with a former one, question by question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import EvaluationError
from assistant.evaluation.intervals import Estimate, bootstrap_difference
from assistant.evaluation.results import METRICS, Better, Latency, Report, best_rank
from assistant.schema import Status

DECIMALS = 4
"""Decimals of every figure in a report; both sides of a comparison have them, or rounding would look like change."""

Verdict = Literal["better", "worse", "unclear", "none"]


class BaselineRow(BaseModel):
    """What a comparison needs of one question in a former `report.json`."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    id: str
    fingerprint: str
    status: Status
    quality: float
    scores: Mapping[str, float]


class BaselineLatency(BaseModel):
    """Seconds, as in `Latency`."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    p50: float
    p95: float


class Baseline(BaseModel):
    """What a comparison needs of a former `report.json`."""

    model_config = ConfigDict(frozen=True)

    latency: BaselineLatency
    rows: tuple[BaselineRow, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Current minus baseline for one metric, over the questions that have it in both, and what that means.

    The verdict is 'unclear' when the interval holds 0, and 'none' for a metric that has no better or worse.
    """

    estimate: Estimate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """A question whose answer is better or worse than it was.

    Attributes:
        id, question: which question.
        before, after: status of the answer.
        rank_before, rank_after: place of the first right passage (1..10); None if there was none, or nothing to find.
        gain: quality after minus quality before, -1..1, never 0.
    """

    id: str
    question: str
    before: Status
    after: Status
    rank_before: int | None
    rank_after: int | None
    gain: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """An evaluation against a former one.

    Attributes:
        differences: by name of metric, in the order of `METRICS`; only those both have.
        better, worse: questions that changed, greatest change first.
        compared: number of questions that are equal in both sets.
        left_out: ids of questions that are new, gone or changed.
        latency_before: of the former evaluation; never a verdict, since machines differ.
    """

    differences: Mapping[str, Difference]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    compared: int
    left_out: tuple[str, ...]
    latency_before: Latency

    @property
    def regressed(self) -> bool:
        """Whether any metric became worse beyond chance: its whole interval lies on the wrong side of 0.

        Each of some eighteen metrics has a chance of 2.5%, so up to four in ten changes that do no harm are called a
        regression; look at the questions before undoing one.
        """
        return any(difference.verdict == "worse" for difference in self.differences.values())


def load_baseline(path: Path) -> Baseline:
    """Read a former `report.json`.

    Raises:
        EvaluationError: it cannot be read or is no such report.
    """
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise EvaluationError(f"{path}: de vorige meting is niet te lezen ({error.strerror}).") from error
    except ValidationError as error:
        raise EvaluationError(
            f"{path}: dit is geen meting van deze assistent. Kies een report.json die `evaluate` heeft gemaakt."
        ) from error


def compare(report: Report, baseline: Baseline) -> Comparison:
    """Compare on the questions that are the same in both: same id, wording, history, gold and required words.

    Raises:
        EvaluationError: there is no such question.
    """
    before = {(row.id, row.fingerprint): row for row in baseline.rows}
    pairs = [
        (row, before[key]) for row in report.rows if (key := (row.question.id, row.question.fingerprint)) in before
    ]
    if not pairs:
        raise EvaluationError("De vorige meting heeft geen enkele vraag gelijk met deze. Kies een andere report.json.")
    same = {old.id for _, old in pairs}
    changes = [
        Change(
            id=old.id,
            question=row.question.question,
            before=old.status,
            after=row.answer.status,
            rank_before=best_rank(old.scores),
            rank_after=best_rank(row.scores),
            gain=gain,
        )
        for row, old in pairs
        if (gain := round(round(row.quality, DECIMALS) - old.quality, DECIMALS))
    ]
    return Comparison(
        differences=_differences([(row.scores, old.scores) for row, old in pairs]),
        better=tuple(sorted((c for c in changes if c.gain > 0), key=lambda c: (-c.gain, c.id))),
        worse=tuple(sorted((c for c in changes if c.gain < 0), key=lambda c: (c.gain, c.id))),
        compared=len(pairs),
        left_out=tuple(sorted(({row.question.id for row in report.rows} | {row.id for row in baseline.rows}) - same)),
        latency_before=Latency(baseline.latency.p50, baseline.latency.p95),
    )


def _differences(pairs: list[tuple[Mapping[str, float], Mapping[str, float]]]) -> dict[str, Difference]:
    differences = {}
    for name, metric in METRICS.items():
        both = [(round(now[name], DECIMALS), old[name]) for now, old in pairs if name in now and name in old]
        if both:
            estimate = bootstrap_difference(*zip(*both, strict=True))
            differences[name] = Difference(estimate, _verdict(estimate, metric.better))
    return differences


def _verdict(estimate: Estimate, better: Better) -> Verdict:
    if better == "neither":
        return "none"
    if estimate.low <= 0 <= estimate.high:
        return "unclear"
    return "better" if (estimate.low > 0) == (better == "higher") else "worse"
