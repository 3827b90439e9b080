"""How likely a sentence is part of the answer: its features, worked out by hand, and the estimate."""

import json
import math

import pytest

from assistant import relevance
from assistant.lexical import LexicalIndex
from assistant.schema import Hit, Passage, Span

TEXT = "De zaal kost 25 euro. Dat betaalt de gemeente."
PASSAGE = Passage("x:5-51", "x", 5, 51, "paragraph", TEXT, sentences=(Span(5, 26), Span(27, 51)))
WORDS = LexicalIndex.build([TEXT, "Iets over de jeugd."]).words
BEST = Hit(PASSAGE, 1.0, 0.5, 0.0, 0.0, (0.9, 0.4), late=0.8, late_sentences=(0.7, 0.5))
HIT = Hit(PASSAGE, 0.75, 0.5, 0.0, 0.0, (0.5, 0.25), late=0.8, late_sentences=(0.5, 0.75))


def test_the_features_of_each_sentence():
    first, second = relevance.features("Hoeveel kost de zaal voor de jeugd?", HIT, BEST, WORDS)
    assert (first["cosine"], first["cosine_gap"]) == (0.5, 0.0)
    assert (second["cosine"], second["cosine_gap"]) == (0.25, 0.25)
    assert (first["late"], first["late_gap"]) == (0.5, 0.25)
    assert (second["late"], second["late_gap"]) == (0.75, 0.0)
    # Of 'kost', 'zaal' and 'jeugd', each in one of two texts, the first sentence has two, the second none.
    assert first["share"] == pytest.approx(2 / 3)
    assert second["share"] == 0.0
    assert first["score"] == second["score"] == 0.75
    assert first["behind"] == second["behind"] == 0.25
    assert (first["lacks_fact"], second["lacks_fact"]) == (0.0, 1.0)
    assert (first["leans_back"], second["leans_back"]) == (0.0, 1.0)
    assert first["length"] == pytest.approx(math.log(6))


def test_the_estimate_is_a_logistic_regression(tmp_path, monkeypatch):
    path = tmp_path / "relevance.json"
    weights = dict.fromkeys(relevance.FEATURES, 0.0) | {"intercept": -1.0, "late": 4.0}
    path.write_text(json.dumps(weights), encoding="utf-8")
    monkeypatch.setattr(relevance, "COEFFICIENTS", path)
    relevance._coefficients.cache_clear()
    try:
        found = relevance.probabilities("Wie betaalt de zaal?", HIT, BEST, WORDS)
    finally:
        relevance._coefficients.cache_clear()
    # Logits 4 · .5 - 1 = 1 and 4 · .75 - 1 = 2.
    assert found == pytest.approx([1 / (1 + math.exp(-1)), 1 / (1 + math.exp(-2))])


def test_the_coefficients_that_ship_are_those_of_the_features():
    shipped = json.loads(relevance.COEFFICIENTS.read_text(encoding="utf-8"))
    assert tuple(shipped) == ("intercept", *relevance.FEATURES)
