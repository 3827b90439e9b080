from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from assistant.errors import InputError
from assistant.schema import Answer, Citation, Document, Filters, Hit, Passage, Span, Statement
from assistant.web.chat import Turn, fail, keep, render_turns, reopen, respond, stop
from assistant.web.filters import Options
from assistant.web.place import Place
from assistant.web.reader import render_document, render_reader
from assistant.web.render import Around, render_answer, render_document_list, render_turn, shorten
from assistant.web.welcome import describe, render_welcome

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{x}} ${x} [1] $$x$$ ![p](http://far.test/p.png)"
SCHOOL = "Er zijn 3 scholen."
CLUB = "De club is open."
LETTER = Document("brief.txt", f"{SCHOOL} {CLUB}", "Brief", "brief", "2023-09-05", "NOV")


class Html(HTMLParser):
    """The elements and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str, css: str = "") -> list[dict[str, str | None]]:
        return [
            attrs for name, attrs in self.elements if name == tag and css in ["", *(attrs.get("class") or "").split()]
        ]


def cite(number: int, quote: str, document: Document = LETTER, **more: str) -> Citation:
    start = document.text.index(quote)
    voice = more.get("voice", document.voice)
    return Citation(
        number, document.name, document.title, document.date, voice, start, start + len(quote), quote, page=None
    )


def hit(quote: str, document: Document = LETTER) -> Hit:
    start = document.text.index(quote)
    passage = Passage(
        "p", document.name, start, start + len(quote), "paragraph", quote, voice=document.voice, date=document.date
    )
    return Hit(passage, 1, 1, 1, 1)


ANSWER = Answer(
    "Hoeveel scholen zijn er?",
    "answered",
    (Statement("intro", "In de brief staat:"), Statement("quote", SCHOOL, (1,)), Statement("quote", CLUB, (2,))),
    (cite(1, SCHOOL), cite(2, CLUB)),
    (hit(SCHOOL), hit(CLUB)),
    index="abc",
)


def test_the_fact_that_was_asked_for_is_in_bold_and_the_rest_is_escaped() -> None:
    html = str(render_answer(ANSWER, Around(1)))
    assert "<p>“Er zijn <strong>3</strong> scholen.”" in html
    assert "<p>“De club is open.”" in html
    assert "Het vet in het citaat is van de assistent." in html
    assert "Het vet" not in str(render_answer(replace(ANSWER, question="Welke scholen zijn er?"), Around(1)))
    hostile = replace(ANSWER, statements=(Statement("quote", "<b>Er zijn 3 scholen</b> & meer.", (1,)),))
    assert "“&lt;b&gt;Er zijn <strong>3</strong> scholen&lt;/b&gt; &amp; meer.”" in str(
        render_answer(hostile, Around(1))
    )


def test_the_first_words_say_whether_answers_are_quoted_or_written() -> None:
    assert "Hij antwoordt alleen met citaten" in render_welcome([LETTER])
    written = render_welcome([LETTER], writes=True)
    assert "Een taalmodel schrijft de antwoorden" in written
    assert "alleen met citaten" not in written


def test_a_greeting_has_no_outcome() -> None:
    greeting = Answer("Hallo", "answered", (Statement("notice", "Dag!"),))
    assert 'class="status"' not in str(render_answer(greeting, Around(1)))
    nothing = Answer("Wat?", "not_found", (Statement("notice", "Dat staat niet in de documenten."),))
    assert "Niet gevonden" in str(render_answer(nothing, Around(1)))


def test_what_a_language_model_wrote_is_not_called_a_quotation() -> None:
    written = replace(ANSWER, statements=(Statement("generated", "Er zijn drie scholen.", (1,)),))
    assert "Elke zin is nagekeken in de bron." in str(render_answer(written, Around(1)))
    assert "Elk citaat staat woordelijk in de bron." in str(render_answer(ANSWER, Around(1)))


def test_an_index_that_cannot_be_used_is_told_with_the_mend() -> None:
    class Broken(Echo):
        @property
        def documents(self) -> dict[str, Document]:
            raise InputError("Maak de index opnieuw.")

    *_, turns = respond(Broken(), "vraag", ())
    assert "Maak de index opnieuw." in render_turns(turns)
    assert not turns[-1].busy


def test_shorten_cuts_at_a_word() -> None:
    assert shorten("een twee, drie", 40) == "een twee, drie"
    assert shorten("een\ntwee, drie", 11) == "een twee …"


def test_every_quotation_has_a_number_that_names_its_place() -> None:
    html = Html(render_answer(ANSWER, Around(7)))
    in_text, in_list = html.all("a", "cite")[:2], html.all("a", "cite")[2:]
    for links in (in_text, in_list):
        assert [(link["data-document"], link["data-start"], link["data-end"]) for link in links] == [
            ("brief.txt", "0", "18"),
            ("brief.txt", "19", "35"),
        ]
    assert in_text[0]["aria-label"] == "Bron 1, Brief, 5 september 2023"
    assert [link["href"] for link in in_text] == [f"#{link['id']}" for link in in_list] == ["#bron-7-1", "#bron-7-2"]
    assert "“Er zijn 3 scholen.”\xa0[1]“De club is open.”\xa0[2]" in html.text


def test_a_source_stands_once_with_all_its_numbers() -> None:
    html = Html(render_answer(ANSWER, Around(1))).text
    assert "Bronnen[1] [2] Brief 5 september 2023 · NOVKopieer" in html


def test_a_source_stands_once_for_each_voice() -> None:
    citations = (cite(1, SCHOOL), cite(2, CLUB, voice="deelnemers"))
    answer = Answer("q", "answered", ANSWER.statements, citations)
    html = Html(render_answer(answer, Around(1))).text
    assert "[1] Brief 5 september 2023 · NOV[2] Brief 5 september 2023 · deelnemersKopieer" in html


def test_lists_stand_in_the_quotation_that_introduces_them() -> None:
    statements = (Statement("lead_in", SCHOOL, (1,)), Statement("item", CLUB, (2,)), Statement("notice", "Klaar."))
    answer = Answer("q", "answered", statements, ANSWER.citations)
    pattern = r"<blockquote><p>“Er .*</p><ul><li>De club .*</li></ul></blockquote><p class=\"notice\">Klaar\.</p>"
    assert re.search(pattern, render_answer(answer, Around(1)))


@pytest.mark.parametrize(
    ("status", "word", "nearest"),
    [("answered", "Beantwoord", 0), ("partial", "Gedeeltelijk", 1), ("not_found", "Niet gevonden", 2)],
)
def test_status_in_words_with_the_nearest_passages_that_are_not_cited(status, word: str, nearest: int) -> None:
    cited = () if status == "not_found" else (cite(1, SCHOOL),)
    statements = tuple(Statement("quote", citation.quote, (citation.number,)) for citation in cited)
    html = Html(render_answer(Answer("q", status, statements, cited, ANSWER.hits), Around(1)))
    assert word in html.text
    assert len(html.all("q")) == nearest


def test_at_most_three_nearest_passages() -> None:
    answer = Answer("q", "not_found", (Statement("notice", "Nee."),), hits=(hit(SCHOOL),) * 10)
    assert len(Html(render_answer(answer, Around(1))).all("q")) == 3


def test_what_was_understood() -> None:
    answer = Answer("q", "answered", (), understood=("SPUK = Specifieke Uitkering",))
    assert "<summary>Wat heb ik begrepen?</summary><ul><li>SPUK = Specifieke Uitkering</li>" in render_answer(
        answer, Around(1)
    )


def test_a_long_question_is_shortened_and_a_short_one_keeps_its_lines() -> None:
    assert "een\ntwee" in render_turn("een\ntwee", render_answer(ANSWER, Around(1)))
    assert len(Html(render_turn("woord " * 1000, render_answer(ANSWER, Around(1)))).text) < 1000


# --- the reader -------------------------------------------------------------------------------------------------------


def marked_text(html: str) -> str:
    return Html("".join(re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL))).text


def test_the_mark_is_the_quoted_range() -> None:
    for quote in (SCHOOL, CLUB, "3", LETTER.text):
        start = LETTER.text.index(quote)
        assert marked_text(render_document(LETTER, Span(start, start + len(quote)))) == quote


def test_a_mark_runs_over_blocks_signs_and_a_page_end() -> None:
    text = (
        "# Kop\n\nEerste alinea.\n\n- een\n- twee die door-\nloopt en hier nog lang niet klaar is maar doorgaat\n\n\n"
        "- op de volgende bladzijde van dit stuk, want zo gaat dat.\n\nSlot."
    )
    document = Document("a.md", text, "A", pages=(0, text.index("Slot")))
    html = render_document(document, Span(text.index("alinea"), text.index("Slot") + 2))
    assert "".join(marked_text(html).split()) == "".join(text[text.index("alinea") : text.index("Slot") + 2].split())
    assert '<h3 class="heading" id="kop-0" tabindex="-1"><span class="sign"># </span>Kop</h3>' in html
    assert '<mark><span class="gap">\n\n\n- </span></mark>' in html
    assert 'data-page="Pagina 2"' in html


def test_the_reader_tells_what_is_known_of_the_document() -> None:
    document = Document("a.txt", "Tekst.", "A", "brief", "2023-09-05", "NOV", "definitief", "https://nov.test/a")
    html = Html(render_document(document, Span(0, 0)))
    assert "Abrief · 5 september 2023 · NOV · definitief · Origineel" in html.text
    assert [link["href"] for link in html.all("a")] == ["https://nov.test/a", "?doc=a.txt"]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", " https://nov.test", ""])
def test_only_web_addresses_become_links(link: str) -> None:
    links = Html(render_document(Document("a.txt", "Tekst.", "A", link=link), Span(0, 0))).all("a")
    assert [link["href"] for link in links] == ["?doc=a.txt"]


def test_the_reader_marks_nothing_when_the_document_has_changed() -> None:
    place = Place.of_quote("brief.txt", 0, "Er zijn 4 scholen.")
    html = render_reader({"brief.txt": LETTER}, place)
    assert "veranderd sinds het antwoord" in html
    assert not marked_text(html)


def test_the_reader_without_a_document_and_with_an_unknown_one() -> None:
    assert "Brief" in render_reader({"brief.txt": LETTER}, Place(""))
    assert "er niet meer" in render_reader({"brief.txt": LETTER}, Place("weg.txt"))


@pytest.mark.parametrize(
    "request_", [None, [], "x", {"start": -1}, {"document": None, "start": "1e3", "end": "²", "check": 1.5}]
)
def test_a_request_can_be_anything(request_: object) -> None:
    assert Place.from_request(request_) == Place("")


def test_a_place_survives_the_way_to_the_browser_and_back() -> None:
    place = Place.of_quote(HOSTILE, 19, CLUB)
    attributes = Html(f"<a {place.attributes}>").all("a")[0]
    assert Place.from_request({name.removeprefix("data-"): value for name, value in attributes.items()}) == place


def test_documents_newest_first() -> None:
    old, undated = Document("a", "x", "Oud", date="2020-01-01"), Document("b", "x", "Zonder datum")
    html = Html(render_document_list([undated, old, LETTER])).text
    assert html.index("Brief") < html.index("Oud") < html.index("Zonder datum")


# --- the welcome ------------------------------------------------------------------------------------------------------


def test_describe_documents() -> None:
    assert describe([LETTER]) == "De assistent kent 1 document, de nieuwste van 5 september 2023."
    assert describe([]) == "De assistent kent 0 documenten."


def test_examples_only_for_documents_that_are_there() -> None:
    assert not Html(render_welcome([LETTER])).all("button")
    known = Document("brief-brede-spuk-2023-09-05.txt", "x", "Brief")
    assert len(Html(render_welcome([known])).all("button")) == 3


def test_a_long_list_of_documents_is_behind_a_link() -> None:
    many = [Document(f"{number}.txt", "x", f"Document {number}") for number in range(9)]
    assert "Alle 9 documenten" in render_welcome(many)


# --- strangers' text --------------------------------------------------------------------------------------------------


def hostile_pages() -> list[str]:
    text = f"{HOSTILE}\n\n# {HOSTILE}\n\n- {HOSTILE}\n\nGewone zin."
    document = Document(HOSTILE, text, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    quotes = (HOSTILE, "Gewone zin.")
    statements = tuple(Statement(kind, HOSTILE, (1,)) for kind in ("intro", "quote", "lead_in", "item", "notice"))
    citations = tuple(cite(number, quote, document) for number, quote in enumerate(quotes, 1))
    answer = Answer(HOSTILE, "partial", statements, citations[:1], (hit("Gewone zin.", document),), 0.5, (HOSTILE,))
    return [
        render_turn(HOSTILE, render_answer(answer, Around(1))),
        render_document(document, Span(3, len(text) - 3)),
        render_document_list([document]),
        render_welcome([document]),
    ]


@pytest.mark.parametrize("page", range(4))
def test_strangers_text_stays_text(page: int) -> None:
    html = Html(hostile_pages()[page])
    assert not {tag for tag, _ in html.elements} & {"script", "img", "iframe", "svg"}
    for _, attributes in html.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#").startswith(("#", "?"))
    assert HOSTILE in html.text or page == 1
    assert "<script>alert(1)</script>" in html.text


# --- the conversation -------------------------------------------------------------------------------------------------


class Echo:
    """An assistant that answers every question alike and remembers what it was asked."""

    documents: dict[str, Document] = {LETTER.name: LETTER}  # noqa: RUF012
    passages = ()
    manifest = SimpleNamespace(fingerprint="abc")

    def __init__(self, error: Exception | None = None, answers: tuple[Answer, ...] = (ANSWER,)) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.filters: Filters | None = None
        self.error = error
        self.answers = answers

    def stream(self, question: str, history: list[str], filters: Filters) -> Iterator[Answer]:
        self.filters = filters
        self.asked.append((question, tuple(history)))
        if self.error:
            raise self.error
        yield from self.answers


def test_an_answer_comes_statement_by_statement() -> None:
    steps = list(respond(Echo(), "Hoeveel?", ()))
    shown = [Html(turns[-1].reply).text for turns in steps]
    assert shown[0] == "Ik zoek in de documenten …Stop"
    assert shown[1] == "In de brief staat:Stop"
    assert shown[2] == "In de brief staat:“Er zijn 3 scholen.”\xa0[1]Stop"
    assert shown[3].startswith(shown[2].removesuffix("Stop") + "“De club is open.”")
    assert "Bronnen" in shown[3]
    assert [("aria-busy" in turns[-1].reply) for turns in steps] == [True, True, True, False]


def test_what_a_model_writes_is_shown_as_it_comes_and_once() -> None:
    written = tuple(Statement("generated", text, (1,)) for text in ("Er zijn scholen.", "De club is open."))
    growing = tuple(
        replace(ANSWER, statements=written[:count], complete=complete) for count, complete in ((1, False), (2, True))
    )
    steps = list(respond(Echo(answers=growing), "Hoeveel?", ()))
    shown = [Html(turns[-1].reply).text for turns in steps]
    assert shown[1] == "Er zijn scholen.\xa0[1]Stop"
    assert shown[2].startswith("Er zijn scholen.\xa0[1]")
    assert "De club is open." in shown[2]
    assert len(steps) == 3


def test_earlier_questions_that_were_answered_go_along() -> None:
    echo = Echo()
    *_, turns = respond(echo, "een", ())
    *_, turns = respond(Echo(InputError("Te lang.")), "twee", turns)
    *_, turns = respond(echo, "drie", turns)
    assert echo.asked == [("een", ()), ("drie", ("een",))]
    assert [turn.answer is not None for turn in turns] == [True, False, True]
    assert "Te lang." in turns[1].reply


def test_a_fault_in_the_program_gets_an_apology() -> None:
    failing = respond(Echo(ValueError("boem")), "vraag", ())
    searching = next(failing)
    with pytest.raises(ValueError, match="boem"):
        next(failing)
    assert "Er ging iets mis" in render_turns(fail(searching))
    assert fail(()) == ()
    assert fail((Turn("een", searching[0].reply, ANSWER), *searching))[0].answer


def test_stopping_ends_only_what_is_busy() -> None:
    searching = next(respond(Echo(), "vraag", ()))
    assert "Gestopt" in render_turns(stop(searching))
    *_, done = respond(Echo(), "vraag", ())
    assert stop(done) == done
    assert stop(()) == ()


def test_a_question_in_the_place_of_the_last_one_does_not_lean_on_it() -> None:
    echo = Echo()
    *_, turns = respond(echo, "een", ())
    *_, turns = respond(echo, "twee", turns)
    *_, turns = respond(echo, "drie", turns, Options(replace=True))
    assert [turn.question for turn in turns] == ["een", "drie"]
    assert echo.asked[-1] == ("drie", ("een",))


def test_filters_go_along_and_are_told() -> None:
    echo = Echo()
    filters = Filters(documents=frozenset({"brief.txt"}), until="2023-12-31")
    *_, turns = respond(echo, "vraag", (), Options(filters))
    assert echo.filters == filters
    assert "Alleen gezocht in: Brief; tot en met 31 december 2023." in render_turns(turns)


def test_a_conversation_is_kept_and_opened_again_as_it_was() -> None:
    options = Options(Filters(kinds=frozenset({"brief"})), page="http://nov.test/")
    *_, turns = respond(Echo(), ANSWER.question, (), options)
    again = reopen(Echo(), json.loads(json.dumps(keep(turns))), "http://nov.test/")
    assert render_turns(again) == render_turns(turns)
    assert keep(again) == keep(turns)


def test_an_answer_from_other_documents_says_so() -> None:
    *_, turns = respond(Echo(), "vraag", ())
    kept = keep(turns)
    kept[0]["version"] = "older"
    assert "documenten zijn veranderd sinds dit antwoord" in render_turns(reopen(Echo(), kept))


def test_a_kept_answer_that_cites_what_is_not_there_is_refused() -> None:
    *_, turns = respond(Echo(), "vraag", ())
    kept = keep(turns)
    kept[0]["answer"]["citations"] = []
    with pytest.raises(InputError):
        reopen(Echo(), kept)


@pytest.mark.parametrize("kept", [{}, "x", [1], [{}], [{"answer": {}, "filters": {}, "version": ""}], [[]] * 201])
def test_what_is_no_conversation_is_refused(kept: object) -> None:
    with pytest.raises(InputError, match="kan niet meer worden geopend"):
        reopen(Echo(), kept)


def test_a_kept_conversation_with_strangers_text_stays_text() -> None:
    *_, turns = respond(Echo(), "vraag", ())
    kept = keep(turns)
    kept[0]["answer"]["question"] = HOSTILE
    kept[0]["answer"]["statements"][0]["text"] = HOSTILE
    kept[0]["answer"]["citations"][0] |= {"title": HOSTILE, "quote": HOSTILE, "link": "javascript:alert(1)"}
    html = Html(render_turns(reopen(Echo(), kept, "http://nov.test/")))
    assert not {tag for tag, _ in html.elements} & {"script", "img", "iframe", "svg"}
    assert not any(name.startswith("on") for _, attributes in html.elements for name in attributes)
    assert "javascript:" not in str([attributes.get("href") for _, attributes in html.elements])


def test_a_struck_sentence_is_shown_struck_through() -> None:
    answer = Answer("q", "answered", (Statement("struck", HOSTILE), *ANSWER.statements), ANSWER.citations)
    html = Html(render_answer(answer, Around(1)))
    assert html.all("s")
    assert "Doorgestreept" in html.text
    assert HOSTILE not in (html.all("button")[0]["data-copy"] or "")


def test_suggestions_are_questions_to_click() -> None:
    html = Html(render_answer(ANSWER, Around(1, suggestions=(HOSTILE,))))
    assert [button["data-question"] for button in html.all("button") if "data-question" in button] == [HOSTILE]
