"""How what is known of a passage for a question becomes one score: a linear model, fitted by `training/fuse.py`."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from assistant.schema import Hit

WEIGHTS = Path(__file__).parent / "models" / "fusion.json"

FEATURES = ("best", "whole", "late", "bm25", "ngram", "named", "label", "reread")


def features(hit: Hit) -> dict[str, float]:
    """What the score of a hit is made of.

    `best` and `whole`: cosines of the question with the passage's best sentence and with all of it; `late`: late
    interaction with it; `bm25`: share of the question's idf; `ngram`: cosine over character n-grams; `named` and
    `label`: 0 or 1; `reread`: the reranker's log-odds of the passage's best sentence, 0 before it has read.
    """
    best = max(hit.sentence_scores)
    values = {"best": best, "whole": 2 * hit.dense - best, "late": hit.late, "bm25": hit.bm25, "ngram": hit.ngram}
    return values | {"named": float(hit.named), "label": float(hit.label), "reread": max(hit.reread, default=0.0)}


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    weights: dict[str, float] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return weights


def scored(hit: Hit) -> Hit:
    """The hit with its score: the weighted sum of its features."""
    weights = _weights()
    return replace(hit, score=round(sum(weights[name] * value for name, value in features(hit).items()), 6))
