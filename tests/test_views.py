from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_render import HOSTILE, LETTER, Html, cite

from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.schema import Answer, Citation, Document, Filters, Hit, Passage, Position, Statement, VoiceRange
from assistant.web.about import MEASURED, REPORT, read_figures, render_about
from assistant.web.filters import Options, describe_filters, filters_from, render_filter_form
from assistant.web.suggestions import suggestions
from assistant.web.views import age, render_positions, render_positions_form, render_sources, render_view

TODAY = date(2026, 11, 22)

# --- sources


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("2026-11-22", "deze maand"),
        ("2026-10-23", "deze maand"),
        ("2026-10-22", "1 maand oud"),
        ("2025-11-23", "11 maanden oud"),
        ("2024-11-22", "2 jaar oud"),
        ("2022-11-17", "4 jaar oud"),
        ("2026-11-23", ""),
        ("", ""),
        ("2024", ""),
    ],
)
def test_how_old_a_document_is(made: str, words: str) -> None:
    assert age(made, TODAY) == words


def test_every_document_with_what_is_known_of_it() -> None:
    report = Document(
        "v.pdf", "x", "Verslag", "verslag", "2022-11-17", "deelnemers", "concept", voices=(VoiceRange(3, "NOV"),)
    )
    html = Html(render_sources([report, LETTER, Document("a.txt", "x", "Anders")], TODAY))
    assert [link["href"] for link in html.all("a")] == ["?doc=brief.txt", "?doc=v.pdf", "?doc=a.txt"]
    assert "Verslagverslag17 november 2022 · 4 jaar ouddeelnemers; NOVconcept" in html.text
    assert "Andersonbekendonbekendonbekendonbekend" in html.text
    assert "Uit deze 3 documenten" in html.text


# --- positions


class Positions:
    """An assistant that knows these statements and remembers what it was asked."""

    documents = {LETTER.name: LETTER}  # noqa: RUF012
    passages = (Passage("p", "brief.txt", 0, 5, "paragraph", "Er zi", voice="NOV"),)

    def __init__(self, *found: Position) -> None:
        self.found = found
        self.filters = Filters()

    def positions(self, subject: str, filters: Filters, top_k: int, stance: str) -> tuple[Position, ...]:
        if not subject:
            raise InputError("Typ een vraag van een of meer woorden.")
        self.filters = filters
        return tuple(position for position in self.found if stance in ("", position.stance))


SCHOOL = Position(cite(1, "Er zijn 3 scholen."), "standpunt", 1)
CLUB = Position(cite(1, "De club is open."), "zorg", 0.5)


def test_positions_stand_on_a_time_line_and_open_their_document() -> None:
    old = Citation(1, "v.md", "Verslag", "2022-11-17", "deelnemers", 0, 3, "Nee", "Wensen", 2)
    html = Html(render_positions(Positions(SCHOOL, CLUB, Position(old, "advies", 0.1)), {"subject": "scholen"}))
    assert html.text == (
        "3 uitspraken gevonden."
        "5 september 2023NOV standpuntEr zijn 3 scholen.BriefNOV zorgDe club is open.Brief"
        "17 november 2022deelnemers adviesNeeVerslag · Wensen · pagina 2"
    )
    assert [time["datetime"] for time in html.all("time")] == ["2023-09-05", "2022-11-17"]
    assert [link["data-document"] for link in html.all("a")] == ["brief.txt", "brief.txt", "v.md"]


