"""The reranker: what it reads of a passage, and that numpy gives what sentence-transformers gives."""

from dataclasses import replace

import pytest
from conftest import open_assistant

from assistant.bert import PairScorer, gelu, gelu_tanh
from assistant.reranking import BUILT_IN, MAX_TOKENS, Reranker, best_excerpt, excerpt
from assistant.retrieval import RERANKED
from assistant.schema import Hit, Passage, Span

TEXT = "Een twee drie. Vier vijf. Zes zeven acht negen. Tien."
STARTS = (0, 15, 26, 48)
ENDS = (14, 25, 47, 53)
PASSAGE = Passage(
    "x:0-53",
    "x",
    0,
    53,
    "paragraph",
    TEXT,
    headings=("Tellen",),
    sentences=tuple(Span(start, end) for start, end in zip(STARTS, ENDS, strict=True)),
)


@pytest.mark.parametrize(
    ("centre", "words", "expected"),
    [
        (1, 0, "Tellen: Vier vijf."),
        (1, 5, "Tellen: Een twee drie. Vier vijf."),  # the sentence before comes first
        (2, 6, "Tellen: Vier vijf. Zes zeven acht negen."),
        (2, 5, "Tellen: Zes zeven acht negen. Tien."),  # the one before is too long, the one after fits
        (0, 100, f"Tellen: {TEXT}"),
        (3, 2, "Tellen: Tien."),
    ],
)
def test_an_excerpt_is_a_sentence_with_the_neighbours_that_fit(centre, words, expected):
    assert excerpt(PASSAGE, centre, words) == expected


def test_without_a_heading_an_excerpt_is_the_text_alone_on_one_line():
    passage = replace(PASSAGE, headings=(), text=TEXT.replace(" Tien", "\nTien"))
    assert excerpt(passage, 3, 5) == "Zes zeven acht negen. Tien."


def test_the_excerpt_of_a_hit_is_around_its_nearest_sentence():
    long = " ".join(["woord"] * 60)
    passage = Passage(
        "y",
        "y",
        0,
        len(long) + 6,
        "paragraph",
        f"{long} Kort.",
        sentences=(Span(0, len(long)), Span(len(long) + 1, len(long) + 6)),
    )
    hit = Hit(passage, 1.0, 0.5, 0.0, 0.0, sentence_scores=(0.2, 0.4))
    assert best_excerpt(hit) == "Kort."
    assert best_excerpt(replace(hit, sentence_scores=(0.4, 0.2))) == long


def test_numpy_gives_the_logits_of_sentence_transformers():
    import torch
    from sentence_transformers.cross_encoder import CrossEncoder

    question = "Wie betaalt de verzekering van vrijwilligers?"
    texts = ["De gemeente betaalt de verzekering.", "Verzekering: " + "De zaal is op maandag open. " * 40, "Nee."]
    model = CrossEncoder(str(BUILT_IN), device="cpu", max_length=MAX_TOKENS, model_kwargs={"dtype": torch.float32})
    expected = model.predict([(question, text) for text in texts], activation_fn=torch.nn.Identity())
    assert PairScorer(BUILT_IN).logits(question, texts) == pytest.approx(expected, abs=1e-3)


def test_texts_that_are_read_together_do_not_influence_each_other():
    scorer = PairScorer(BUILT_IN)
    texts = ["De gemeente betaalt.", "Wie vrijwilliger is, krijgt een vergoeding van de gemeente."]
    alone = [scorer.logits("Wie betaalt?", [text])[0] for text in texts]
    assert scorer.logits("Wie betaalt?", texts) == pytest.approx(alone, abs=1e-4)
    assert scorer.logits("Wie betaalt?", []).shape == (0,)


def test_both_activations_agree_to_a_thousandth():
    import numpy as np

    values = np.linspace(-6, 6, 1001, dtype=np.float32)
    assert gelu_tanh(values) == pytest.approx(gelu(values), abs=1e-3)
    assert gelu(np.float32([0.0, 1.0])) == pytest.approx([0.0, 0.841345], abs=1e-5)  # 1 · Φ(1)


def test_an_answer_gets_a_higher_logit_than_another_sentence_of_the_same_subject(assistant):
    (first, *_) = assistant.search("Wie wacht op reactie van het ministerie over gratis VOG's?")
    assert first.rerank is not None
    hits = [
        replace(first, passage=replace(PASSAGE, text=text, sentences=(Span(0, len(text)),), headings=()))
        for text in ("De zaal is van de vereniging en is op maandag dicht.", "De zaal kost veertig euro per avond.")
    ]
    hits = [replace(hit, sentence_scores=(0.5,)) for hit in hits]
    wrong, right = Reranker().logits("Wat moet je betalen voor een avond in de zaal?", hits)
    assert right > wrong


def test_only_the_best_hits_are_read_and_they_stay_in_front(assistant):
    hits = assistant.search("Wat vindt NOV van de maatschappelijke dienstplicht?", top_k=30)
    read = [hit.rerank is not None for hit in hits]
    assert read == [True] * RERANKED + [False] * (len(hits) - RERANKED)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_without_reranker_nothing_is_read(corpus, tmp_path):
    assistant = open_assistant(corpus, tmp_path / "index", rerank=False)
    assert {hit.rerank for hit in assistant.search("subsidie")} == {None}
    assistant.close()
