"""What an evaluation yields: frozen values, and the table of metrics with their Dutch names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.intervals import Estimate
from assistant.evaluation.questions import Question
from assistant.evaluation.reliability import Reliability
from assistant.schema import Answer

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric of the report.

    Attributes:
        label: Dutch name for the report.
        better: which direction is an improvement.
        share: a value 0..1, shown as a percentage; otherwise a plain number.
        decimals: of a plain number.
    """

    label: str
    better: Better = "higher"
    share: bool = True
    decimals: int = 2


METRICS: Mapping[str, Metric] = {
    "hit@1": Metric("juiste passage bovenaan"),
    "hit@3": Metric("juiste passage bij de eerste drie"),
    "hit@5": Metric("juiste passage bij de eerste vijf"),
    "mrr@10": Metric("plek van de eerste juiste passage", share=False),
    "ndcg@10": Metric("volgorde van alle juiste passages", share=False),
    "recall@5": Metric("deel van de vindplaatsen bij de eerste vijf"),
    "citation_recall": Metric("deel van de vindplaatsen dat wordt geciteerd"),
    "gold_quoted": Metric("antwoord citeert minstens één verwachte zin"),
    "citation_precision": Metric("deel van de citaten dat bij de vraag past"),
    "character_precision": Metric("deel van de geciteerde tekens dat bij de vraag past"),
    "must_include": Metric("deel van de nodige woorden dat in het antwoord staat"),
    "words": Metric("woorden per antwoord", better="neither", share=False, decimals=0),
    "words_prose": Metric("woorden per antwoord, zonder opsommingsvragen", better="neither", share=False, decimals=0),
    "hedged": Metric("antwoord met voorbehoud (‘gedeeltelijk’)", better="neither"),
    "wrong_refusal": Metric("ten onrechte ‘niet gevonden’", better="lower"),
    "right_refusal": Metric("terecht ‘niet gevonden’"),
    "partial": Metric("gaf iets verwants en zei dat erbij", better="neither"),
    "wrong_answer": Metric("antwoord waar er geen is", better="lower"),
    "right_voice": Metric("standpuntvragen: deel van de citaten van de juiste spreker"),
    "positions_found": Metric("standpuntvragen: deel van de vindplaatsen in het overzicht van standpunten"),
    "verbatim": Metric("citaten die letterlijk in het document staan"),
    "sound_marks": Metric("antwoorden waarin alle verwijzingen kloppen"),
}
"""By the field's name, in the order of the report; a question has a score only for the metrics that apply to it."""

HEADLINES = ("citation_recall", "citation_precision", "must_include", "right_refusal", "wrong_refusal")
"""The five that matter most: complete, to the point, correct, and honest in both directions."""


def best_rank(scores: Mapping[str, float]) -> int | None:
    """Rank (1..10) of the first passage with a gold item, from 'mrr@10'; None if there was none or nothing to find."""
    reciprocal = scores.get("mrr@10", 0.0)
    return round(1 / reciprocal) if reciprocal else None


@dataclass(frozen=True, slots=True)
class Row:
    """One question, its answer and what was measured on it.

    Attributes:
        question: the question.
        answer: what the assistant made of it.
        scores: by name in `METRICS`; those that do not apply are absent.
        quality: one figure (0..1) to put questions in order.
        low_overlap: answerable, and at most a third of its content words stand in the gold quotes.
        seconds: time the answer took.
    """

    question: Question
    answer: Answer
    scores: Mapping[str, float]
    quality: float
    low_overlap: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Group:
    """A set of questions and, for each metric that applies to any of them, its mean with interval."""

    name: str
    questions: int
    metrics: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Versus:
    """One metric on follow-up questions and on first questions, and the former minus the latter."""

    first: Estimate
    followup: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds within which half and 95% of the answers came."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of an evaluation.

    Attributes:
        rows: one for each question, in the order of the set.
        total: all questions.
        categories: those that occur, in the order of `CATEGORIES`.
        low_overlap: the answerable questions worded quite differently from the text.
        followups: follow-up against first questions, by name of metric; empty when either did not occur.
        reliability: of `Answer.probability` as the chance that the documents answer the question.
        latency: over all questions, after warming up.
    """

    rows: tuple[Row, ...]
    total: Group
    categories: tuple[Group, ...]
    low_overlap: Group
    followups: Mapping[str, Versus]
    reliability: Reliability
    latency: Latency
