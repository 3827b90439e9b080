"""Misspelled words of questions: what is put right, and what is left alone."""

import pytest

from assistant.spelling import Speller

SPELLER = Speller(
    [
        "De gemeente onderhoudt het vrijwilligersbeleid. Mantelzorgers krijgen een vergoeding van de penningmeester.",
        "Collectes in de kerk. De coördinator vraagt subsidie aan. De regeling eindigt; de regelingen eindigen.",
    ]
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("mantelzorgres", "mantelzorgers"),  # two letters changed places
        ("penningmester", "penningmeester"),  # one too few
        ("vrijwiligersbeleid", "vrijwilligersbeleid"),
        ("vergoedimg", "vergoeding"),  # one wrong
        ("subsiedie", "subsidie"),  # short, sounds alike
        ("kollectes", "collectes"),
        ("coordinater", "coordinator"),  # accents do not count
    ],
)
def test_a_misspelled_word_is_put_right(typed, read):
    assert SPELLER.corrected(f"wie betaalt {typed}?") == (f"wie betaalt {read}?", {typed: read})


@pytest.mark.parametrize(
    "word",
    [
        "gemeente",  # as it stands in the documents
        "gemeenten",  # an inflection
        "kerkbeleid",  # a compound of known words
        "werk",  # too short; 'kerk' stands in the documents
        "kerkt",  # one edit from 'kerk', which is too short too
        "regelinge",  # 'regeling' or 'regelingen'
        "xqzwvkpt",  # nothing comes near
    ],
)
def test_other_words_are_left_alone(word):
    assert SPELLER.corrected(f"wat doet {word} hier") == (f"wat doet {word} hier", {})


def test_names_and_abbreviations_are_left_alone():
    assert SPELLER.corrected("Wat zegt Mantelzorgres of SUBSIEDIE?")[1] == {}
    assert SPELLER.corrected("Mantelzorgres helpen?")[1] == {"Mantelzorgres": "mantelzorgers"}


def test_everything_else_stays_as_it_was_typed():
    question = "Wie  betaalt (in 2024) de mantelzorgres, en waaróm? e.starrevelt@nov.nl"
    assert SPELLER.corrected(question)[0] == question.replace("mantelzorgres", "mantelzorgers")