def test_positions_on_a_claim_stand_by_side_and_are_not_judged() -> None:
    old = Citation(1, "v.md", "Verslag", "2022-11-17", "deelnemers", 0, 3, "Nee", "Wensen", 2)
    found = replace(SCHOOL, side="voor"), replace(CLUB, side="voor"), Position(old, "advies", 0.1, "onduidelijk")
    html = Html(render_positions(Positions(*found), {"subject": "Er moeten scholen zijn"}))
    assert html.text == (
        "3 uitspraken gevonden."
        "De assistent let alleen op de woorden van een uitspraak en kan zich vergissen. Wie gelijk heeft, zegt de "
        "assistent niet. Lees de uitspraak na in het document."
        "Voor de stelling (2)5 september 2023NOV standpuntEr zijn 3 scholen.BriefNOV zorgDe club is open.Brief"
        "Tegen de stelling (0)Geen uitspraken gevonden."
        "Niet duidelijk voor of tegen (1)17 november 2022deelnemers adviesNeeVerslag · Wensen · pagina 2"
    )
    assert [section["aria-labelledby"] for section in html.all("section")] == [
        heading["id"] for heading in html.all("h3")
    ]
    assert len(html.all("h4")) == 2
    against = Html(render_positions(Positions(replace(SCHOOL, side="tegen")), {"subject": "Er moeten scholen zijn"}))
    assert "Voor de stelling (0)Geen uitspraken gevonden.Tegen de stelling (1)5 september 2023" in against.text
    assert "Niet duidelijk" not in against.text


def test_positions_are_narrowed() -> None:
    assistant = Positions(SCHOOL, CLUB)
    asked = {"subject": "x", "voice": "NOV", "kind": "brief", "since": "2023-01-01", "until": "x", "stance": "zorg"}
    html = Html(render_positions(assistant, asked)).text
    assert assistant.filters == Filters(kinds=frozenset({"brief"}), voices=frozenset({"NOV"}), since="2023-01-01")
    assert html.startswith("1 uitspraak gevonden. Alleen gezocht in: brief; NOV; vanaf 1 januari 2023; zorg.")


def test_no_positions() -> None:
    assert "Geen uitspraken gevonden. Probeer" in render_positions(Positions(), {"subject": "x"})


@pytest.mark.parametrize("asked", [None, [], "x", {}, {"subject": 3}, {"subject": ""}])
def test_a_request_for_positions_can_be_anything(asked: object) -> None:
    assert "Typ een vraag" in render_positions(Positions(SCHOOL), asked)


# --- about


@pytest.mark.parametrize(
    ("writes", "keeps", "said", "unsaid"),
    [
        (False, False, "nergens anders heen", "bewaren we uw oordeel"),
        (True, False, "naar de computer van het taalmodel", "nergens anders heen"),
        (False, True, "We bewaren niet wie u bent", "taalmodel"),
    ],
)
def test_what_happens_with_questions_is_told_as_it_is(writes: bool, keeps: bool, said: str, unsaid: str) -> None:
    html = Html(render_about([LETTER], "abc", writes, keeps)).text
    assert said in html
    assert unsaid not in html


def test_figures_come_from_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    metrics = {"hit@5": {"mean": 0.7405, "low": 0.675, "high": 0.8, "n": 185}}
    report.write_text(json.dumps({"versions": {"index": "abc"}, "total": {"questions": 220, "metrics": metrics}}))
    html = Html(render_about([LETTER], "abc", report=report)).text
    assert "gemeten met 220 vaste vragen. De cijfers horen bij de documenten die de assistent nu kent." in html
    assert "74%68% tot 80%" in html
    assert "cijfers kunnen nu iets anders zijn" in render_about([LETTER], "other", report=report)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"total": {"metrics": []}}'])
def test_without_a_report_there_are_no_figures(tmp_path: Path, content: str | None) -> None:
    report = tmp_path / "report.json"
    if content is not None:
        report.write_text(content)
    assert read_figures(report) is None
    assert "nog geen meetresultaten" in render_about([], "", report=report)


def test_the_kept_report_has_the_figures_that_are_shown() -> None:
    figures = read_figures(REPORT)
    assert figures
    assert set(figures.shares) == {name for name, _ in MEASURED}


# --- filters


def test_filters_from_a_browser() -> None:
    asked = {"documents": ["a", "a", 3, ""], "kinds": "brief", "voices": None, "since": "2023-01-01", "until": "morgen"}
    assert filters_from(asked) == Filters(documents=frozenset({"a"}), since="2023-01-01")
    assert filters_from("x") == Filters()


