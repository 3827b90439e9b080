from __future__ import annotations

import re
from datetime import date
from html import escape
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document as WordDocument
from markdown_it import MarkdownIt

from assistant.errors import InputError
from assistant.export import as_markdown, as_text, as_word, escape_markdown, footnote, is_web_address, used_documents
from assistant.schema import Answer, Citation, Filters, Statement
from assistant.web.memory import pack, take_along
from assistant.web.place import checksum, source_link

TODAY = date(2026, 11, 22)
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![p](http://far.test/p.png) [l](javascript:alert(1)) "
    "<!-- x --> *vet* # kop $x$ &lt; `code`"
)
QUOTE = "De vergoeding is 25 euro."
LETTER = Citation(
    1, "brief.md", "Brief over de zaal", "2024-03-01", "NOV", 10, 35, QUOTE, "Zaal", None, "https://nov.test/a"
)
REPORT = Citation(2, "v.pdf", "Verslag", "2022-11-17", "deelnemers", 0, 5, "Meer.", "Wensen", 3)
ANSWER = Answer(
    "Wat kost de zaal?",
    "answered",
    (
        Statement("intro", "In de brief van 1 maart 2024 schrijft NOV:"),
        Statement("quote", QUOTE, (1,)),
        Statement("lead_in", "Er kwamen wensen:", (2,)),
        Statement("item", "meer geld", (2,)),
        Statement("struck", "Dat is verzonnen.", (3,)),
    ),
    (LETTER, REPORT, Citation(3, "x.md", "Weg", "", "", 0, 1, "W")),
)


def test_a_footnote_has_title_date_page_or_section_and_voice() -> None:
    assert footnote(LETTER) == "Brief over de zaal, 1 maart 2024, NOV, onder ‘Zaal’"
    assert footnote(REPORT) == "Verslag, 17 november 2022, p. 3, deelnemers"


def test_an_answer_as_text_with_footnotes() -> None:
    assert as_text(ANSWER) == (
        "In de brief van 1 maart 2024 schrijft NOV: “De vergoeding is 25 euro.” [1] “Er kwamen wensen:” [2]\n"
        "- meer geld [2]\n\n"
        "[1] Brief over de zaal, 1 maart 2024, NOV, onder ‘Zaal’. https://nov.test/a\n"
        "[2] Verslag, 17 november 2022, p. 3, deelnemers"
    )


def test_a_source_without_an_original_is_linked_to_its_place_on_the_page() -> None:
    link = source_link("http://nov.test/")
    assert link(LETTER) == "https://nov.test/a"
    assert link(REPORT) == f"http://nov.test/?doc=v.pdf#0-5-{checksum('Meer.')}"
    assert source_link("")(REPORT) == ""


def test_a_greeting_goes_along_without_an_outcome() -> None:
    greeting = Answer("Hallo", "answered", (Statement("notice", "Dag!"),))
    assert "Uitkomst" not in as_markdown([greeting], "Groet", TODAY)
    assert "Dag\\!" in as_markdown([greeting], "Groet", TODAY)


def test_a_conversation_as_markdown() -> None:
    text = as_markdown([ANSWER], "Over de zaal", TODAY, source_link("http://nov.test/"))
    assert text.startswith("# Over de zaal\n\nGemaakt op 22 november 2026 met de NOV\\-documentassistent.")
    assert "## Wat kost de zaal?\n\nUitkomst: beantwoord." in text
    assert (
        "\n\n> “De vergoeding is 25 euro.” \\[1\\]\n>\n> “Er kwamen wensen:” \\[2\\]\n>\n> - meer geld \\[2\\]\n\n"
        in text
    )
    assert "1. [Brief over de zaal, 1 maart 2024, NOV, onder ‘Zaal’](<https://nov.test/a>)\n2. [Verslag, 17" in text
    assert text.endswith("## Gebruikte documenten\n\n- Brief over de zaal, 1 maart 2024\n- Verslag, 17 november 2022\n")
    assert "verzonnen" not in text
    assert "Weg" not in text


