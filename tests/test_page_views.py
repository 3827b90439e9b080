"""What a visitor can do besides asking, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from browsing import CITED, UNKNOWN, Visit, ask, finished, marked, quote_of
from docx import Document as WordDocument
from playwright.sync_api import Page, expect

from assistant.pipeline import Assistant
from assistant.web.place import Place

pytestmark = pytest.mark.browser
LETTER = "brief-brede-spuk-2023-09-05.txt"
REPORT = "verslag-kenniscafes-2022-11-17.txt"


def go(page: Page, view: str) -> None:
    page.get_by_role("link", name=view, exact=True).click()


# --- the card of a citation


def test_a_citation_shows_its_source_on_hover_and_focus(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    number = ask(page, CITED).locator("blockquote .cite").first
    card = page.get_by_role("tooltip")
    expect(card).to_be_hidden()
    number.hover()
    document = assistant.documents[number.get_attribute("data-document") or ""]
    expect(card).to_contain_text(document.title)
    expect(card).to_contain_text("17 november 2022 · onderzoekers van Verwonderzoek")
    expect(card.locator("q")).to_have_text(number.get_attribute("data-quote") or "")
    box, window = card.bounding_box(), page.viewport_size
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= window["width"]
    card.hover()
    expect(card).to_be_visible()
    page.get_by_label("Uw vraag").hover()
    expect(card).to_be_hidden()
    page.get_by_label("Uw vraag").press("Shift+Tab")
    number.evaluate("link => link.focus({ focusVisible: true })")
    expect(card).to_be_visible()
    expect(number).to_have_attribute("aria-describedby", "card")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


# --- taking along


def test_an_answer_is_copied_with_footnotes_and_links(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, CITED).get_by_role("button", name="Kopieer").click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    notes = re.findall(r"^\[\d+\] .+ (http\S+)$", text, re.MULTILINE)
    assert notes
    source = "Samenvatting themagesprekken kenniscafés (bijlage 2), 17 november 2022, onderzoekers van Verwonderzoek"
    assert source in text
    page.goto(notes[0])
    page.locator("#reader mark").first.wait_for()


def test_a_conversation_is_downloaded(visit: Visit) -> None:
    page = visit()
    ask(page, UNKNOWN)
    ask(page, CITED)
    for button in ("Word", "Markdown"):
        with page.expect_download() as waiting:
            page.locator(".turn").last.get_by_role("button", name=button, exact=True).click()
        content = Path(waiting.value.path()).read_bytes()
        text = content.decode() if button == "Markdown" else word_text(content)
        assert waiting.value.suggested_filename.endswith(".md" if button == "Markdown" else ".docx")
        for part in (UNKNOWN, CITED, "Bronnen", "Gebruikte documenten"):
            assert part in text


def test_a_server_that_answers_nonsense_is_told_wherever_it_is_needed(visit: Visit) -> None:
    page = visit()
    ask(page, CITED)
    page.route("**/component_server/**", lambda route: route.fulfill(body="kapot"))
    page.locator(".turn").last.get_by_role("button", name="Word", exact=True).click()
    expect(page.locator(".turn").last.get_by_text("Het bestand is niet gemaakt")).to_be_visible()
    page.locator(".turn .cite").first.click()
    expect(page.locator("#reader").get_by_text("kan nu niet worden geopend")).to_be_visible()
    page.get_by_role("button", name="Sluiten").click()
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("De filters kunnen nu niet worden geopend")).to_be_visible()
    page.get_by_role("button", name="Klaar").click()
    page.unroute_all()
    page.get_by_role("button", name="Filters").click()
    expect(page.locator("#filter").get_by_label("brief", exact=True)).to_be_visible()
    page.get_by_role("button", name="Klaar").click()
    page.route("**/component_server/**", lambda route: route.fulfill(body="kapot"))
    go(page, "Bronnen")
    expect(page.get_by_role("heading", name="Dit kan nu niet worden geopend")).to_be_visible()


def word_text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in WordDocument(BytesIO(content)).paragraphs)


def test_on_paper_there_is_nothing_to_click(visit: Visit) -> None:
    page = visit()
    ask(page, CITED)
    page.emulate_media(media="print")
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator("section.sources")).to_be_visible()
    for part in ("#composer", "#header nav", ".actions", ".further"):
        expect(page.locator(part).first).to_be_hidden()


# --- filters


def test_a_filter_is_respected_and_removed_with_its_chip(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Filters").click()
    page.locator("#filter").get_by_label("brief", exact=True).check()
    page.get_by_label("Vanaf").fill("2023-01-01")
    page.get_by_role("button", name="Klaar").click()
    chips = page.locator(".chips button")
    expect(chips).to_have_text(["brief", "vanaf 1 januari 2023"])
    answer = ask(page, CITED)
    expect(answer.locator(".status")).to_contain_text("Alleen gezocht in: brief; vanaf 1 januari 2023.")
    assert places(answer.locator("[data-document]")) == {LETTER}
    chips.first.click()
    chips.first.click()
    expect(page.get_by_role("button", name="Filters")).to_be_focused()
    answer = ask(page, CITED)
    expect(answer.locator(".status")).not_to_contain_text("Alleen gezocht")
    assert REPORT in places(answer.locator("[data-document]"))


def places(links: object) -> set[str]:
    return {link.get_attribute("data-document") for link in links.all()}


# --- standpunten and bronnen


def test_positions_on_a_time_line_open_at_their_place(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    go(page, "Standpunten")
    page.get_by_label("Onderwerp of stelling").fill("ondersteuning van vrijwilligers")
    page.get_by_role("button", name="Zoek uitspraken").click()
    expect(page.locator(".found")).to_contain_text("gevonden")
    dates = [time.get_attribute("datetime") or "" for time in page.locator(".timeline time").all()]
    assert dates == sorted(dates, reverse=True)
    assert len(dates) == 2
    page.get_by_label("Van wie").select_option("NOV")
    page.get_by_role("button", name="Zoek uitspraken").click()
    expect(page.locator(".found")).to_contain_text("Alleen gezocht in: NOV")
    expect(page.locator(".timeline time")).to_have_count(1)
    link = page.locator(".timeline a").first
    link.click()
    assert marked(page) == quote_of(assistant, link)


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (390, False)])
def test_statements_for_and_against_a_claim_are_seen_beside_each_other(visit: Visit, width: int, beside: bool) -> None:
    page = visit(width=width)
    go(page, "Standpunten")
    page.get_by_label("Onderwerp of stelling").fill("Vrijwilligers moeten betaald worden")
    page.get_by_role("button", name="Zoek uitspraken").click()
    boxes = [page.get_by_role("region", name=f"{side} de stelling").bounding_box() for side in ("Voor", "Tegen")]
    one, other = [box for box in boxes if box]
    assert (one["y"] == other["y"]) == beside
    assert (one["x"] == other["x"]) != beside


def test_all_documents_with_a_reader(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    go(page, "Bronnen")
    expect(page.locator("#sources tbody tr")).to_have_count(len(assistant.documents))
    page.get_by_label("Zoek in de titels").fill("kenniscaf")
    expect(page.locator("#sources tbody tr:visible")).to_have_count(1)
    page.locator("#sources tbody tr:visible a").click()
    reader = page.locator("#reader")
    reader.locator(".contents summary").click()
    chosen = reader.locator(".contents a").last
    heading = reader.locator(f"#kop-{chosen.get_attribute('data-jump')}")
    chosen.click()
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    words = reader.get_by_label("Zoek in dit document")
    words.fill("Mantelzorg")
    words.press("Enter")
    count = assistant.documents[REPORT].text.lower().count("mantelzorg")
    expect(reader.locator(".search [role=status]")).to_have_text(f"1 van {count}")
    reader.get_by_role("button", name="Volgende").click()
    expect(reader.locator(".search [role=status]")).to_have_text(f"2 van {count}")
    words.fill("appeltaart")
    words.press("Enter")
    expect(reader.locator(".search [role=status]")).to_have_text("Niet gevonden")


def test_a_deep_link_opens_a_passage(visit: Visit, site: str, assistant: Assistant) -> None:
    document = assistant.documents[LETTER]
    quote = "Vrijwilligers dreigen overvraagd te worden."
    place = Place.of_quote(LETTER, document.text.index(quote), quote)
    page = visit(site + place.address, ready="#reader mark")
    assert marked(page) == "".join(quote.split())
    expect(page.locator("#reader mark").first).to_be_in_viewport()
    expect(page.locator("#reader [data-permalink]")).to_have_attribute("href", place.address)
    changed = visit(f"{site}{place.address}1", ready="#reader .notice")
    expect(changed.locator("#reader .notice")).to_contain_text("veranderd sinds het antwoord")
    gone = visit(f"{site}?doc=weg.txt", ready="#reader .notice")
    expect(gone.locator("#reader")).to_contain_text("er niet meer")


def test_views_have_an_address_and_the_way_back_works(visit: Visit, site: str) -> None:
    page = visit(f"{site}?beeld=over", ready="#view h2")
    expect(page.get_by_role("heading", name="Over deze assistent")).to_be_visible()
    expect(page.locator(".figures tbody tr").first).to_contain_text("%")
    expect(page.get_by_label("Uw vraag")).to_be_hidden()
    go(page, "Bronnen")
    expect(page.get_by_role("heading", name="Bronnen")).to_be_visible()
    expect(page.get_by_role("link", name="Bronnen", exact=True)).to_have_attribute("aria-current", "page")
    page.go_back()
    expect(page.get_by_role("heading", name="Over deze assistent")).to_be_visible()
    go(page, "Gesprek")
    expect(page.get_by_label("Uw vraag")).to_be_visible()


# --- going on


def test_the_last_question_is_asked_again_or_changed(visit: Visit) -> None:
    page = visit()
    ask(page, CITED)
    page.get_by_role("button", name="Opnieuw").click()
    finished(page, CITED)
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("button", name="Vraag aanpassen").click()
    box = page.get_by_label("Uw vraag")
    expect(box).to_have_value(CITED)
    expect(page.locator(".editing")).to_be_visible()
    ask(page, UNKNOWN)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".editing")).to_be_hidden()
    ask(page, CITED)
    expect(page.locator(".turn")).to_have_count(2)


def test_a_question_can_be_stopped(visit: Visit, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    real, go_on, ended = type(assistant).stream, Event(), Event()

    def slow(self: Assistant, *args: object, **more: object) -> Iterator[object]:
        assert go_on.wait(60)
        yield from real(self, *args, **more)
        ended.set()

    page = visit()
    monkeypatch.setattr(type(assistant), "stream", slow)
    box = page.get_by_label("Uw vraag")
    box.fill(CITED)
    box.press("Enter")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".answer")).to_contain_text("Gestopt")
    go_on.set()
    assert ended.wait(60)
    finished(page, CITED)
    page.get_by_role("button", name="Opnieuw").click()
    expect(page.locator(".answer").last).to_have_attribute("data-status", "answered")
    expect(page.locator(".turn")).to_have_count(1)


def test_a_suggested_question_is_asked(visit: Visit) -> None:
    page = visit()
    ask(page, "Wat is de beste vorm van waardering voor vrijwilligers?")
    suggested = page.locator(".further button").first
    question = suggested.get_attribute("data-question") or ""
    suggested.click()
    expect(finished(page, question)).to_have_attribute("data-status", re.compile("answered|partial"))


def test_what_was_understood_is_told_on_request(visit: Visit) -> None:
    page = visit()
    ask(page, "Wie is de contactpersoon bij NOV?")
    answer = ask(page, "En haar e-mailadres?")
    explanation = answer.get_by_text("Vervolg op: Wie is de contactpersoon bij NOV?")
    expect(explanation).to_be_hidden()
    answer.get_by_text("Wat heb ik begrepen?").click()
    expect(explanation).to_be_visible()


# --- conversations


def test_conversations_are_kept_renamed_opened_and_deleted(visit: Visit, assistant: Assistant) -> None:
    page = visit()
    ask(page, CITED)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    number = page.locator("blockquote .cite").first
    number.click()
    assert marked(page) == quote_of(assistant, number)
    page.get_by_role("button", name="Nieuw gesprek").click()
    page.locator(".welcome").wait_for()
    ask(page, UNKNOWN)
    go(page, "Uw gesprekken")
    rows = page.locator("#kept > ul > li")
    expect(rows).to_have_count(2)
    expect(rows.first.locator(".open")).to_have_text(UNKNOWN)
    page.get_by_role("button", name=f"Andere naam: {CITED}").click()
    page.get_by_label("Nieuwe naam").fill("Gemeenten <img src=x>")
    page.get_by_role("button", name="Bewaar").click()
    expect(rows.last.locator(".open")).to_have_text("Gemeenten <img src=x>")
    page.get_by_role("button", name="Open: Gemeenten").click()
    finished(page, CITED)
    expect(page.locator(".turn")).to_have_count(1)
    expect(ask(page, "En wat nog meer?")).to_be_visible()
    go(page, "Uw gesprekken")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("2 vragen")
    page.get_by_role("button", name="Verwijder: Gemeenten").click()
    page.get_by_role("button", name="Ja, verwijder").click()
    expect(rows).to_have_count(1)
    go(page, "Gesprek")
    page.locator(".welcome").wait_for()
    other = visit()
    go(other, "Uw gesprekken")
    expect(other.locator("#kept")).to_contain_text("nog geen gesprekken")


def test_a_kept_conversation_that_cannot_be_read(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        """() => {
          sessionStorage.setItem("nov-gesprek", "x");
          localStorage.setItem("nov-gesprekken", JSON.stringify([{ id: "x", title: "x", when: "x", turns: [{}] }]));
        }"""
    )
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("kan niet meer worden geopend")
    expect(page.get_by_label("Uw vraag")).to_be_visible()


# --- how it looks


@pytest.mark.parametrize("view", ["gesprek", "standpunten", "bronnen", "gesprekken", "over"])
def test_nothing_sticks_out_on_a_small_window(visit: Visit, site: str, view: str) -> None:
    page = visit(f"{site}?beeld={view}", width=320, height=640, ready=f"body[data-view={view}]")
    page.locator(":is(.welcome, #view h2, #kept h2):visible").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_moves_for_who_wants_that(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((e) => {
      const { animationName, transitionDuration } = getComputedStyle(e);
      return animationName !== "none" || transitionDuration.split(", ").some((time) => parseFloat(time) > 0);
    }).length"""
    assert page.evaluate(moving) == 0
