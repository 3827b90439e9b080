"""The short fact that a question asks for, pointed out in a quotation."""

import pytest

from assistant.facts import facts


def pointed_out(question, text):
    return [text[span.start : span.end] for span in facts(question, text)]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Hoeveel krijgt de club?", "De club krijgt € 1.250,50 per jaar.", ["€ 1.250,50"]),
        ("Hoeveel mensen doen mee?", "In 2021 deden zes miljoen mensen mee.", ["zes miljoen"]),
        ("Hoeveel scholen zijn er?", "Er zijn 3 nieuwe scholen en 12 leraren.", ["3"]),
        ("Welk percentage haakt af?", "Van hen haakt 12,5% af.", ["12,5%"]),
        ("Hoe lang duurt het?", "De proef duurt twee jaar.", ["twee jaar"]),
        ("Hoe vaak komt de raad bijeen?", "De raad komt één keer per maand bijeen.", ["één keer"]),
        ("Hoeveel uur per week?", "Gemiddeld is dat 10-15 uur.", ["10-15 uur"]),
        ("Hoeveel is de vergoeding?", "Die gaat naar 2000 euro.", ["2000 euro"]),
        ("Hoeveel is de vergoeding?", "2. De vergoeding is hoogstens € 1.800.", ["€ 1.800"]),
        ("Wanneer begint het?", "Het begint op 1 maart 2024 met 30 mensen.", ["1 maart 2024"]),
        ("Vanaf welk jaar geldt dat?", "Dat geldt sinds 2019.", ["2019"]),
    ],
)
def test_the_fact_that_is_asked_for(question, text, expected):
    assert pointed_out(question, text) == expected


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Waarom krijgt de club geld?", "De club krijgt € 1.250 per jaar."),  # asks for no fact
        ("Hoeveel was het?", "Het was 10, 20 of 30 euro."),  # three could be it
        ("Hoeveel was het?", "Dat was in 2021 en op 5 mei 2022."),  # dates are no amounts
        ("Hoeveel was het?", "Een vereniging heeft een bestuur."),  # an article is no number
        ("Hoeveel was het?", "Zie hoofdstuk 3 van de nota."),  # does not say of what it is a number
        ("Wanneer mag de gemeente weigeren?", "Volgens de Wmo 2015 mag dat."),  # part of a name
        ("Wie is de directeur?", "De directeur is Anna Smit."),  # names are left alone
        ("Welke bedragen worden genoemd?", "Het was 10 euro."),  # a list has no one fact
        ("Wanneer was het?", "Het was na de İstanbul-week van 3 mei 2020."),  # 'İ' is two letters in lower case
    ],
)
def test_nothing_is_pointed_out_where_it_is_not_clear(question, text):
    assert pointed_out(question, text) == []
