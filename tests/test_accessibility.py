"""axe-core finds no violations of WCAG 2.2 AA on any view, in a real Chromium."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import CITED, UNKNOWN, Visit, ask
from conftest import open_assistant
from playwright.sync_api import Page
from test_managing import BUS, OPERATED, PASSWORD

from assistant.encoder import Encoder

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parent / "accessibility"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core; fetched by npm into this folder once."""
    script = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not there, which fetches axe-core; on Debian: sudo apt-get install npm")
        command = [npm, "ci", "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(command, check=True, capture_output=True, cwd=FOLDER)
    return script.read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    """Every violation with the element it is found on."""
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate(
        "rules => axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })", RULES
    )
    return [f"{found['id']}: {node['html'][:160]}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_no_violations_in_the_conversation(visit: Visit, axe: str, width: int, scheme: str) -> None:
    page = visit(width=width, color_scheme=scheme)
    assert violations(page, axe) == []
    ask(page, UNKNOWN)
    number = ask(page, CITED).locator("blockquote .cite").first
    number.evaluate("link => link.focus({ focusVisible: true })")
    page.get_by_role("tooltip").wait_for()
    assert violations(page, axe) == []
    number.click()
    page.locator("#reader mark").first.wait_for()
    assert violations(page, axe) == []
    page.get_by_role("button", name="Sluiten").click()
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter input").first.check()
    assert violations(page, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("view", ["Standpunten", "Bronnen", "Uw gesprekken", "Over deze assistent"])
def test_no_violations_in_the_views(visit: Visit, axe: str, width: int, scheme: str, view: str) -> None:
    page = visit(width=width, color_scheme=scheme)
    if view == "Uw gesprekken":
        ask(page, UNKNOWN)
    page.get_by_role("link", name=view, exact=True).click()
    page.get_by_role("heading", name=view).wait_for()
    if view == "Standpunten":
        page.get_by_label("Onderwerp of stelling").fill("betaling van vrijwilligers")
        page.get_by_role("button", name="Zoek uitspraken").click()
        page.locator(".found").wait_for()
    assert violations(page, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_no_violations_where_documents_are_managed(
    visit: Visit,
    serve: Callable[..., str],
    axe: str,
    corpus: Path,
    tmp_path: Path,
    encoder: Encoder,
    width: int,
    scheme: str,
) -> None:
    url = serve(open_assistant(corpus, tmp_path / "index", encoder), **OPERATED)
    page = visit(
        f"{url}/?beeld=beheer",
        width=width,
        color_scheme=scheme,
        http_credentials={"username": "anna", "password": PASSWORD},
        ready="#manage h2",
    )
    assert violations(page, axe) == []
    (tmp_path / "brief.md").write_bytes(BUS)
    (tmp_path / "stuk.pdf").write_bytes(b"geen pdf")
    page.get_by_label("Kies een of meer bestanden").set_input_files([tmp_path / "brief.md", tmp_path / "stuk.pdf"])
    page.get_by_role("button", name="Voeg toe").click()
    page.get_by_role("button", name="Ja, vervang").wait_for()
    page.get_by_role("button", name="Gegevens aanpassen: verslag.md").click()
    page.get_by_role("button", name="Verwijder: brief.md").click()
    page.get_by_role("button", name="Ja, verwijder: brief.md").wait_for()
    assert violations(page, axe) == []
    page.get_by_role("button", name="Index bijwerken").click()
    page.get_by_text("De index is bijgewerkt.").wait_for()
    assert violations(page, axe) == []
