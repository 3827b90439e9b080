"""Retrieval: exact scores with the keyword encoder, filters, ties, and candidates outside the nearest vectors."""

import numpy as np
import pytest
from conftest import open_assistant
from keyword_encoder import KeywordEncoder

from assistant import fusion, retrieval
from assistant.errors import InputError
from assistant.schema import Filters


@pytest.fixture
def small(corpus, tmp_path):
    assistant = open_assistant(corpus, tmp_path / "index", KeywordEncoder())
    yield assistant
    assistant.close()


def test_a_hit_tells_what_its_score_is_made_of(small):
    hit = small.search("Wie vraagt de subsidie aan?")[0]
    assert hit.passage.text == "Het bestuur vraagt de subsidie zelf aan."
    # The passage is one sentence with 'bestuur' and 'subsidie': (1, 1, .1) against the question's (1, .1).
    cosine = (1 + 0.1 * 0.1) / np.sqrt((1 + 1 + 0.01) * (1 + 0.01))
    assert hit.dense == pytest.approx(cosine, abs=1e-4)
    assert hit.sentence_scores == (pytest.approx(cosine, abs=1e-4),)
    assert hit.score == fusion.scored(hit).score
    assert hit.bm25 > 0
    assert hit.ngram > 0


@pytest.mark.parametrize(
    "question", ["Wat willen deelnemers met de zaal?", "Wat staat er in het verslag over de zaal?"]
)
def test_who_or_what_is_named_in_the_question_is_marked(small, question):
    assert {hit.passage.document for hit in small.search(question) if hit.named} == {"verslag.md"}


def test_a_signature_goes_behind_unless_the_question_is_about_the_letter(corpus, tmp_path):
    text = "De zaal is open.\n\nMet vriendelijke groet,\n\nHet bestuur van de zaal\n"
    (corpus / "documents" / "brief.md").write_text(text, encoding="utf-8")
    assistant = open_assistant(corpus, tmp_path / "index", KeywordEncoder())
    for question, behind in (("Hoeveel kost de zaal?", True), ("Wie schreef de brief over de zaal?", False)):
        hit = next(hit for hit in assistant.search(question) if hit.passage.kind == "signature")
        assert hit.label is behind
    assistant.close()


def test_a_list_scores_by_its_best_item(small):
    hit = next(hit for hit in small.search("een eigen zaal") if hit.passage.kind == "list")
    lead_in, subsidie, bestuur, zaal = hit.sentence_scores
    assert zaal > max(lead_in, subsidie, bestuur)
    # The whole list counts subsidie, bestuur and zaal once each; the item only zaal.
    whole = (1 + 0.01) / np.sqrt((3 + 0.01) * 1.01)
    assert hit.dense == pytest.approx((1.0 + whole) / 2, abs=1e-4)


def test_unknown_words_close_the_gate(small):
    known = {hit.passage.id: hit.bm25 for hit in small.search("subsidie")}
    diluted = {hit.passage.id: hit.bm25 for hit in small.search("subsidie kwispelstaartend fladderdoek")}
    best = max(known, key=lambda passage: known[passage])
    # Two unknown words (with their parts) have at least the idf of a word of one passage, so more than two thirds go.
    assert 0 < diluted[best] < known[best] / 3


def test_a_typing_error_is_found_by_character_ngrams(small):
    hit = small.search("subsidei")[0]
    assert "subsidie" in hit.passage.text
    assert hit.bm25 == 0
    assert hit.ngram > 0


def test_a_compound_is_found_by_its_part_and_the_other_way_round(corpus, tmp_path):
    (corpus / "documents" / "brief.md").write_text("Goed vrijwilligersbeleid loont.\n", encoding="utf-8")
    assistant = open_assistant(corpus, tmp_path / "index", KeywordEncoder())
    assert assistant.search("beleid")[0].passage.text == "Goed vrijwilligersbeleid loont."
    assert assistant.search("beleid")[0].bm25 > 0
    assistant.close()


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (Filters(documents=frozenset({"brief.md"})), {"brief.md"}),
        (Filters(kinds=frozenset({"verslag"})), {"verslag.md"}),
        (Filters(voices=frozenset({"deelnemers"})), {"verslag.md"}),
        (Filters(since="2023-01-01"), {"brief.md"}),
        (Filters(until="2022-11-17"), {"verslag.md"}),
        (Filters(since="2022-11-18", until="2024-02-29"), set()),
        (Filters(kinds=frozenset({"brief"}), voices=frozenset({"deelnemers"})), set()),
        (Filters(), {"brief.md", "verslag.md"}),
    ],
)
def test_filters(small, filters, documents):
    hits = small.search("subsidie bestuur zaal", filters=filters)
    assert {hit.passage.document for hit in hits} == documents


def test_an_undated_document_passes_no_period(corpus, tmp_path):
    (corpus / "documents.yaml").write_text("brief.md: {title: Brief}\n", encoding="utf-8")
    (corpus / "documents" / "verslag.md").unlink()
    assistant = open_assistant(corpus, tmp_path / "index", KeywordEncoder())
    assert assistant.search("zaal", filters=Filters(until="2030-01-01")) == ()
    assert assistant.search("zaal", filters=Filters(since="1990-01-01")) == ()
    assistant.close()


def test_ties_are_in_order_of_id_and_answers_repeat(corpus, tmp_path):
    for name in ("b.txt", "a.txt", "c.txt"):
        (corpus / "documents" / name).write_text("De zaal is gratis voor de jeugd.\n", encoding="utf-8")
    assistant = open_assistant(corpus, tmp_path / "index", KeywordEncoder())
    hits = assistant.search("gratis zaal jeugd")
    assert [hit.passage.document for hit in hits[:3]] == ["a.txt", "b.txt", "c.txt"]
    assert hits[0].score == hits[1].score == hits[2].score
    assert assistant.search("gratis zaal jeugd") == hits
    assistant.close()


def test_every_way_of_finding_gives_candidates_and_scores_do_not_depend_on_them(small, monkeypatch):
    complete = small.search("Hoe hoog is de vergoeding voor de zaal?")
    monkeypatch.setattr(retrieval, "_SENTENCES", 1)
    monkeypatch.setattr(retrieval, "_PASSAGES", 1)
    found = small.search("Hoe hoog is de vergoeding voor de zaal?")
    assert 1 < len(found) <= len(complete)
    scores = {hit.passage.id: hit.score for hit in complete}
    for hit in found:
        assert hit.score == pytest.approx(scores[hit.passage.id], abs=1e-5)


def test_top_k(small):
    assert len(small.search("zaal", top_k=2)) == 2
    with pytest.raises(InputError, match="1 of meer"):
        small.search("zaal", top_k=0)
