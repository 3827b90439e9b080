"""The HTML report and its plots: figures worked out by hand, strangers' text, and a real Chromium."""

from __future__ import annotations

import re

import pytest
from lxml import etree, html

from assistant.evaluation.figures import bars, latency_columns, latency_plot, reliability_plot
from assistant.evaluation.formatting import plain, quoted, table
from assistant.evaluation.html import to_html
from assistant.evaluation.intervals import Estimate
from assistant.evaluation.reliability import reliability
from assistant.evaluation.results import Latency

HOSTILE = "</style><script>alert(1)</script> <img src=x onerror=alert(1)> ![x](http://x.nl/x.png) | *dik* & meer"


# ---- plots


@pytest.mark.parametrize(
    ("p95", "width", "labels"),
    [
        (0.0187, 0.002, ("0,000 tot 0,002", "0,018 tot 0,020", "0,020 of meer")),  # 0.00187 a column, up to 2 ms
        (0.00001, 0.001, ("0,000 tot 0,001", "0,009 tot 0,010", "0,010 of meer")),  # no finer than a millisecond
        (3.0, 0.5, ("0,0 tot 0,5", "4,5 tot 5,0", "5,0 of meer")),
        (10.0, 1.0, ("0 tot 1", "9 tot 10", "10 of meer")),
        (60.0, 10.0, ("0 tot 10", "90 tot 100", "100 of meer")),
    ],
)
def test_columns_have_round_widths_and_hold_95_percent(p95, width, labels):
    columns = latency_columns([p95], p95)
    assert columns.width == pytest.approx(width)
    assert (columns.label(0), columns.label(9), columns.label(10)) == labels
    assert sum(columns.counts) == 1
    assert columns.counts[10] == 0 or p95 == columns.width * 10


def test_latencies_are_counted_in_their_column():
    columns = latency_columns([0.0, 0.4, 0.5, 4.9, 5.0, 60.0], 3.0)
    assert columns.counts == (2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2)


def test_a_bar_is_as_long_as_its_share_and_says_so():
    figure = html.fromstring(bars("Goed, per soort", [("feit", Estimate(0.5, 0.25, 0.75, 8)), ("<b>", ALL)]).html)
    assert figure.findtext("figcaption") == "Goed, per soort"
    first, second = figure.findall(".//li")
    assert [rect.attrib.get("width") for rect in first.iter("rect")] == ["100", "50", "50"]
    assert first.xpath(".//rect[@class='range']/@x") == ["25"]
    assert " ".join(first.text_content().split()) == "feit (8 vragen)50% (25% tot 75%)"
    assert second.text_content().startswith("<b> (1 vraag)")
    assert second.xpath(".//rect[@class='range']/@width") == ["0.6"]  # an interval without width can still be seen


ALL = Estimate(1.0, 1.0, 1.0, 1)


def test_the_reliability_plot_puts_said_across_and_came_true_up():
    plot = reliability_plot(reliability([(0.0, False)] * 4 + [(1.0, True)])).html
    figure = html.fromstring(plot)
    dots = [(dot.attrib["cx"], dot.attrib["cy"], dot.attrib["r"]) for dot in figure.iter("circle")]
    # the axes run from x = 44 to 342 and from y = 208 up to 16; radius 3 + 5 · √(n / 4)
    assert dots == [("44", "208", "8"), ("342", "16", "5.5")]
    label = figure.find(".//svg").attrib["aria-label"]
    assert "gemiddeld 0% genoemd, 0% uitgekomen, 4 vragen; gemiddeld 100% genoemd, 100% uitgekomen, 1 vraag." in label
    etree.fromstring(str(plot))  # well-formed


def test_the_latency_plot_says_in_words_what_it_shows():
    seconds = [0.1, 0.2, 3.0]
    plot = latency_plot(latency_columns(seconds, 2.9), Latency(0.2, 2.9)).html
    label = html.fromstring(plot).find(".//svg").attrib["aria-label"]
    assert label == "Aantal antwoorden per tijd. 0,0 tot 0,5 seconden: 2; 3,0 tot 3,5 seconden: 1."
    assert "de helft" in plot
    etree.fromstring(str(plot))


# ---- the page


def blocks() -> list[object]:
    head = ["soort", *(f"een lange kop {n}" for n in range(9))]
    return [
        "# Hoe goed antwoordt de assistent?",
        "## In het kort",
        f"- {plain(HOSTILE)}",
        "## Cijfers",
        bars("Goed, per soort vraag", [("lijkt erop, staat er niet in", Estimate(0.5, 0.25, 0.75, 8)), ("feit", ALL)]),
        reliability_plot(reliability([(0.25, False), (0.25, True), (0.9, True)])),
        latency_plot(latency_columns([0.1, 0.2, 3.0], 2.9), Latency(0.2, 2.9)),
        table(head, [[plain(HOSTILE), *("50% (25% tot 75%)" for _ in range(9))]]),
        quoted(f"- {HOSTILE}\nRegel twee"),
    ]


def test_text_of_strangers_stays_text():
    page = html.fromstring(to_html(blocks()))
    assert page.findall(".//script") == page.findall(".//img") == page.findall(".//main//b") == []
    assert [" ".join(part.text_content().split()) for part in page.xpath("//tbody/tr/th | //main/ul/li")] == [
        HOSTILE
    ] * 2
    assert "<script" not in page.findtext(".//style")


def test_the_page_needs_nothing_from_elsewhere():
    text = to_html(blocks())
    assert re.findall(r'(?:src|href)="(?!#)', text) == []
    assert "@import" not in text
    assert "url(" not in text


def test_headings_contents_and_tables_can_be_followed_by_ear():
    page = html.fromstring(to_html(blocks()))
    assert page.attrib["lang"] == "nl"
    assert [heading.text for heading in page.iter("h1")] == [page.findtext(".//title")]
    links = {link.attrib["href"].removeprefix("#"): link.text for link in page.findall(".//nav//a")}
    assert links == {heading.attrib["id"]: heading.text for heading in page.iter("h2")}
    assert list(links.values()) == ["In het kort", "Cijfers"]
    assert [cell.attrib["scope"] for cell in page.xpath("//thead//th")] == ["col"] * 10
    (row,) = page.xpath("//tbody/tr")
    assert [(cell.tag, cell.attrib.get("scope")) for cell in row] == [("th", "row")] + [("td", None)] * 9
    assert all(plot.attrib["aria-label"] for plot in page.xpath("//svg[@role='img']"))
    assert page.xpath("//svg[not(@role='img') and not(@aria-hidden='true')]") == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window_and_can_be_read(browser, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_default_timeout(120_000)
    page.set_content(to_html(blocks()))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # a wide table scrolls by itself, and can be reached with the keyboard to do so
    assert page.evaluate("(t => t.scrollWidth > t.clientWidth && t.tabIndex === 0)(document.querySelector('.wide'))")
    ground, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
    assert (sum(channels(ground)) > sum(channels(ink))) == (scheme == "light")
    page.close()


def channels(colour: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", colour)[:3]]
