"""Citations: shown for reading, made from a document, checked against it."""

from dataclasses import replace

import pytest

from assistant.citations import cite, display, dutch_date, faults, source_line
from assistant.schema import Answer, Citation, Document, Passage, Span, Statement, VoiceRange

# Display


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("U leest het [position paper hier](#) (pdf).", "U leest het position paper hier (pdf)."),
        ("zie [de methodiek (pdf)](https://nov.nl/a_(1).pdf) nu", "zie de methodiek (pdf) nu"),
        ("[methodiek \\(pdf\\)](#).", "methodiek (pdf)."),
        ("![logo](logo.png) NOV", "logo NOV"),
        ("De **institutionele sociale basis** bestaat", "De institutionele sociale basis bestaat"),
        ("__alle__ inwoners", "alle inwoners"),
        ("5 \\* 3 \\- 2", "5 * 3 - 2"),
        ("regel een\n  regel\ttwee", "regel een regel twee"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("liefde [voor een bepaald onderwerp] is", "liefde [voor een bepaald onderwerp] is"),
        ("Oekrai\u0308ne 👍", "Oekrai\u0308ne 👍"),
        ("", ""),
    ],
)
def test_a_quote_is_shown_without_mark_up_on_one_line(quote, shown):
    assert display(quote) == shown


def test_bold_words_that_run_over_the_end_of_a_line_are_shown_without_marks():
    assert display("de **sociale\nbasis** telt") == "de sociale basis telt"


def test_the_bullet_that_a_page_end_put_into_a_sentence_is_not_shown():
    assert display("(boodschappen doen\n\n\n\n- voor de ander)") == "(boodschappen doen voor de ander)"


def test_a_dash_behind_a_page_end_stays_when_a_new_sentence_begins():
    assert display("Einde.\n\n- Nieuw punt") == "Einde. - Nieuw punt"


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("zoals onderzoek zegt [1].", "zoals onderzoek zegt (1)."),
        ("[ 12\n]", "( 12 )"),
        ("\\[3\\]", "(3)"),
        ("[4](#)", "4"),
    ],
)
def test_nothing_in_a_document_passes_for_a_citation_mark(quote, shown):
    assert display(quote) == shown


# Dates


@pytest.mark.parametrize(
    ("iso", "dutch"),
    [
        ("2023-09-05", "5 september 2023"),
        ("2022-11-17", "17 november 2022"),
        ("2024-01-31", "31 januari 2024"),
        ("2024-12-01", "1 december 2024"),
    ],
)
def test_a_date_is_written_out_in_dutch(iso, dutch):
    assert dutch_date(iso) == dutch


@pytest.mark.parametrize("text", ["", "2023", "2023-00-01", "2023-13-01", "5-9-2023", "2023-09-05T10:00"])
def test_what_is_no_iso_date_stays_as_it_is(text):
    assert dutch_date(text) == text


# Making


TEXT = "Kop\n\nEerste zin. Tweede zin."
DOCUMENT = Document(
    "map/brief.pdf",
    TEXT,
    "De brief",
    kind="brief",
    date="2023-09-05",
    voice="NOV",
    link="https://nov.nl/brief",
    voices=(VoiceRange(TEXT.index("Tweede"), "deelnemers"),),
    pages=(0, TEXT.index("Tweede")),
)
PASSAGE = Passage("id", "map/brief.pdf", 5, len(TEXT), "paragraph", TEXT[5:], headings=("Deel", "Kop"))


def test_a_citation_says_where_its_quote_stands_who_speaks_and_on_which_page():
    start, end = TEXT.index("Tweede"), len(TEXT)
    assert cite(3, DOCUMENT, PASSAGE, Span(start, end)) == Citation(
        number=3,
        document="map/brief.pdf",
        title="De brief",
        date="2023-09-05",
        voice="deelnemers",
        start=start,
        end=end,
        quote="Tweede zin.",
        heading="Deel › Kop",
        page=2,
        link="https://nov.nl/brief",
    )


def test_a_citation_before_the_other_voice_and_page_has_the_first_of_both():
    citation = cite(1, DOCUMENT, PASSAGE, Span(5, 16))
    assert (citation.quote, citation.voice, citation.page) == ("Eerste zin.", "NOV", 1)


def test_a_document_without_pages_gives_a_citation_without_page():
    assert cite(1, replace(DOCUMENT, pages=()), PASSAGE, Span(5, 16)).page is None


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({}, "De brief, 5 september 2023, p. 2, NOV"),
        ({"page": None}, "De brief, 5 september 2023, NOV"),
        ({"date": "", "page": None}, "De brief, NOV"),
        ({"date": "", "page": None, "voice": ""}, "De brief"),
    ],
)
def test_a_source_line_names_what_is_known(changed, line):
    citation = Citation(1, "brief.pdf", "De brief", "2023-09-05", "NOV", 0, 3, "Kop", page=2)
    assert source_line(replace(citation, **changed)) == line


# Checking


ONE = cite(1, DOCUMENT, PASSAGE, Span(5, 16))
TWO = cite(2, DOCUMENT, PASSAGE, Span(17, 28))
DOCUMENTS = {DOCUMENT.name: DOCUMENT}


def answer(*statements: Statement, citations: tuple[Citation, ...] = (ONE, TWO)) -> Answer:
    return Answer("Vraag?", "answered", statements, citations)


INTRO = Statement("intro", "In de brief schrijft NOV:")
FIRST = Statement("quote", "Eerste zin.", (1,))
SECOND = Statement("quote", "Tweede zin.", (2,))


def test_a_sound_answer_has_no_faults():
    assert faults(answer(INTRO, FIRST, SECOND), DOCUMENTS) == []


def test_an_answer_that_quotes_nothing_has_no_faults():
    assert faults(answer(Statement("notice", "Dat staat er niet."), citations=()), DOCUMENTS) == []


@pytest.mark.parametrize("changed", [{"quote": "Eerste  zin."}, {"start": 6}, {"end": 15}, {"document": "ander.txt"}])
def test_a_quote_that_is_not_the_documents_own_text_is_a_fault(changed):
    broken = replace(ONE, **changed)
    assert faults(answer(FIRST, SECOND, citations=(broken, TWO)), DOCUMENTS) == ["citation 1 is not verbatim"]


def test_a_number_without_citation_is_a_fault():
    found = faults(answer(FIRST, SECOND, citations=(ONE,)), DOCUMENTS)
    assert found == ["statement cites 2, which does not exist", "mark [2] has no citation"]


def test_a_citation_that_nothing_uses_is_a_fault():
    assert faults(answer(FIRST), DOCUMENTS) == ["citation 2 is never used"]


@pytest.mark.parametrize("kind", ["quote", "lead_in", "item"])
def test_a_quoted_statement_without_citation_is_a_fault(kind):
    assert faults(answer(Statement(kind, "Zomaar."), citations=()), DOCUMENTS) == ["no citation: Zomaar."]


def test_a_mark_in_our_own_words_that_leads_nowhere_is_a_fault():
    assert faults(answer(Statement("notice", "Zie [7]."), citations=()), DOCUMENTS) == ["mark [7] has no citation"]
