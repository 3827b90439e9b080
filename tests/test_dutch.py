"""Dutch text analysis: words, stems, compounds, n-grams and sentences."""

from itertools import pairwise

import pytest

from assistant import dutch
from assistant.dutch import char_ngrams, compound_parts, content_words, fold, stem, terms, word_terms, words


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in dutch.sentences(text)]


# Words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("KennisCafé", "kenniscafe"),
        ("cafe\u0301", "cafe"),
        ("geïnstrumentaliseerd", "geinstrumentaliseerd"),
        ("\u0132sselmeer", "ijsselmeer"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold_takes_away_case_and_accents(text, folded):
    assert fold(text) == folded


def test_a_word_is_the_same_with_a_ready_made_and_with_a_combining_accent():
    assert words("Oekra\u00efne") == words("Oekrai\u0308ne") == ["oekraine"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sport- en buurtverenigingen", ["sport", "en", "buurtverenigingen"]),
        ("vrijwilligers(organisaties)", ["vrijwilligers", "organisaties"]),
        ("SPUK-regeling, 2023!", ["spuk", "regeling", "2023"]),
        ("en/of snake_case", ["en", "of", "snake", "case"]),
        ("?!… 👍", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits(text, expected):
    assert words(text) == expected


def test_stop_words_go_and_subjects_stay_in_order():
    assert content_words("Wat is de rol van de gemeente in het dorp?") == ["rol", "gemeente", "dorp"]


@pytest.mark.parametrize("negation", ["niet", "geen", "zonder", "nooit", "niets", "niemand"])
def test_negations_survive(negation):
    assert content_words(f"Dat is {negation} de bedoeling") == [negation, "bedoeling"]


def test_the_worn_off_words_zo_n_t_and_m_are_no_content_words():
    assert content_words("Is zo'n regeling 't beste voor 'm?") == ["regeling", "beste"]


# Stems and compounds


@pytest.mark.parametrize(
    ("one", "other"), [("vrijwilliger", "vrijwilligers"), ("gemeente", "gemeenten"), ("uitdaging", "uitdagingen")]
)
def test_singular_and_plural_have_one_stem(one, other):
    assert stem(one) == stem(other)


def test_words_that_differ_in_meaning_keep_their_own_stem():
    assert len({stem(word) for word in ("vrijwilliger", "gemeente", "mantelzorg", "subsidie", "sport")}) == 5


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("vrijwilligersbeleid", ("vrijwilligers", "beleid")),
        ("vrijwilligerswerkbeleid", ("vrijwilligerswerk", "beleid")),
        ("buurtsportcoach", ("buurt", "sport", "coach")),
        ("stadsbestuur", ("stads", "bestuur")),
    ],
)
def test_a_compound_falls_apart_into_known_words(word, parts):
    assert compound_parts(word) == parts


@pytest.mark.parametrize("word", ["gemeente", "vrijwilliger", "zorg", "xqzwvk", "2023", "", "x" * 200])
def test_what_is_no_compound_has_no_parts(word):
    assert compound_parts(word) == ()


def test_a_linking_s_is_taken_off_to_know_the_first_part():
    """'verenigings' is no word by itself; 'vereniging' is."""
    assert compound_parts("verenigings") == ()
    assert compound_parts("verenigingsleven") == ("verenigings", "leven")


def test_a_compound_is_indexed_as_a_whole_and_by_its_parts():
    assert word_terms("vrijwilligersbeleid") == (stem("vrijwilligersbeleid"), stem("vrijwilligers"), stem("beleid"))


def test_a_simple_word_has_one_term():
    assert word_terms("gemeenten") == (stem("gemeente"),)


def test_a_compound_is_found_by_a_question_for_its_part():
    assert set(terms("Welk beleid?")) <= set(terms("Het vrijwilligersbeleid is nieuw."))


def test_terms_are_counted_as_often_as_their_word_stands_there():
    assert terms("sport en nog eens sport") == [stem("sport")] * 2


def test_a_text_without_content_words_has_no_terms():
    assert terms("Wat is dat?") == []
    assert terms("… !? 👍") == []


# Character n-grams


def test_ngrams_are_padded_on_both_sides_and_come_in_two_lengths():
    assert char_ngrams("zorg") == [" zor", "zorg", "org ", " zorg", "zorg "]


def test_a_word_too_short_for_an_ngram_is_one_itself():
    assert char_ngrams("5", sizes=(4,)) == [" 5 "]


def test_ngrams_never_run_from_one_word_into_the_next():
    assert char_ngrams("sport zorg", sizes=(5,)) == [" spor", "sport", "port ", " zorg", "zorg "]


def test_most_ngrams_survive_a_typing_error():
    right, wrong = set(char_ngrams("mantelzorger")), set(char_ngrams("mantelzorgr"))
    assert len(right & wrong) >= len(right) / 2


def test_stop_words_have_no_ngrams():
    assert char_ngrams("wat is het") == []


# Sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dit is een. Dit is twee.", ["Dit is een.", "Dit is twee."]),
        ("Kom ook! Wanneer? Nu… Of straks", ["Kom ook!", "Wanneer?", "Nu…", "Of straks"]),
        ("Zie p. 4. Daar staat het.", ["Zie p. 4.", "Daar staat het."]),
        ("Hij zei: ‘Kom.’ Toen ging hij.", ["Hij zei: ‘Kom.’", "Toen ging hij."]),
        ("Zij (uit Ede.) Hij.", ["Zij (uit Ede.)", "Hij."]),
        ("In het GALA. 's Avonds niet.", ["In het GALA.", "'s Avonds niet."]),
        ("En dan... Niets.", ["En dan...", "Niets."]),
        ("Eerste regel.\nTweede regel.", ["Eerste regel.", "Tweede regel."]),
        ("Zonder einde", ["Zonder einde"]),
    ],
)
def test_a_sentence_ends_at_its_mark(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Denk aan sport, bijv. Voetbal in de wijk.",
        "Dit is anders t.o.v. Utrecht en Ede.",
        "Zo schreef dr. A. de Vries aan het college.",
        "Zij belde met mevr. Starrevelt van NOV.",
        "Kosten van ca. 500 euro per jaar.",
        "Dat is o.a. Utrecht (incl. Zeist).",
        "Yoga enz. staat op www.nov.nl en kost 3.500 euro.",
        "Wat een feest! riep zij.",
        "Zij werken i.s.m. VNG en Mantelzorg.nl aan beleid.",
    ],
)
def test_an_abbreviation_initial_or_lower_case_letter_goes_on(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Minister J.P. Balkenende opende de dag.",
        "Dit geldt m.n. Utrecht en Ede.",
        "De brief is van 5 sept. 2023 en telt nog.",
        "Het kenniscafé was op 17 nov. 2022 in Utrecht.",
    ],
)
def test_several_initials_and_common_abbreviations_do_not_end_a_sentence(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iedereen is lid. Dat is goed.", ["Iedereen is lid.", "Dat is goed."]),
        ("Dat zegt NOV. Daarna volgt Jan. Hij ook.", ["Dat zegt NOV.", "Daarna volgt Jan.", "Hij ook."]),
        ("Er waren er 12. Dat is veel.", ["Er waren er 12.", "Dat is veel."]),
        ("Zij telden\ner 12. Dat is veel.", ["Zij telden\ner 12.", "Dat is veel."]),
    ],
)
def test_a_plain_word_name_or_number_ends_a_sentence(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize("text", ["1. Werven van leden", "Zo:\n\t12. Werven", "(1. Werven)", "a. Werven"])
def test_a_number_at_the_start_of_a_line_is_no_sentence(text):
    assert cut(text) == [text]


@pytest.mark.parametrize("text", ["", "   \n\t ", "… !!! ???", "👍👍", "***"])
def test_without_a_letter_or_digit_there_is_no_sentence(text):
    assert cut(text) == []


def test_sentences_of_a_range_count_from_the_start_of_the_text_and_stay_inside_it():
    text = "Buiten. Een. Twee. Ook buiten."
    start, end = text.index("Een"), text.index(" Ook")
    spans = dutch.sentences(text, start, end)
    assert [(span.start, span.end) for span in spans] == [(8, 12), (13, 18)]


def test_the_letter_that_decides_is_inside_the_range():
    """Behind the range goes on in lower case, but that is another sentence's business."""
    text = "Een. Twee.   drie"
    assert [text[s.start : s.end] for s in dutch.sentences(text, 0, 11)] == ["Een.", "Twee."]


@pytest.mark.parametrize("text", ["woord " * 5000, "A. " * 50 + "x", "cafe\u0301. Cafe\u0301!", "Goed 👍🏽. Fijn 🙂!"])
def test_sentences_are_in_order_and_without_white_space_around_them(text):
    spans = dutch.sentences(text)
    assert spans
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(text[span.start : span.end] == text[span.start : span.end].strip() != "" for span in spans)
    assert sum(map(str.isalnum, text)) == sum(char.isalnum() for s in spans for char in text[s.start : s.end])
