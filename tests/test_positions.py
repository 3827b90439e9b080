"""Positions: who takes which stand, most relevant and newest first."""

import pytest

from assistant.claims import read_claim
from assistant.dutch import sentences
from assistant.positions import find, stance
from assistant.schema import Document, Hit, Passage, VoiceRange


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Wij pleiten ervoor om lokaal te investeren.", "pleidooi"),
        ("NOV roept gemeenten op om te luisteren.", "pleidooi"),
        ("Er kwam de oproep om samen te werken.", "pleidooi"),
        ("Wij dringen bij u aan op overleg.", "pleidooi"),
        ("Wij adviseren gemeenten om te beginnen met luisteren.", "advies"),
        ("Het zou goed zijn om ook ondersteuning in te zetten.", "advies"),
        ("Onze aanbevelingen staan hieronder.", "advies"),
        ("De sociale basis is ook kwetsbaar.", "zorg"),
        ("Sommige onderdelen staan onder druk.", "zorg"),
        ("Dit gaat ten koste van de tijd van mensen.", "zorg"),
        ("Gemeenten moeten vrijwilligers serieus nemen.", "standpunt"),
        ("Vrijwilligers mogen niet ontbreken, dat mag niet.", "standpunt"),
        ("Aandacht voor hun rol is daarmee essentieel.", "standpunt"),
        ("Dat VERDÍÉNT aandacht.", "standpunt"),
    ],
)
def test_the_words_of_a_sentence_show_its_stance(sentence, name):
    assert stance(sentence) == name


@pytest.mark.parametrize(
    "sentence",
    [
        "Het kantoor staat in Utrecht.",
        "Zij ontmoeten elkaar in het buurthuis.",
        "De zorg is duur.",
        "De groep loopt op straat.",
        "Uw gemeente werkt op dit moment aan het plan van aanpak.",
        "",
        "?! 👍",
    ],
)
def test_a_sentence_that_only_states_has_no_stance(sentence):
    assert stance(sentence) == ""


def test_offering_advice_is_no_advice():
    assert stance("Scholing en advies aan bewonersinitiatieven over werving.") == ""


def test_finding_each_other_is_no_opinion():
    assert stance("In het verenigingsleven kunnen mensen weer hun verbinding vinden.") == ""


def test_a_plea_counts_before_what_must_be():
    assert stance("Wij pleiten ervoor dat gemeenten meer moeten doen, ook al is dat een risico.") == "pleidooi"


# Find


def document(name: str, text: str, date: str, **fields: object) -> Document:
    return Document(name, text, name.title(), date=date, voice="NOV", **fields)


def hit(source: Document, score: float, *cosines: float) -> Hit:
    passage = Passage(
        source.name, source.name, 0, len(source.text), "paragraph", source.text, sentences=tuple(sentences(source.text))
    )
    return Hit(passage, score, dense=score, bm25=0.0, ngram=0.0, sentence_scores=cosines)


OLD = document("oud", "Wij pleiten voor geld. Het regent. Gemeenten moeten luisteren.", "2022-11-17")
NEW = document("nieuw", "Dat verdient aandacht.", "2023-09-05")
UNDATED = document("los", "Wij adviseren rust.", "")
ALL = {source.name: source for source in (OLD, NEW, UNDATED)}


def found(hits: list[Hit], most: int = 10) -> list[tuple[str, str, float]]:
    return [(position.citation.quote, position.stance, position.score) for position in find(hits, ALL, most)]


def test_only_sentences_that_take_a_stand_are_found_with_the_mean_of_both_scores():
    """(0.6 + 0.8) / 2 and (0.2 + 0.8) / 2; the rain takes no stand."""
    assert found([hit(OLD, 0.8, 0.6, 0.9, 0.2)]) == [
        ("Wij pleiten voor geld.", "pleidooi", 0.7),
        ("Gemeenten moeten luisteren.", "standpunt", 0.5),
    ]


