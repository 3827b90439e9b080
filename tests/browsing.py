"""How tests ask the page in a real Chromium; the fixtures `browser`, `site` and `visit` stand in conftest.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from serving import served

from assistant.pipeline import Assistant

CITED = "Welke uitdagingen noemen gemeenten zelf?"
UNKNOWN = "Hoe bak ik een appeltaart?"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"
PATIENCE = 60_000
"""Milliseconds; only a browser that shows nothing takes so long."""
Visit = Callable[..., Page]
expect.set_options(timeout=PATIENCE)


def running(assistant: Assistant) -> Iterator[str]:
    """The address of a page that is served until the caller goes on."""
    with served(assistant) as url:
        yield f"{url}/"


def is_outside(url: str) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname not in ("127.0.0.1", "localhost")


def ask(page: Page, question: str) -> Locator:
    """Types a question, sends it with Enter and returns the finished answer."""
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    box.press("Enter")
    return finished(page, question)


def finished(page: Page, question: str) -> Locator:
    turn = page.locator(".turn").last
    expect(turn.locator(".question")).to_contain_text(question)
    answer = turn.locator(".answer:not([aria-busy])")
    answer.wait_for()
    return answer


def marked(page: Page) -> str:
    """The highlighted text in the reader, without white space."""
    page.locator("#reader mark").first.wait_for()
    return "".join("".join(page.locator("#reader mark").all_text_contents()).split())


def quote_of(assistant: Assistant, link: Locator) -> str:
    """What a citation number refers to, without white space."""
    start, end = int(link.get_attribute("data-start") or 0), int(link.get_attribute("data-end") or 0)
    return "".join(assistant.documents[link.get_attribute("data-document") or ""].text[start:end].split())
