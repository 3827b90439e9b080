"""Courtesies get an answer of their own; questions never do."""

import pytest

from assistant.courtesies import answer, without_opening


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("Dank je", "Graag gedaan"),
        ("dankjewel!", "Graag gedaan"),
        ("Hartelijk dank voor je hulp.", "Graag gedaan"),
        ("Oké, dank u wel", "Graag gedaan"),
        ("Hallo", "Hallo!"),
        ("Goedemiddag!", "Hallo!"),
        ("Wie ben je?", "Ik ben de documentassistent"),
        ("Hoi, wie bent u?", "Ik ben de documentassistent"),
        ("Ben je een robot?", "Ik ben de documentassistent"),
        ("Wat kun je?", "Ik beantwoord vragen"),
        ("Wat kan ik hier vragen?", "Ik beantwoord vragen"),
        ("Hoe gaat het?", "Met mij gaat het goed"),
        ("Tot ziens", "Tot ziens"),
    ],
)
def test_a_courtesy_is_answered(said, start):
    assert answer(said).startswith(start)


@pytest.mark.parametrize(
    "said",
    [
        "Hallo, wat is GALA?",
        "Wie zijn zij?",
        "Wat kunnen gemeenten doen?",
        "Wat kun je doen tegen eenzaamheid?",
        "Hulp bij het huishouden",
        "Dankbaarheid",
        "Wie bedankt de vrijwilligers?",
        "En wie betaalt dat?",
        "Prima geregeld of niet?",
        "Hoe gaat het met de mantelzorgers?",
        "dagbesteding",
        "",
        "?!",
    ],
)
def test_a_question_is_no_courtesy(said):
    assert answer(said) == ""


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("Dank je. En wie betaalt dat?", "En wie betaalt dat?"),
        ("Hallo, wat is GALA?", "wat is GALA?"),
        ("Wat is GALA?", "Wat is GALA?"),
        ("Dag van de vrijwilliger", "Dag van de vrijwilliger"),
        ("Dank je.", "Dank je."),
    ],
)
def test_the_greeting_before_a_question_is_left_out(question, rest):
    assert without_opening(question) == rest


def test_the_assistant_answers_a_courtesy_without_sources(assistant):
    reply = assistant.ask("Dank je wel", history=["Wat is de sociale basis?"])
    assert (reply.status, reply.citations, reply.hits) == ("answered", (), ())
    assert reply.text == "Graag gedaan. Hebt u nog een vraag over de documenten, stel die gerust."
