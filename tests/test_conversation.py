"""Follow-up questions and the earlier questions they lean on."""

import pytest

from assistant.conversation import Understood, leans_on_earlier, understand


@pytest.mark.parametrize(
    "question",
    [
        "Waarom?",
        "En daarna?",
        "Wie zijn zij?",
        "Wat vindt NOV daarvan?",
        "Wat betekent dat voor gemeenten?",
        "Noem nog een voorbeeld",
        "Kun je daar meer over vertellen?",
        "Geldt dat ook voor sportverenigingen?",
        "En voor gemeenten?",
        "Maar hoe zit het met geld?",
        "Bestaat er zo'n regeling?",
        "Wie schreef die brief?",
        "En wat betekent het laatste?",
        "Wat betekent het?",
        "Hoe kan het beter?",
        "Why is that?",
        "",
        "?!",
    ],
)
def test_a_question_without_a_subject_of_its_own_leans_on_the_one_before(question):
    assert leans_on_earlier(question)


@pytest.mark.parametrize(
    "question",
    [
        "Wanneer was de laatste ledenvergadering van NOV?",
        "Wat is het verschil tussen de persoonlijke en de institutionele sociale basis?",
        "Wat zeiden deelnemers over betaling van vrijwilligers?",
        "Welke uitdagingen noemen gemeenten?",
        "Hoe kan de gemeente vrijwilligers ondersteunen?",
        "Wie is Edith Starrevelt?",
        "En welke uitdagingen noemen gemeenten bij het werven van nieuwe vrijwilligers?",
        "Wat zegt Verwonderzoek erover dat gemeenten vrijwilligers graag waarderen?",
    ],
)
def test_a_question_with_its_own_subject_stands_by_itself(question):
    assert not leans_on_earlier(question)


@pytest.mark.parametrize("question", ["Wat is GALA?", "Wat is het GALA?", "Wat betekent SPUK?", "Wat is mantelzorg?"])
def test_a_question_what_something_named_is_stands_by_itself(question):
    assert not leans_on_earlier(question)


@pytest.mark.parametrize(
    "question", ["Wat is het doel van SPUK?", "Wanneer was het kenniscafé?", "Hoe werkt het GALA?"]
)
def test_the_article_het_is_no_pronoun(question):
    assert not leans_on_earlier(question)


def test_er_that_only_fills_the_sentence_does_not_refer_back():
    assert not leans_on_earlier("Zijn er subsidies voor verenigingen?")


# What to search for


BETALING = "Wat zeiden deelnemers over betaling van vrijwilligers?"
ANDERS = "Welke uitdagingen noemen gemeenten bij het werven?"


def test_a_follow_up_carries_the_question_before_it():
    assert understand("Waarom?", [BETALING]) == Understood(f"{BETALING} Waarom?", BETALING)


def test_a_chain_of_follow_ups_is_carried_back_to_a_question_that_stands_by_itself():
    understood = understand("En daarna?", [ANDERS, BETALING, " Waarom? "])
    assert understood == Understood(f"{BETALING} Waarom? En daarna?", f"{BETALING} Waarom?")


def test_a_question_that_stands_by_itself_carries_nothing():
    assert understand(ANDERS, [BETALING]) == Understood(ANDERS, "")


def test_a_first_question_carries_nothing_however_short():
    assert understand("Waarom?", []) == Understood("Waarom?", "")


def test_when_every_question_leans_all_are_carried():
    assert understand("En toen?", ["Waarom?", "Hoezo?"]) == Understood("Waarom? Hoezo? En toen?", "Waarom? Hoezo?")


def test_thanks_between_two_questions_are_passed_over():
    assert understand("Waarom?", [BETALING, "Dank je wel!"]) == Understood(f"{BETALING} Waarom?", BETALING)


def test_thanks_before_a_follow_up_are_left_out():
    assert understand("Dank je. En wie betaalt dat?", [BETALING]).search == f"{BETALING} En wie betaalt dat?"
