from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from browsing import (
    CITED,
    HOSTILE,
    UNKNOWN,
    Visit,
    ask,
    finished,
    marked,
    quote_of,
    running,
)
from playwright.sync_api import Page, expect
from serving import desk_of, free_port

from assistant.encoder import Encoder
from assistant.errors import IndexMissingError, InputError
from assistant.pipeline import Assistant, build_index
from assistant.settings import ROOT, load_settings
from assistant.web import serve
from assistant.web.desk import Desk
from assistant.web.examples import EXAMPLES

# --- asking and checking ----------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_citation_opens_the_document_at_the_quotation(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    numbers = ask(page, CITED).locator("blockquote .cite")
    numbers.first.wait_for()
    for number in numbers.all():
        number.click()
        expect(number).to_have_attribute("aria-current", "true")
        expect(page.locator("#reader mark").first).to_be_in_viewport()
        assert marked(page) == quote_of(assistant, number)
    document = assistant.documents[numbers.last.get_attribute("data-document") or ""]
    expect(page.locator("#reader h2")).to_have_text(document.title)
    assert "".join(page.locator("#reader .text").text_content().split()) == "".join(document.text.split())


@pytest.mark.browser
def test_the_same_by_keyboard_alone(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Uw vraag")).to_be_focused()
    page.keyboard.type("Welke uitdagingen")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("noemen gemeenten zelf?")
    page.keyboard.press("Enter")
    number = finished(page, "Welke uitdagingen").locator("blockquote .cite").first
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if number.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    assert marked(page) == quote_of(assistant, number)
    expect(page.locator("#reader mark").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(number).to_be_focused()


@pytest.mark.browser
def test_citations_of_an_earlier_answer_keep_working(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    first = ask(page, CITED).locator("blockquote .cite").first
    ask(page, "Wat is de institutionele basis?")
    expect(page.locator(".turn")).to_have_count(2)
    first = page.locator(".turn").first.locator("blockquote .cite").first
    first.click()
    assert marked(page) == quote_of(assistant, first)


@pytest.mark.browser
@pytest.mark.parametrize("question", [example.question for example in EXAMPLES])
def test_an_example_is_answered_from_its_document(visit: Visit, question: str) -> None:
    page = visit()
    page.get_by_role("button", name=question).click()
    answer = finished(page, question)
    expect(answer).to_have_attribute("data-status", "answered")
    document = next(example.document for example in EXAMPLES if example.question == question)
    assert document in [link.get_attribute("data-document") for link in answer.locator("blockquote .cite").all()]


@pytest.mark.browser
def test_a_question_that_the_documents_do_not_answer(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    answer = ask(page, UNKNOWN)
    expect(answer.locator(".status")).to_contain_text("Niet gevonden")
    expect(answer.locator(".cite")).to_have_count(0)
    nearest = answer.locator(".nearest a").first
    nearest.click()
    assert marked(page) == quote_of(assistant, nearest)


@pytest.mark.browser
def test_a_follow_up_question(visit: Visit) -> None:
    page = visit()
    ask(page, "Wie is de contactpersoon bij NOV?")
    expect(ask(page, "En haar e-mailadres?")).to_contain_text("e.starrevelt@nov.nl")


@pytest.mark.browser
def test_two_visitors_do_not_see_each_other(visit: Visit) -> None:
    one, other = visit(), visit()
    ask(one, CITED)
    expect(other.locator(".turn")).to_have_count(0)
    ask(other, UNKNOWN)
    expect(one.locator(".turn")).to_have_count(1)
    expect(one.locator("#conversation")).not_to_contain_text("appeltaart")
    other.reload()
    expect(other.locator(".turn")).to_have_count(1)
    expect(other.locator("#conversation")).not_to_contain_text("gemeenten zelf")


@pytest.mark.browser
def test_a_new_conversation_starts_empty(visit: Visit) -> None:
    page = visit()
    ask(page, CITED).locator(".cite").first.click()
    page.get_by_role("button", name="Nieuw gesprek").click()
    page.locator(".welcome").wait_for()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.get_by_label("Uw vraag")).to_be_focused()


@pytest.mark.browser
def test_the_documents_open_from_the_list(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    page.locator(".welcome .documents a").first.click()
    page.get_by_role("button", name="Alle documenten").click()
    expect(page.locator("#reader .documents li")).to_have_count(len(assistant.documents))
    page.locator("#reader .documents a").last.click()
    expect(page.locator("#reader .text")).to_contain_text("Verwonderzoek")
    expect(page.locator("#reader mark")).to_have_count(0)
    page.get_by_role("button", name="Alle documenten").click()
    page.locator("#reader .documents").wait_for()
    page.get_by_role("button", name="Sluiten").click()
    expect(page.locator(".welcome .documents a").first).to_be_focused()


@pytest.mark.browser
def test_questions_that_cannot_be_asked(visit: Visit) -> None:
    page = visit()
    box = page.get_by_label("Uw vraag")
    box.fill("   \n")
    page.get_by_role("button", name="Verstuur").click()
    box.fill("vraag " * 500)
    box.press("Enter")
    expect(finished(page, "vraag vraag")).to_contain_text("tekens lang")
    expect(box).to_have_value(re.compile("^vraag vraag"))
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.browser
def test_a_question_sent_twice_is_asked_once_and_the_next_is_not_lost(visit: Visit) -> None:
    page = visit()
    box = page.get_by_label("Uw vraag")
    box.fill(CITED)
    box.press("Enter")
    box.press("Enter")
    expect(box).to_have_value("")
    ask(page, UNKNOWN)
    expect(page.locator(".turn")).to_have_count(2)


@pytest.mark.browser
def test_a_fault_in_the_program_is_told(visit: Visit, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ValueError("boem")

    page = visit()
    monkeypatch.setattr(type(assistant), "stream", break_down)
    expect(ask(page, CITED)).to_contain_text("Er ging iets mis")
    expect(page.locator("body")).not_to_contain_text("boem")


@pytest.mark.browser
def test_a_document_that_has_gone_since_the_answer(visit: Visit) -> None:
    page = visit()
    number = ask(page, CITED).locator(".cite").first
    number.evaluate("link => { link.dataset.document = 'weg.txt' }")
    number.click()
    expect(page.locator("#reader")).to_contain_text("er niet meer")


# --- how it looks -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_the_reader_lies_over_the_page_and_closes(visit: Visit, width: int) -> None:
    page = visit(width=width, height=700, has_touch=True, is_mobile=True)
    ask(page, CITED).locator(".cite").first.click()
    expect(page.locator("#reader mark").first).to_be_in_viewport()
    assert page.locator("#reader").bounding_box() == {"x": 0, "y": 0, "width": width, "height": 700}
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Sluiten").click()
    expect(page.locator("#reader")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(visit: Visit, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    assert lowest_contrast(page) >= 4.5
    ask(page, UNKNOWN)
    ask(page, CITED).locator(".cite").first.click()
    page.locator("#reader mark").first.wait_for()
    assert lowest_contrast(page) >= 4.5


def lowest_contrast(page: Page) -> float:
    """The lowest contrast of a text with the first opaque background behind it."""
    return page.evaluate(
        """() => {
          const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
          const light = (colour) => {
            const linear = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
            const [r, g, b] = numbers(colour).map((c) => linear(c / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = (element) => {
            for (let e = element; e; e = e.parentElement) {
              const colour = getComputedStyle(e).backgroundColor;
              if ((numbers(colour)[3] ?? 1) === 1) return colour;
            }
            return "rgb(255, 255, 255)";
          };
          const walker = document.createTreeWalker(document.querySelector(".gradio-container"), NodeFilter.SHOW_TEXT);
          let lowest = 21;
          while (walker.nextNode()) {
            const element = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
            if (element.closest("style, .sr-only, .sign, .gap")) continue;
            const [a, b] = [light(getComputedStyle(element).color), light(behind(element))].sort((x, y) => y - x);
            lowest = Math.min(lowest, (a + 0.05) / (b + 0.05));
          }
          return lowest;
        }"""
    )


@pytest.mark.browser
def test_the_page_is_dutch_and_announces_answers(visit: Visit) -> None:
    page = visit(locale="en-US")
    expect(page).to_have_title("NOV-documentassistent")
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.locator("footer")).to_have_count(0)
    assert page.request.get(f"{page.url}favicon.ico").headers["content-type"].startswith("image/svg+xml")


# --- strangers' text --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile_site(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    corpus = tmp_path_factory.mktemp("hostile")
    (corpus / "documents").mkdir()
    text = (
        f"# Kop {HOSTILE}\n\n## Tweede kop\n\n"
        f"De zaal in Zwolle is open op maandag {HOSTILE} [1] en $$\\frac{{1}}{{2}}$$ staat er.\n\n"
        f"De zaal in Zwolle moet open blijven {HOSTILE}.\n\n"
        "De zaal heeft [een link](javascript:alert(1)) en ![een foto](http://far.test/a.png) en {{constructor}} "
        "en ${alert(1)} in het gebouw.\n"
    )
    (corpus / "documents" / "<img src=x onerror=alert(1)>.md").write_text(text, encoding="utf-8")
    (corpus / "documents.yaml").write_text(
        f"'<img src=x onerror=alert(1)>.md':\n  title: 'Zaal {HOSTILE} [1]'\n  voice: '{HOSTILE}'\n  date: 2024-01-01\n"
    )
    settings = load_settings(corpus=corpus, index=tmp_path_factory.mktemp("index"))
    build_index(settings, encoder=encoder)
    yield from running(Assistant.open(settings, encoder))


@pytest.mark.browser
def test_strangers_text_is_shown_as_it_is(visit: Visit, hostile_site: str) -> None:
    page = visit(hostile_site)
    expect(page.locator(".documents")).to_contain_text(HOSTILE)
    answer = ask(page, f"Wanneer is de zaal in Zwolle open? {HOSTILE} ${{alert(1)}} {{{{constructor}}}}")
    expect(page.locator(".question")).to_contain_text(HOSTILE)
    expect(answer.locator("blockquote")).to_contain_text(HOSTILE)
    answer.locator(".cite").first.hover()
    expect(page.get_by_role("tooltip")).to_contain_text(HOSTILE)
    answer.locator(".cite").first.click()
    expect(page.locator("#reader h2")).to_contain_text(HOSTILE)
    expect(page.locator("#reader .contents a").first).to_contain_text(HOSTILE)
    for literal in (HOSTILE, "[1]", "$$\\frac{1}{2}$$", "[een link](javascript:alert(1))", "{{constructor}}"):
        expect(page.locator("#reader .text")).to_contain_text(literal)
    foreign = (
        ":is(#conversation, #reader, #view, #kept, #filter, #card, #options) :is(script, img, iframe, math), "
        "a[href^='javascript']"
    )
    expect(page.locator(foreign)).to_have_count(0)
    page.get_by_role("button", name="Sluiten").click()
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter").get_by_label(f"Zaal {HOSTILE}").check()
    page.get_by_role("button", name="Klaar").click()
    expect(page.locator(".chips")).to_contain_text(HOSTILE)
    for view in ("Bronnen", "Uw gesprekken"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page.locator(":is(#view, #kept):visible")).to_contain_text(HOSTILE)
        expect(page.locator(foreign)).to_have_count(0)
    page.get_by_role("link", name="Standpunten").click()
    page.get_by_label("Onderwerp of stelling").fill(f"zaal in Zwolle {HOSTILE}")
    page.get_by_role("button", name="Zoek uitspraken").click()
    expect(page.locator(".timeline")).to_contain_text(HOSTILE)
    expect(page.locator(foreign)).to_have_count(0)


# --- the server -------------------------------------------------------------------------------------------------------


def status_of(site: str, path: str, method: str = "GET") -> int:
    """The status of a request whose path nobody has tidied."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    try:
        connection.request(method, path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
        "/gradio_api/file=%2e%2e/%2e%2e/etc/passwd",
        f"/gradio_api/file={ROOT}/pyproject.toml",
        f"/gradio_api/file={ROOT}/corpus/documents/brief-brede-spuk-2023-09-05.txt",
        "/gradio_api/file=http://far.test/",
        "/gradio_api/file//etc/passwd",
        "/gradio_api/proxy=http://far.test/",
        "/gradio_api/upload",
        "/gradio_api/runs",
        "/static/../../../../etc/passwd",
        "/assets/../../../../../../../../../etc/passwd",
        "/assets/..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
        "/monitoring/summary",
        "/docs",
        "/openapi.json",
    ],
)
def test_nothing_else_is_served(site: str, path: str) -> None:
    assert status_of(site, path) in (400, 403, 404)
    assert status_of(site, path, "POST") in (400, 403, 404, 405)


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = (
            f"Poort {port} is al in gebruik. "
            f"Kies een andere poort, bijvoorbeeld: python -m assistant serve --port {port + 1}"
        )
        with pytest.raises(InputError, match=re.escape(message)):
            serve.serve(load_settings(port=port))


def test_an_address_of_another_computer() -> None:
    with pytest.raises(InputError, match=r"192\.0\.2\.1 bestaat niet op deze computer"):
        serve.check_address("192.0.2.1", free_port())


def test_a_port_that_is_not_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(serve.socket.socket, "bind", refuse)
    with pytest.raises(InputError, match="Poort 80 mag niet"):
        serve.check_address("127.0.0.1", 80)


def test_a_proxy_is_not_in_the_way(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "intranet.test")
    for url in running(assistant):
        assert status_of(url, "/") == 200


def test_serve_tells_where_the_page_is_and_stops(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()

    def interrupt() -> None:
        assert status_of(f"http://127.0.0.1:{port}", "/") == 200
        raise KeyboardInterrupt

    monkeypatch.setattr(Desk, "open", lambda _: desk_of(assistant))
    monkeypatch.setattr(serve, "threading", SimpleNamespace(Event=lambda: SimpleNamespace(wait=interrupt)))
    serve.serve(load_settings(port=port))
    assert f"http://127.0.0.1:{port}/" in capsys.readouterr().out
    serve.check_address("127.0.0.1", port)


def test_without_an_index_the_page_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        serve.serve(load_settings(port=free_port(), index=tmp_path / "none"))


def test_the_launcher_shows_only_the_message(tmp_path: Path) -> None:
    environment = {**os.environ, "ASSISTANT_INDEX": str(tmp_path / "none"), "ASSISTANT_PORT": str(free_port())}
    done = subprocess.run([sys.executable, ROOT / "app.py"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
