"""How likely it is that the documents answer a question, from what was found for it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.citations import dutch_date
from assistant.dutch import terms
from assistant.intent import intent
from assistant.lexical import Postings
from assistant.reranker import from_late
from assistant.schema import Hit, Status

COEFFICIENTS = Path(__file__).parent / "models" / "calibration.json"

FEATURES = ("score", "dense", "late", "gap", "reread", "unknown", "number", "wants_fact")

_NUMBER = re.compile(r"\d+")


def features(question: str, hits: Sequence[Hit], words: Postings) -> dict[str, float]:
    """What the estimate looks at.

    `score`, `dense` and `late` of the best hit, and by how much it leads the fifth (`gap`); `reread`: the reranker's
    log-odds of the likeliest sentence of the first three; `unknown`: the part of the question's idf whose terms stand
    in no document; `number`: whether the question has a number that the best passage has not; `wants_fact`: it asks for
    a number, a time or a person.
    """
    best = hits[0]
    asked = dict.fromkeys(terms(question))
    total = sum(words.idf_of(term) for term in asked) or 1.0
    unknown = sum(words.idf_of(term) for term in asked if term not in words.vocabulary)
    passage = best.passage
    said = f"{passage.heading} {passage.lead_in} {passage.text} {passage.date} {dutch_date(passage.date)}"
    wanted = intent(question)
    return {
        "score": best.score,
        "dense": best.dense,
        "late": best.late,
        "gap": best.score - hits[min(4, len(hits) - 1)].score,
        "reread": max(max(hit.reread or map(from_late, hit.late_sentences)) for hit in hits[:3]),
        "unknown": unknown / total,
        "number": float(not set(_NUMBER.findall(question)) <= set(_NUMBER.findall(said))),
        "wants_fact": float(wanted.number or wanted.date or wanted.person),
    }


@lru_cache(maxsize=1)
def _coefficients() -> dict[str, float]:
    coefficients: dict[str, float] = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return coefficients


def probability(values: Mapping[str, float]) -> float:
    """Logistic regression over the features, 0..1; fitted by `training/calibrate.py`."""
    coefficients = _coefficients()
    logit = coefficients["intercept"] + sum(coefficients[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))


def status(chance: float) -> Status:
    """The outcome for a probability."""
    coefficients = _coefficients()
    if chance >= coefficients["answered_from"]:
        return "answered"
    return "partial" if chance >= coefficients["partial_from"] else "not_found"
