"""The fused score: a weighted sum whose weights come from a file."""

import json
from dataclasses import replace

import pytest

from assistant import fusion
from assistant.schema import Hit, Passage

HIT = Hit(
    Passage("x:0-1", "x", 0, 1, "paragraph", "x"),
    score=0.0,
    dense=0.5,  # best .75 and whole .25
    bm25=0.5,
    ngram=0.125,
    sentence_scores=(0.25, 0.75),
    named=True,
    late=0.25,
)


@pytest.fixture
def weights(tmp_path, monkeypatch):
    path = tmp_path / "fusion.json"
    weights = {"best": 1, "whole": 2, "late": 64, "bm25": 4, "ngram": 8, "named": 16, "label": -32, "reread": 128}
    path.write_text(json.dumps(weights), encoding="utf-8")
    monkeypatch.setattr(fusion, "WEIGHTS", path)
    fusion._weights.cache_clear()
    yield
    fusion._weights.cache_clear()


@pytest.mark.usefixtures("weights")
def test_the_score_is_the_weighted_sum_of_the_features():
    # .75 + 2 · .25 + 64 · .25 + 4 · .5 + 8 · .125 + 16
    assert fusion.scored(HIT).score == 36.25
    assert fusion.scored(replace(HIT, label=True)).score == 36.25 - 32
    assert fusion.scored(replace(HIT, reread=(-1.0, 0.5))).score == 36.25 + 64


def test_every_feature_has_a_weight():
    assert tuple(json.loads(fusion.WEIGHTS.read_text(encoding="utf-8"))) == fusion.FEATURES


def test_the_weights_that_ship_let_every_kind_of_evidence_count():
    shipped = json.loads(fusion.WEIGHTS.read_text(encoding="utf-8"))
    assert all(weight > 0 for name, weight in shipped.items() if name != "label")
    assert shipped["label"] < 0