def test_the_newest_comes_first_and_the_undated_last():
    hits = [hit(UNDATED, 0.9, 0.9), hit(OLD, 0.8, 0.6, 0.9, 0.2), hit(NEW, 0.1, 0.1)]
    assert [quote for quote, _, _ in found(hits)] == [
        "Dat verdient aandacht.",
        "Wij pleiten voor geld.",
        "Gemeenten moeten luisteren.",
        "Wij adviseren rust.",
    ]


def test_only_the_most_relevant_are_kept_however_old():
    hits = [hit(NEW, 0.1, 0.1), hit(OLD, 0.8, 0.6, 0.9, 0.2)]
    assert [quote for quote, _, _ in found(hits, most=1)] == ["Wij pleiten voor geld."]


def test_only_statements_of_the_stance_asked_for_count_among_the_most_relevant():
    hits = [hit(OLD, 1.0, 1.0, 1.0, 1.0), hit(UNDATED, 0.5, 0.5)]
    (advice,) = find(hits, ALL, 1, only="advies")
    assert advice.citation.quote == "Wij adviseren rust."
    assert find(hits, ALL, 1, only="zorg") == ()


def test_a_sentence_that_two_passages_hold_is_found_once_with_its_first_score():
    assert found([hit(NEW, 0.8, 0.4), hit(NEW, 0.2, 0.4)]) == [("Dat verdient aandacht.", "standpunt", 0.6)]


def test_equal_scores_come_in_the_order_of_document_and_place():
    twin = document("oud2", OLD.text, OLD.date)
    hits = [hit(twin, 0.5, 0.5, 0.5, 0.5), hit(OLD, 0.5, 0.5, 0.5, 0.5)]
    places = [(p.citation.document, p.citation.start) for p in find(hits, {**ALL, "oud2": twin}, 10)]
    assert places == [("oud", 0), ("oud", 35), ("oud2", 0), ("oud2", 35)]


def test_a_position_belongs_to_the_voice_that_speaks_in_its_sentence():
    text = "Wij pleiten voor geld. Gemeenten moeten luisteren."
    source = document("verslag", text, "2022-11-17", voices=(VoiceRange(text.index("Gemeenten"), "deelnemers"),))
    positions = find([hit(source, 0.5, 0.5, 0.4)], {"verslag": source}, 10)
    assert [position.citation.voice for position in positions] == ["NOV", "deelnemers"]


def test_no_hits_hold_no_positions():
    assert found([]) == []


def test_a_hit_without_a_score_for_each_sentence_is_refused():
    with pytest.raises(ValueError, match="zip"):
        found([hit(OLD, 0.8, 0.6)])


# Context and claims


def test_a_sentence_that_leans_back_is_quoted_with_the_one_before_it():
    source = document("brief", "Het aantal uren daalt. Dat moet anders.", "2024-01-01")
    (position,) = find([hit(source, 0.5, 0.5, 0.5)], {"brief": source}, 10)
    assert position.citation.quote == "Het aantal uren daalt. Dat moet anders."
    assert position.stance == "standpunt"


def test_another_voice_is_never_quoted_along():
    text = "Het aantal uren daalt. Dat moet anders."
    source = document("verslag", text, "2024-01-01", voices=(VoiceRange(text.index("Dat"), "deelnemers"),))
    (position,) = find([hit(source, 0.5, 0.5, 0.5)], {"verslag": source}, 10)
    assert position.citation.quote == "Dat moet anders."


def test_a_claim_gives_statements_a_side_and_a_subject_does_not():
    text = "Wij zijn tegen betaling van vrijwilligers. Wij pleiten voor betaling van vrijwilligers. Wij willen rust."
    source = document("brief", text, "2024-01-01")
    hits = [hit(source, 0.5, 0.5, 0.5, 0.5)]
    claim = find(hits, {"brief": source}, 10, read_claim("NOV is voor betaling van vrijwilligers"))
    assert [position.side for position in claim] == ["tegen", "voor", "onduidelijk"]
    subject = find(hits, {"brief": source}, 10, read_claim("betaling van vrijwilligers"))
    assert [position.side for position in subject] == ["", "", ""]
