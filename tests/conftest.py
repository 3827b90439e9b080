"""What several test modules share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.encoder import Encoder, load_encoder
from assistant.pipeline import Assistant, build_index
from assistant.settings import ROOT, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

THIRD_PARTY = (
    # Gradio opens event loops that it never closes, each with a pair of sockets.
    "ignore:unclosed event loop:ResourceWarning",
    "ignore:unclosed <socket.socket fd=\\d+, family=1,:ResourceWarning",
    # Chroma's client of a server never closes its connections.
    "ignore:unclosed <socket.socket fd=\\d+, family=2, type=1, proto=6,:ResourceWarning",
    # Gradio counts its events with pandas options that pandas 3 deprecates.
    "ignore::DeprecationWarning:gradio.queueing",
)


BRIEF = """# Brief over de zaal

De gemeente betaalt de zaal voor de jeugd. De vergoeding is 25 euro per avond.

Het bestuur vraagt de subsidie zelf aan.
"""

VERSLAG = """# Verslag van de avond

Deelnemers willen meer aandacht voor mantelzorg.

Er kwamen drie wensen:

- een hogere subsidie
- een jonger bestuur
- een eigen zaal
"""

DESCRIPTION = """
brief.md: {title: Brief over de zaal, kind: brief, date: 2024-03-01, voice: NOV}
verslag.md: {title: Verslag van de avond, kind: verslag, date: 2022-11-17, voice: deelnemers}
"""


def pytest_configure(config: pytest.Config) -> None:
    for line in THIRD_PARTY:
        config.addinivalue_line("filterwarnings", line)


def open_assistant(corpus: Path, index: Path, encoder: Encoder | None = None) -> Assistant:
    """A real assistant on a real index of this corpus."""
    settings = load_settings(corpus=corpus, index=index)
    build_index(settings, encoder=encoder)
    return Assistant.open(settings, encoder)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The Dutch encoder that comes along; loaded once."""
    return load_encoder(load_settings())


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Assistant:
    """The real assistant on the documents that come along."""
    return open_assistant(ROOT / "corpus", tmp_path_factory.mktemp("index"), encoder)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A small corpus folder with two documents and their description."""
    folder = tmp_path / "corpus"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "brief.md").write_text(BRIEF, encoding="utf-8")
    (folder / "documents" / "verslag.md").write_text(VERSLAG, encoding="utf-8")
    (folder / "documents.yaml").write_text(DESCRIPTION, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def site(assistant: Assistant) -> Iterator[str]:
    """The address of the page for the documents that come along."""
    from browsing import running

    yield from running(assistant)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import Error, sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            pytest.fail(f"These tests drive Chromium: 'apt install chromium' or 'playwright install chromium'. {error}")
        yield chromium
        chromium.close()


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serves a page with settings of its own until the test and its browser have finished."""
    from serving import served

    with ExitStack() as servers:
        yield lambda assistant, **settings: servers.enter_context(served(assistant, **settings))


@pytest.fixture
def visit(browser: Browser, site: str, serve: Callable[..., str]) -> Iterator[Callable[..., Page]]:
    """Opens the page as a new visitor; fails on a dialog, an error in the page or a request to another server."""
    from browsing import PATIENCE, is_outside

    troubles: list[str] = []
    contexts = []

    def open_page(
        url: str = site, width: int = 1280, height: int = 800, ready: str = ".welcome", **options: object
    ) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.set_default_navigation_timeout(PATIENCE)
        page.on("dialog", lambda dialog: (troubles.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: troubles.append(f"error {error}"))
        page.on("console", lambda message: message.type == "error" and troubles.append(f"console {message.text}"))
        page.on("request", lambda request: is_outside(request.url) and troubles.append(f"request {request.url}"))
        page.goto(url)
        page.locator(ready).first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles
