"""How likely it is that the documents answer a question, from what was found for it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from assistant.dutch import content_words, stem, word_terms
from assistant.intent import intent
from assistant.lexical import Postings
from assistant.schema import Hit, Status

COEFFICIENTS = Path(__file__).parent / "models" / "calibration.json"

FEATURES = ("score", "dense", "sentence", "bm25", "ngram", "coverage", "known", "gap", "type_fits")

_HAS_NUMBER = re.compile(
    r"\d|\b(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|honderd|duizend|miljoen|helft|kwart)\b"
)
_HAS_DATE = re.compile(
    r"\d{1,2}[-/ ](?:\d{1,2}[-/ ])?\d{2,4}|\b(?:19|20)\d{2}\b"
    r"|\b(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)\b"
)


def features(question: str, hits: Sequence[Hit], words: Postings) -> dict[str, float]:
    """What the estimate looks at.

    score, dense, bm25, ngram: of the best hit; sentence: its best sentence's cosine; coverage: idf-weighted share of
    the question's content words in the three best passages; known: share of them that occur in the documents at all; gap: by how much the best hit leads the fifth; type_fits: 0 if a number or date is asked and the best
    passage has none.
    """
    best = hits[0]
    asked = dict.fromkeys(content_words(question))
    found = {term for hit in hits[:3] for word in content_words(hit.passage.text) for term in word_terms(word)}
    weights = {word: words.idf_of(stem(word)) for word in asked}
    covered = sum(weight for word, weight in weights.items() if any(term in found for term in word_terms(word)))
    known = [any(term in words.vocabulary for term in word_terms(word)) for word in asked]
    wanted = intent(question)
    text = best.passage.text.casefold()
    misses = (wanted.number and not _HAS_NUMBER.search(text)) or (wanted.date and not _HAS_DATE.search(text))
    return {
        "score": best.score,
        "dense": best.dense,
        "sentence": max(best.sentence_scores),
        "bm25": best.bm25,
        "ngram": best.ngram,
        "coverage": covered / (sum(weights.values()) or 1.0),
        "known": sum(known) / (len(known) or 1),
        "gap": best.score - hits[min(4, len(hits) - 1)].score,
        "type_fits": 0.0 if misses else 1.0,
    }


@lru_cache(maxsize=1)
def _coefficients() -> dict[str, float]:
    coefficients: dict[str, float] = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return coefficients


def probability(values: dict[str, float]) -> float:
    """Logistic regression over the features; fitted by `training/calibrate.py`."""
    coefficients = _coefficients()
    logit = coefficients["intercept"] + sum(coefficients[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))


def status(chance: float) -> Status:
    """The outcome for a probability: answered, partial or not_found."""
    coefficients = _coefficients()
    if chance >= coefficients["answered_from"]:
        return "answered"
    return "partial" if chance >= coefficients["partial_from"] else "not_found"
