"""How likely it is that a sentence of a passage that was found is part of the answer."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from pathlib import Path

from assistant.dutch import fold, terms
from assistant.intent import has_what_is_asked
from assistant.lexical import Postings
from assistant.schema import Hit

COEFFICIENTS = Path(__file__).parent / "models" / "relevance.json"

FEATURES = (
    "cosine",
    "cosine_gap",
    "late",
    "late_gap",
    "share",
    "behind",
    "score",
    "lacks_fact",
    "leans_back",
    "length",
)

_LEANS_BACK = re.compile(
    r"^(?:dit|dat|deze|die|zij|ze|hij|het|daarmee|daarom|daardoor|daarnaast|daarbij|hierdoor|hierbij|hiermee|tegelijkertijd"
    r"|bovendien|ook|zo|dus|maar|en|echter|immers|bijvoorbeeld|omgekeerd|een daarvan)\b"
)


def leans_back(sentence: str) -> bool:
    """Whether a sentence is hard to understand without the one before it."""
    return bool(_LEANS_BACK.match(fold(sentence)))


def features(question: str, hit: Hit, best: Hit, words: Postings) -> list[dict[str, float]]:
    """What the estimate looks at, for each sentence of a hit.

    `cosine` and `late`: of the question with the sentence, and (`…_gap`) how far that is below the passage's best;
    `share`: the part of the question's idf whose terms stand in the sentence; `score`: of the hit, and `behind`: how
    far that is below the best hit's; `lacks_fact`: no number for a 'hoeveel' or time for a 'wanneer'; `leans_back`:
    starts with a word that refers to the sentence before; `length`: logarithm of the number of words.
    """
    asked = dict.fromkeys(terms(question))
    total = sum(words.idf_of(term) for term in asked) or 1.0
    found = []
    for span, cosine, late in zip(hit.passage.sentences, hit.sentence_scores, hit.late_sentences, strict=True):
        sentence = hit.passage.quote(span)
        said = set(terms(sentence))
        found.append(
            {
                "cosine": cosine,
                "cosine_gap": max(hit.sentence_scores) - cosine,
                "late": late,
                "late_gap": max(hit.late_sentences) - late,
                "share": sum(words.idf_of(term) for term in asked if term in said) / total,
                "behind": best.score - hit.score,
                "score": hit.score,
                "lacks_fact": float(not has_what_is_asked(question, sentence)),
                "leans_back": float(leans_back(sentence)),
                "length": math.log(1 + len(sentence.split())),
            }
        )
    return found


@lru_cache(maxsize=1)
def _coefficients() -> dict[str, float]:
    coefficients: dict[str, float] = json.loads(COEFFICIENTS.read_text(encoding="utf-8"))
    return coefficients


def probabilities(question: str, hit: Hit, best: Hit, words: Postings) -> list[float]:
    """How likely each sentence of a hit is part of the answer, 0..1.

    A logistic regression over the features, fitted by `training/relevant.py`.
    """
    coefficients = _coefficients()
    logits = (
        coefficients["intercept"] + sum(coefficients[name] * values[name] for name in FEATURES)
        for values in features(question, hit, best, words)
    )
    return [1 / (1 + math.exp(-logit)) for logit in logits]
