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
)


@pytest.fixture
def weights(tmp_path, monkeypatch):
    path = tmp_path / "fusion.json"
    first = {"best": 1, "whole": 2, "bm25": 4, "ngram": 8, "named": 16, "label": -32}
    path.write_text(json.dumps({"first": first, "reranked": first | {"rerank": 0.5}}), encoding="utf-8")
    monkeypatch.setattr(fusion, "WEIGHTS", path)
    fusion.clear()
    yield
    fusion.clear()


@pytest.mark.usefixtures("weights")
def test_the_score_is_the_weighted_sum_of_the_features():
    # .75 + 2 · .25 + 4 · .5 + 8 · .125 + 16
    assert fusion.scored(HIT).score == 20.25
    assert fusion.scored(replace(HIT, label=True)).score == 20.25 - 32


@pytest.mark.usefixtures("weights")
def test_what_the_reranker_says_comes_on_top():
    assert fusion.scored(replace(HIT, rerank=-3.0)).score == 20.25 - 1.5


def test_each_stage_has_a_weight_for_each_of_its_features():
    shipped = json.loads(fusion.WEIGHTS.read_text(encoding="utf-8"))
    assert tuple(shipped["first"]) == fusion.FEATURES
    assert tuple(shipped["reranked"]) == (*fusion.FEATURES, "rerank")


def test_the_weights_that_ship_let_every_kind_of_evidence_count():
    shipped = json.loads(fusion.WEIGHTS.read_text(encoding="utf-8"))
    for weights in shipped.values():
        assert all(weights[name] > 0 for name in weights if name != "label")
        assert weights["label"] < 0
