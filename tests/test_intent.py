"""The kind of answer a question wants."""

import pytest

from assistant.intent import asks_about_letter, has_what_is_asked, intent, names_kind, names_speaker


@pytest.mark.parametrize(
    "question",
    [
        "Welke uitdagingen benoemen gemeenten?",
        "Wat zijn de themagroepen?",
        "Noem de thema's",
        "Som de uitdagingen op",
        "Geef een overzicht van de expertise",
        "Geef de lijst",
        "Waaruit bestaat de sociale basis?",
        "Kun je de uitdagingen opsommen?",
        "En welke thema's waren er?",
        "Welke twee nieuwe akkoorden noemt de brief?",
        "Wat voor activiteiten kan een centrale bieden?",
        "Zet de punten op een rij",
        "What are the challenges?",
    ],
)
def test_a_question_for_several_things_wants_a_list(question):
    assert intent(question).lists


@pytest.mark.parametrize(
    "question",
    [
        "Wat is de sociale basis?",
        "Waarom is dat nodig?",
        "Hoe heet de vereniging?",
        "Welke datum heeft de brief?",
        "Welke rol spelen vrijwilligers?",
        "Waaruit blijkt dat vrijwilligers belangrijk zijn?",
        "",
    ],
)
def test_a_question_for_one_thing_wants_no_list(question):
    assert not intent(question).lists


@pytest.mark.parametrize(
    "question",
    [
        "Wat is het verschil tussen informele en formele zorg?",
        "Vergelijk de brief met het verslag",
        "Wat zeggen beide documenten over GALA?",
        "Waarin is de persoonlijke basis anders dan de institutionele?",
        "Wat is de overeenkomst?",
    ],
)
def test_a_question_about_two_things_side_by_side_compares(question):
    assert intent(question).compares


@pytest.mark.parametrize(
    "question", ["Verschillende gemeenten doen mee?", "Wat is GALA?", "Wie ondertekende de brief?"]
)
def test_a_question_about_one_thing_does_not_compare(question):
    assert not intent(question).compares


@pytest.mark.parametrize(
    "question",
    [
        "Waarom is dat nodig?",
        "  hoe werkt dat",
        "WAT IS de SPUK?",
        "Wat houdt vrijwillige inzet in?",
        "Leg uit wat NOV doet",
        "En waarom is dat zo?",
        "Maar hoe dan?",
    ],
)
def test_a_question_for_reasons_or_a_description_wants_an_explanation(question):
    assert intent(question).explains


@pytest.mark.parametrize(
    "question", ["Hoeveel leden heeft NOV?", "Wie is Edith?", "Wanneer was de ALV?", "Welke thema's?"]
)
def test_a_question_for_a_fact_wants_no_explanation(question):
    assert not intent(question).explains


@pytest.mark.parametrize(
    "question", ["Hoeveel uitdagingen zijn er?", "Welk bedrag?", "Hoe vaak?", "Hoe hoog is het?", "How many?"]
)
def test_a_question_for_an_amount_wants_a_number(question):
    assert intent(question).number


@pytest.mark.parametrize(
    "question", ["Wanneer was dat?", "Van wanneer is die brief?", "In welk jaar?", "Op welke datum was de ALV?"]
)
def test_a_question_for_a_moment_wants_a_date(question):
    assert intent(question).date


@pytest.mark.parametrize(
    "question", ["Wie schreef dit?", "Met wie kan ik bellen?", "Aan wie is de brief gericht?", "En wie tekende?"]
)
def test_a_question_for_somebody_wants_a_person(question):
    assert intent(question).person


@pytest.mark.parametrize("question", ["", "?!…", "👍", "vrijwilligersbeleid", "cafe\u0301"])
def test_bare_words_have_no_intent(question):
    wanted = intent(question)
    assert not any((wanted.lists, wanted.compares, wanted.explains, wanted.number, wanted.date, wanted.person))


def test_more_than_one_may_hold():
    wanted = intent("Hoeveel en welke uitdagingen noemen beide stukken?")
    assert (wanted.number, wanted.lists, wanted.compares) == (True, True, True)
    assert (wanted.date, wanted.person) == (False, False)


def test_accents_do_not_hide_an_intent():
    assert intent("Wélke ideeën?").lists


@pytest.mark.parametrize(
    ("question", "voice"),
    [
        ("Wat vinden de deelnemers van betaling?", "deelnemers kenniscafé"),
        ("Waarom doen mensen dat volgens Verwonderzoek?", "onderzoekers van Verwonderzoek"),
        ("Waarvoor pleit NOV?", "NOV"),
        ("Wat zei de onderzoeker daarover?", "onderzoekers van Verwonderzoek"),
    ],
)
def test_a_question_names_who_must_say_it(question, voice):
    assert names_speaker(question, voice)


@pytest.mark.parametrize(
    ("question", "voice"),
    [
        ("Hoeveel deelnemers waren er?", "deelnemers kenniscafé"),  # about them, not what they say
        ("Wat vindt NOV van betaling?", "deelnemers kenniscafé"),
        ("Wat vinden de mensen ervan?", ""),
        ("Wat zegt de van daarvan?", "onderzoekers van Verwonderzoek"),
    ],
)
def test_a_question_that_does_not_ask_what_this_voice_says(question, voice):
    assert not names_speaker(question, voice)


def test_a_question_names_the_kind_of_document():
    assert names_kind("Wat staat er in de brief over subsidie?", "brief")
    assert names_kind("En in het Verslag?", "verslag")
    assert not names_kind("Wat moet ik in een brief zetten?", "brief")
    assert not names_kind("Wat staat er in de briefing?", "brief")
    assert not names_kind("Wat staat er in de brief?", "")


@pytest.mark.parametrize(
    ("question", "text", "possible"),
    [
        ("Hoeveel vrijwilligers zijn er?", "Vrijwilligers doen mooi werk.", False),
        ("Hoeveel vrijwilligers zijn er?", "Er zijn 25 vrijwilligers.", True),
        ("Hoeveel vrijwilligers zijn er?", "Er zijn drie vrijwilligers.", True),
        ("Wanneer is de vergadering?", "De vergadering is in de zaal.", False),
        ("Wanneer is de vergadering?", "De vergadering is op maandag.", True),
        ("Waarom helpen mensen?", "Vrijwilligers doen mooi werk.", True),
    ],
)
def test_a_question_for_a_number_or_a_time_wants_one(question, text, possible):
    assert has_what_is_asked(question, text) is possible


def test_a_question_about_the_document_itself():
    assert asks_about_letter("Van wanneer is de brief?")
    assert asks_about_letter("Wat is het e-mailadres?")
    assert not asks_about_letter("Hoeveel vrijwilligers telt Nederland?")
