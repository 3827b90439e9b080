"""A link to an answer asks its question again, says when the documents have changed, and can be anything."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import CITED, HOSTILE, Visit, ask, finished
from conftest import open_assistant
from playwright.sync_api import expect
from test_render import Html

from assistant.encoder import Encoder
from assistant.errors import InputError
from assistant.pipeline import Assistant, build_index
from assistant.schema import Filters
from assistant.settings import load_settings
from assistant.web.chat import Turns, asked_in, keep, render_turns, reopen, respond
from assistant.web.filters import Options
from assistant.web.link import LONGEST, AnswerLink, follow_up

VERSION = "0123456789abcdef"
LINK = AnswerLink("Wie betaalt de zaal?", version=VERSION)
PAGE = "http://nov.test/"


def signed(text: str) -> str:
    """The address of this text, as if the page had made it."""
    return f"#{text}&controle={zlib.crc32(text.encode())}"


# --- the address


def test_an_address_in_full() -> None:
    filters = Filters(
        documents=frozenset({"b&c.md", "a.md"}), kinds=frozenset({"brief"}), since="2024-01-01", until="2024-12-31"
    )
    link = AnswerLink("En 'één' zaal?", ("Wie?",), filters, VERSION)
    text = (
        "vraag=En%20%27%C3%A9%C3%A9n%27%20zaal%3F&na=Wie%3F&soort=brief&document=a.md&document=b%26c.md"
        "&vanaf=2024-01-01&tot=2024-12-31&versie=0123456789abcdef"
    )
    assert link.address == signed(text)
    assert AnswerLink.from_address(link.address) == link


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        AnswerLink(HOSTILE, (HOSTILE, "twee\nregels"), Filters(voices=frozenset({HOSTILE})), VERSION),
        AnswerLink("100% + 1 & 2 = #3 😀", version=VERSION),
    ],
)
def test_a_link_comes_back_as_it_was(link: AnswerLink) -> None:
    assert AnswerLink.from_address(link.address) == link
    assert set(link.address) <= set("#&=%-_.~") | set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_only_the_last_twenty_earlier_questions_go_along() -> None:
    link = AnswerLink("Wie?", tuple(map(str, range(25))), version=VERSION)
    assert AnswerLink.from_address(link.address).before == tuple(map(str, range(5, 25)))


def test_a_question_that_is_too_long_for_a_link_gets_none() -> None:
    # '#vraag=' + question + '&versie=' + 16 digits + '&controle=' + at most 10 digits
    assert AnswerLink("a" * (LONGEST - 51), version=VERSION).address
    assert AnswerLink("a" * LONGEST, version=VERSION).address == ""


@pytest.mark.parametrize(
    "address",
    [
        None,
        7,
        "",
        "#",
        "#vraag=",
        "#vraag=Wie",
        LINK.address[:-1],
        LINK.address + "1",
        LINK.address + ".",
        LINK.address.replace("Wie", "Wat"),
        LINK.address.replace("vraag=Wie%20betaalt", "vraag=Wie"),
        signed(f"vraag=%20&versie={VERSION}"),
        signed(f"versie={VERSION}"),
        signed("vraag=Wie"),
        signed("vraag=Wie&versie=x"),
        signed(f"vraag=Wie&versie={VERSION}&html=%3Cb%3E"),
        signed(f"vraag=Wie&vraag=Wat&versie={VERSION}"),
        signed(f"vraag=Wie&vanaf=gisteren&versie={VERSION}"),
        signed(f"vraag=Wie&los&versie={VERSION}"),
        signed(f"vraag=%FF&versie={VERSION}"),
        signed("vraag=Wie" + "&na=x" * 21 + f"&versie={VERSION}"),
    ],
)
def test_a_link_that_is_not_whole_is_refused(address: object) -> None:
    with pytest.raises(InputError, match="niet heel"):
        AnswerLink.from_address(address)


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="te lang: er mogen 16000 tekens"):
        AnswerLink.from_address(signed("vraag=" + "a" * LONGEST))


# --- what is said with the answer


def test_a_reader_hears_where_the_question_comes_from_and_what_changed() -> None:
    follow = AnswerLink("En hoeveel?", ("Wie  betaalt\nde zaal?", "Echt?"), version=VERSION)
    came, went_before, changed = follow.remarks("f" * 16)
    assert came == "Deze vraag komt uit een link."
    assert went_before == "Dit is een vervolgvraag. Daarvoor is gevraagd: “Wie betaalt de zaal?” “Echt?”"
    assert changed.startswith("De documenten zijn veranderd sinds deze link is gemaakt. Dit is het antwoord van nu")
    assert LINK.remarks(VERSION) == (came,)
    assert follow_up(()) == ()


# --- in a conversation


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Assistant:
    corpus = tmp_path_factory.mktemp("corpus")
    (corpus / "zaal.md").write_text("# Zaal\n\nDe gemeente betaalt de zaal.\n\nDe zaal kost 25 euro.\n", "utf-8")
    return open_assistant(corpus, tmp_path_factory.mktemp("index"), encoder)


def last(assistant: Assistant, question: str, turns: Turns = (), **more: object) -> Turns:
    """The conversation with this question and its whole answer."""
    options = Options(page=PAGE, **more)  # type: ignore[arg-type]
    return list(respond(assistant, question, turns, options))[-1]


def link_of(turns: Turns) -> AnswerLink:
    """The link under the last answer."""
    copied = [button["data-copy"] for button in Html(turns[-1].reply).all("button") if "data-copy" in button]
    assert copied[1].startswith(f"{PAGE}#vraag=")
    return AnswerLink.from_address(copied[1].removeprefix(PAGE))


def test_under_an_answer_is_a_link_with_what_it_was_asked_with(small: Assistant) -> None:
    filters, version = Filters(documents=frozenset({"zaal.md"})), small.manifest.fingerprint
    turns = last(small, "Wie betaalt de zaal?", filters=filters)
    assert link_of(turns) == AnswerLink("Wie betaalt de zaal?", (), filters, version)
    turns = last(small, "En hoeveel kost die?", turns)
    assert link_of(turns) == AnswerLink("En hoeveel kost die?", ("Wie betaalt de zaal?",), Filters(), version)
    assert "Link naar dit antwoord" in turns[-1].reply
    assert link_of(reopen(small, keep(turns), PAGE)) == link_of(turns)


def test_without_an_address_of_the_page_there_is_no_link(small: Assistant) -> None:
    assert "Link naar" not in list(respond(small, "Wie betaalt de zaal?", ()))[-1][-1].reply


def test_a_link_is_a_conversation_that_goes_on(small: Assistant) -> None:
    link = AnswerLink("En hoeveel kost die?", ("Wie betaalt de zaal?",), version="f" * 16)
    turns = list(respond(small, link.question, (), Options(page=PAGE), link))[-1]
    assert turns[-1].answer
    assert "Vervolg op: Wie betaalt de zaal?" in turns[-1].answer.understood
    for text in ("Deze vraag komt uit een link.", "“Wie betaalt de zaal?”", "antwoord van nu"):
        assert text in turns[-1].reply
    assert asked_in(turns) == ["Wie betaalt de zaal?", "En hoeveel kost die?"]
    again = last(small, link.question, turns, replace=True)
    reopened = reopen(small, keep(turns), PAGE)
    for later in (again, reopened):
        assert asked_in(later) == asked_in(turns)
        assert "Daarvoor is gevraagd: “Wie betaalt de zaal?”" in later[-1].reply
        assert "uit een link" not in later[-1].reply
        assert link_of(later).before == link.before


def test_nothing_of_a_link_becomes_html(small: Assistant) -> None:
    link = AnswerLink(HOSTILE, (HOSTILE,), Filters(documents=frozenset({HOSTILE})), "f" * 16)
    for step in respond(small, link.question, (), Options(filters=link.filters, page=PAGE), link):
        html = Html(render_turns(step))
        assert not [tag for tag, _ in html.elements if tag in ("script", "img")]
        assert HOSTILE in html.text


# --- on the page


@pytest.mark.browser
def test_who_opens_a_link_gets_the_answer_of_now(
    visit: Visit, serve: Callable[..., str], corpus: Path, tmp_path: Path, encoder: Encoder
) -> None:
    small = open_assistant(corpus, tmp_path / "index", encoder)
    url = serve(small)
    clipboard = {"permissions": ["clipboard-read", "clipboard-write"]}
    page = visit(url, **clipboard)
    ask(page, "Wie betaalt de zaal?")
    answer = ask(page, "En hoeveel is de vergoeding daarvoor?")
    answer.get_by_role("button", name="Link naar dit antwoord").click()
    expect(answer.get_by_role("button", name="Gekopieerd")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{url}/#vraag=En%20hoeveel")

    other = visit(link, ready=".answer[data-status]")
    answer = finished(other, "En hoeveel is de vergoeding daarvoor?")
    expect(answer).to_contain_text("25 euro")
    expect(answer.locator(".warning")).to_have_text(
        ["Deze vraag komt uit een link.", "Dit is een vervolgvraag. Daarvoor is gevraagd: “Wie betaalt de zaal?”"]
    )
    assert other.url == f"{url}/"
    other.reload()
    finished(other, "En hoeveel is de vergoeding daarvoor?")
    expect(other.locator(".turn")).to_have_count(1)

    letter = corpus / "documents" / "brief.md"
    letter.write_text(letter.read_text("utf-8").replace("25 euro", "30 euro"), "utf-8")
    build_index(load_settings(corpus=corpus, index=tmp_path / "index"), encoder=encoder)
    # A link in a tab where another conversation is open begins one of its own.
    page.goto(link)
    answer = finished(page, "En hoeveel is de vergoeding daarvoor?")
    expect(page.locator(".turn")).to_have_count(1)
    expect(answer).to_contain_text("30 euro")
    expect(answer.locator(".warning").last).to_contain_text("De documenten zijn veranderd sinds deze link is gemaakt.")
    page.get_by_role("link", name="Uw gesprekken").click()
    expect(page.locator("#kept > ul > li .facts")).to_contain_text(["1 vraag", "2 vragen"])

    broken = visit(link[:-2], ready=".welcome [role=alert]")
    expect(broken.get_by_role("alert")).to_contain_text("Deze link is niet heel")
    expect(broken.locator(".turn")).to_have_count(0)


@pytest.mark.browser
def test_a_hostile_link_is_a_question_like_any_other(visit: Visit, site: str) -> None:
    link = AnswerLink(f"{CITED} {HOSTILE}", (HOSTILE,), version="f" * 16)
    page = visit(f"{site}{link.address}", ready=".answer[data-status]")
    expect(page.locator(".question")).to_contain_text(HOSTILE)
    expect(page.locator(".answer .warning").nth(1)).to_contain_text(HOSTILE)
    expect(page.locator("#conversation :is(script, img)")).to_have_count(0)