@pytest.mark.parametrize("page", [None, 3, "javascript:alert(1)", "x", "https://a b"])
def test_options_can_be_anything(page: object) -> None:
    assert Options.from_request({"page": page, "replace": "ja", "filters": []}) == Options()
    assert Options.from_request(page) == Options()


def test_filters_in_words() -> None:
    filters = Filters(frozenset({"brief.txt", "weg.txt"}), frozenset({"brief"}), frozenset({"NOV"}), "2023-01-01")
    assert describe_filters(filters, [LETTER]) == "Brief; weg.txt; brief; NOV; vanaf 1 januari 2023"
    assert describe_filters(Filters(), [LETTER]) == ""


def test_nothing_to_choose_is_not_asked() -> None:
    html = Html(render_filter_form([Document("a.txt", "x", "A")], []))
    assert [box.get("name") for box in html.all("input")] == ["since", "until", "documents"]


# --- suggestions


def passage(start: int, *headings: str, document: str = "brief.txt") -> Passage:
    return Passage(f"{document}:{start}", document, start, start + 10, "paragraph", "x" * 10, headings)


def answer_at(start: int, heading: str, *hits: Passage) -> Answer:
    citation = Citation(1, "brief.txt", "Brief", "", "NOV", start, start + 5, "xxxxx", heading)
    found = tuple(Hit(hit, 1, 1, 1, 1) for hit in hits)
    return Answer("Wat kost het?", "answered", (Statement("quote", "xxxxx", (1,)),), (citation,), found)


def test_next_section_first_then_what_was_found_then_the_section_before() -> None:
    here = [passage(0, "Inleiding"), passage(10, "Kosten"), passage(20, "Kosten"), passage(30, "Wie betaalt de zaal?")]
    there = passage(0, "Verslag", "Wensen", document="v.md")
    found = suggestions(answer_at(12, "Kosten", here[1], there), [*here, there])
    assert found == ("Wie betaalt de zaal?", "Wat staat er over “Wensen”?", "Wat staat er over “Inleiding”?")


def test_what_says_too_little_or_was_asked_is_not_suggested() -> None:
    here = [passage(0, "Kosten"), passage(10, "Waarom is dat nodig?"), passage(20, "2."), passage(30, "woord " * 40)]
    here.append(passage(40, "Wie betaalt de zaal?"))
    assert suggestions(answer_at(2, "Kosten"), here, ["wie betaalt de zaal?"]) == ()


def test_nothing_to_suggest_without_a_citation_or_its_passage() -> None:
    assert suggestions(Answer("x", "not_found", ()), [passage(0, "Kosten")]) == ()
    assert suggestions(answer_at(50, "Kosten"), [passage(0, "Kosten")]) == ()


def test_suggestions_from_the_documents_that_come_along_are_answered(assistant: Assistant) -> None:
    answer = assistant.ask("Wat is de beste vorm van waardering voor vrijwilligers?")
    found = suggestions(answer, assistant.passages)
    assert found
    for question in found:
        assert assistant.ask(question).status != "not_found"


# --- strangers' text


def test_strangers_text_stays_text_in_every_view() -> None:
    document = Document(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    hostile = Position(Citation(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0, 5, HOSTILE, HOSTILE), "zorg", 1)
    assistant = Positions(hostile)
    assistant.documents = {HOSTILE: document}
    assistant.passages = (Passage("p", HOSTILE, 0, 5, "paragraph", HOSTILE, (HOSTILE,), voice=HOSTILE),)
    pages = [
        render_sources([document], TODAY),
        render_positions_form(assistant),
        render_positions(assistant, {"subject": HOSTILE, "voice": HOSTILE}),
        render_filter_form([document], [HOSTILE]),
        render_about([document], HOSTILE),
        render_view(assistant, HOSTILE, TODAY),
    ]
    for page in pages:
        html = Html(page)
        assert not {tag for tag, _ in html.elements} & {"script", "img", "iframe", "svg"}
        for _, attributes in html.elements:
            assert not any(name.startswith("on") for name in attributes)
            assert attributes.get("href", "#").startswith(("#", "?"))
        assert HOSTILE in html.text or not re.search("alert", str(page)) or "alert" in html.text