def test_a_conversation_as_word() -> None:
    word = WordDocument(BytesIO(as_word([ANSWER], "Over de zaal", TODAY)))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert lines[0] == "Over de zaal"
    assert [p.text for p in word.paragraphs if p.style.name.startswith("Heading")] == [
        "Wat kost de zaal?",
        "Bronnen",
        "Gebruikte documenten",
    ]
    assert "“De vergoeding is 25 euro.” [1]" in lines
    assert "[1] Brief over de zaal, 1 maart 2024, NOV, onder ‘Zaal’ https://nov.test/a" in lines
    links = [link.address for paragraph in word.paragraphs for link in paragraph.hyperlinks]
    assert links == ["https://nov.test/a"]
    assert not any("verzonnen" in line for line in lines)
    assert lines[-2:] == ["Brief over de zaal, 1 maart 2024", "Verslag, 17 november 2022"]


def hostile() -> Answer:
    citation = Citation(1, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0, 5, HOSTILE, HOSTILE, None, "javascript:alert(1)")
    return Answer(
        HOSTILE, "partial", tuple(Statement(k, HOSTILE, (1,)) for k in ("intro", "quote", "item")), (citation,)
    )


def test_strangers_text_is_no_markdown() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(as_markdown([hostile()], HOSTILE, TODAY))
    tags = set(re.findall(r"<(\w+)", html))
    assert tags == {"h1", "p", "h2", "blockquote", "ul", "li", "h3", "ol"}
    assert html.count(escape(" ".join(HOSTILE.split()), quote=False).replace('"', "&quot;")) == 11


def test_numbers_at_the_start_of_a_line_make_no_list() -> None:
    assert escape_markdown("1. een\n\n2) twee") == "1\\. een 2\\) twee"


def test_strangers_text_is_text_in_word_and_nothing_is_fetched() -> None:
    file = as_word([hostile()], HOSTILE + "\x00\x0b\ud800", TODAY)
    lines = [paragraph.text for paragraph in WordDocument(BytesIO(file)).paragraphs]
    assert lines[0] == HOSTILE
    assert f"“{HOSTILE}” [1]" in lines
    with ZipFile(BytesIO(file)) as parts:
        relations = parts.read("word/_rels/document.xml.rels").decode()
    assert "External" not in relations


@pytest.mark.parametrize(
    "text",
    ["", "javascript:alert(1)", "data:text/html,x", "//far.test", "http://", "https://a b", "https://a<b", "http://["],
)
def test_only_web_addresses_become_links(text: str) -> None:
    assert not is_web_address(text)


def test_documents_are_listed_once() -> None:
    assert used_documents([ANSWER, ANSWER]) == ["Brief over de zaal, 1 maart 2024", "Verslag, 17 november 2022"]


# --- what the browser asks for


def request(**more: object) -> dict[str, object]:
    return {"turns": [pack(ANSWER, Filters(), "abc")], "title": "Zaal", "page": "http://nov.test/", **more}


def test_a_file_of_a_kept_conversation() -> None:
    word, markdown = take_along(request(format="word"), TODAY), take_along(request(format="markdown"), TODAY)
    assert (word.name, markdown.name) == ("gesprek-2026-11-22.docx", "gesprek-2026-11-22.md")
    assert WordDocument(BytesIO(word.content)).paragraphs[0].text == "Zaal"
    assert markdown.content.decode() == as_markdown([ANSWER], "Zaal", TODAY, source_link("http://nov.test/"))


@pytest.mark.parametrize("asked", [None, [], {}, {"turns": []}, {"turns": "x"}, {"turns": [{"answer": 1}]}])
def test_what_is_no_conversation_becomes_no_file(asked: object) -> None:
    with pytest.raises(InputError):
        take_along(asked, TODAY)


def test_a_page_that_is_no_web_address_is_not_linked() -> None:
    text = take_along(request(page="javascript:alert(1)//"), TODAY).content.decode()
    assert "javascript" not in text
