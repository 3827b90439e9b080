"""The reranker: worked out by hand, held to the network that is trained, and in the order of hits."""

import random
import sys

import numpy as np
import pytest
import torch

from assistant import fusion
from assistant.late_interaction import NO_TOKENS
from assistant.reranker import MAX_CONTEXT, MAX_SENTENCE, Reranker, from_late
from assistant.settings import ROOT

sys.path.insert(0, str(ROOT / "training"))

from rerank import Network, Question, Sentence, loss

RNG = np.random.default_rng(3)
DIMENSIONS = 8


def tokens(count):
    vectors = RNG.normal(size=(count, DIMENSIONS))
    return np.round(127 * vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.int8)


def question(count):
    vectors = RNG.normal(size=(count, DIMENSIONS)).astype(np.float32)
    weights = RNG.random((count, 1)).astype(np.float32) + 0.1
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True) * weights / weights.sum()


def reranker_of(network):
    return Reranker({name: tensor.numpy() for name, tensor in network.state_dict().items()})


def trained():
    """A network with random weights, and the reranker with the same."""
    torch.manual_seed(5)
    network = Network(DIMENSIONS).eval()
    return network, reranker_of(network)


def test_with_weights_of_nought_late_interaction_is_left():
    network = Network(2)
    for weights in network.parameters():
        torch.nn.init.zeros_(weights)
    torch.nn.init.constant_(network.out.bias, 0.5)
    # The question's two tokens weigh 3/4 and 1/4; their highest cosines are 1 (in the context) and 0.
    asked = np.array([[0.75, 0.0], [0.0, 0.25]], dtype=np.float32)
    left, right = np.array([[-127, 0]], dtype=np.int8), np.array([[127, 0]], dtype=np.int8)
    assert reranker_of(network).logit(asked, left, right) == pytest.approx(20 * (0.75 - 0.6) + 0.5)
    assert from_late(0.7) == pytest.approx(2.0)


def test_it_computes_what_the_trained_network_computes():
    network, reranker = trained()
    pairs = []
    for asked, own, context in ((2, 3, 0), (9, 1, 5), (30, 60, 20), (4, 12, 24)):
        introduced = tokens(context) if context else np.empty((0, DIMENSIONS), dtype=np.int8)
        pairs.append((question(asked), Sentence("d", "p", 0, 1, tokens(own), introduced)))
    with torch.no_grad():
        expected = network(pairs).tolist()
    found = [reranker.logit(asked, sentence.tokens, sentence.context) for asked, sentence in pairs]
    assert found == pytest.approx(expected, abs=1e-4)


def test_no_more_is_read_than_it_was_trained_on():
    _, reranker = trained()
    asked, sentence, context = question(5), tokens(MAX_SENTENCE + 9), tokens(MAX_CONTEXT + 9)
    expected = reranker.logit(asked, sentence[:MAX_SENTENCE], context[:MAX_CONTEXT])
    assert reranker.logit(asked, sentence, context) == expected


def test_the_loss_knows_that_none_may_answer():
    # 'None' is always 0, as are these logits.
    logits = torch.tensor([0.0, 0.0, 0.0])
    # The first question has two candidates: -ln(1/3) for the right one and -ln(1/2) for 'none' beside the wrong one.
    # The second has one, which does not answer: -ln(1/2).
    expected = (np.log(3) + np.log(2) + np.log(2)) / 2
    assert float(loss(logits, [(2, True), (1, False)])) == pytest.approx(expected)


def test_a_question_brings_its_answer_first_and_wrong_sentences_of_both_kinds():
    made = [Sentence("d", "p", n, n + 1, NO_TOKENS, NO_TOKENS) for n in range(20)]
    asked = Question("d", None, made[0], tuple(made[1:9]), tuple(made[9:]))
    found = asked.candidates(random.Random(1))
    assert found[0] is made[0]
    assert len(found) == 8
    assert sum(one in made[1:9] for one in found) == 4
    unanswered = Question("d", None, None, tuple(made[1:9]), ()).candidates(random.Random(1))
    assert len(unanswered) == 7
    assert made[0] not in unanswered


def test_the_first_hits_are_read_and_stay_before_the_others(assistant):
    hits = assistant.search("Welke uitdagingen noemen gemeenten zelf?", top_k=30)
    assert [len(hit.reread) for hit in hits[:12]] == [len(hit.passage.sentences) for hit in hits[:12]]
    assert all(hit.reread == () for hit in hits[12:])
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score == fusion.scored(hit).score for hit in hits[:12])
