"""The views beside the conversation: sources, positions, and what the assistant is. Pure functions on its documents.

`render.py` says how text becomes HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import get_args

from markupsafe import Markup

from assistant.citations import display, dutch_date
from assistant.claims import Side
from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.positions import STANCES
from assistant.schema import Document, Position
from assistant.web.about import render_about
from assistant.web.filters import describe_filters, filters_from, kinds_of, voices_of
from assistant.web.place import Place
from assistant.web.render import join, join_facts

MOST_POSITIONS = 15


def render_view(assistant: Assistant, name: str, today: date, keeps: bool = False) -> Markup:
    """One view by its name; an unknown name gives the sources.

    Args:
        assistant: what the view is about.
        name: of the view.
        today: decides how old documents are.
        keeps: whether what visitors say of answers is kept.
    """
    if name == "standpunten":
        return render_positions_form(assistant)
    if name == "over":
        documents = list(assistant.documents.values())
        return render_about(documents, assistant.manifest.fingerprint, assistant.writes, keeps)
    return render_sources(assistant.documents.values(), today)


# --- sources


def render_sources(documents: Iterable[Document], today: date) -> Markup:
    """Every document with what is known of it, newest first; each opens in the reader."""
    by_title = sorted(documents, key=lambda document: (document.title, document.name))
    newest_first = sorted(by_title, key=lambda document: document.date, reverse=True)
    return Markup(
        '<h2 id="view-title">Bronnen</h2><p>Uit deze {} documenten antwoordt de assistent. Kies een titel om het '
        "document te lezen.</p>"
        '<p><label>Zoek in de titels <input type="search" data-narrow="#sources tbody tr"></label> '
        '<span role="status"></span></p>'
        '<table id="sources"><thead><tr><th scope="col">Titel</th><th scope="col">Soort</th><th scope="col">Datum</th>'
        '<th scope="col">Van wie</th><th scope="col">Status</th></tr></thead><tbody>{}</tbody></table>'
    ).format(len(newest_first), join(_row(document, today) for document in newest_first))


def _row(document: Document, today: date) -> Markup:
    voices = dict.fromkeys(filter(None, (document.voice, *(part.voice for part in document.voices))))
    return Markup('<tr><th scope="row"><a href="{}" {}><bdi>{}</bdi></a></th>{}{}{}{}</tr>').format(
        Place(document.name).address,
        Place(document.name).attributes,
        document.title,
        _cell("Soort", document.kind),
        _cell("Datum", dutch_date(document.date), age(document.date, today)),
        _cell("Van wie", "; ".join(voices)),
        _cell("Status", document.status),
    )


def _cell(label: str, *lines: str) -> Markup:
    """A table cell that says its own heading on a narrow window; unknown is said in words."""
    known = [line for line in lines if line] or ["onbekend"]
    return Markup('<td data-label="{}">{}</td>').format(
        label, join((Markup("<bdi>{}</bdi>").format(line) for line in known), " · ")
    )


def age(iso: str, today: date) -> str:
    """How old a document is: '3 jaar oud', '5 maanden oud'; empty if its date is unknown or has yet to come."""
    try:
        made = date.fromisoformat(iso)
    except ValueError:
        return ""
    months = (today.year - made.year) * 12 + today.month - made.month - (today.day < made.day)
    if made > today:
        return ""
    if months < 1:
        return "deze maand"
    if months < 24:
        return "1 maand oud" if months == 1 else f"{months} maanden oud"
    return f"{months // 12} jaar oud"


# --- positions


def render_positions_form(assistant: Assistant) -> Markup:
    """Where a visitor asks who took which stand."""
    kinds, voices = kinds_of(assistant.documents.values()), voices_of(assistant.passages)
    return Markup(
        '<h2 id="view-title">Standpunten</h2><p>Vul een onderwerp of een stelling in. U ziet wat wie daarover schreef '
        "of zei, woordelijk en op volgorde van tijd. Vult u een stelling in, dan ziet u eerst wat daarvoor en "
        "daartegen is gezegd. Alleen wat NOV zelf zegt, is een standpunt van NOV.</p>"
        '<form data-positions><label class="subject">Onderwerp of stelling '
        '<input type="text" name="subject" required maxlength="500" '
        'placeholder="Bijvoorbeeld: betaling van vrijwilligers"></label>'
        '<div class="choices">{}{}{}<label>Vanaf <input type="date" name="since"></label>'
        '<label>Tot en met <input type="date" name="until"></label></div>'
        '<button type="submit">Zoek uitspraken</button></form>'
        '<p class="unseen" role="status"></p><div data-results></div>'
    ).format(
        _select("voice", "Van wie", "Iedereen", voices),
        _select("kind", "Soort document", "Alle soorten", kinds),
        _select("stance", "Soort uitspraak", "Alle uitspraken", list(STANCES)),
    )


def _select(name: str, label: str, everything: str, choices: Sequence[str]) -> Markup:
    options = join(Markup('<option value="{}">{}</option>').format(choice, choice) for choice in choices)
    return Markup('<label>{} <select name="{}"><option value="">{}</option>{}</select></label>').format(
        label, name, everything, options
    )


def render_positions(assistant: Assistant, request: object) -> Markup:
    """The statements on a subject as a time line, newest first; on a claim as a time line for each side.

    Args:
        assistant: who finds them.
        request: what the browser sends: `subject`, `voice`, `kind`, `stance`, `since`, `until`; it can be anything.
    """
    asked = (
        {key: value for key, value in request.items() if isinstance(value, str)} if isinstance(request, dict) else {}
    )
    one = {name: [asked[key]] for key, name in (("voice", "voices"), ("kind", "kinds")) if asked.get(key)}
    filters = filters_from({**one, "since": asked.get("since"), "until": asked.get("until")})
    stance = asked.get("stance", "")
    try:
        positions = assistant.positions(asked.get("subject", ""), filters, MOST_POSITIONS, stance)
    except AssistantError as error:
        return Markup('<p class="warning">{}</p>').format(str(error))
    narrowed = "; ".join(filter(None, (describe_filters(filters, assistant.documents.values()), stance)))
    on_a_claim = any(position.side for position in positions)
    return _summary(len(positions), narrowed) + (_sides(positions) if on_a_claim else _time_line(positions, "h3"))


def _summary(count: int, narrowed: str) -> Markup:
    where = f" Alleen gezocht in: {narrowed}." if narrowed else ""
    if not count:
        text = f"Geen uitspraken gevonden.{where} Probeer een ander woord, of kies minder beperkingen."
    else:
        text = f"{'1 uitspraak' if count == 1 else f'{count} uitspraken'} gevonden.{where}"
    return Markup('<p class="found">{}</p>').format(text)


def _sides(positions: Sequence[Position]) -> Markup:
    """What was said for and against a claim, beside each other, and below it what cannot be told apart."""
    sides = {side: [position for position in positions if position.side == side] for side in get_args(Side)}
    unclear = sides["onduidelijk"]
    return Markup(
        "<p>De assistent let alleen op de woorden van een uitspraak en kan zich vergissen. Wie gelijk heeft, zegt de "
        'assistent niet. Lees de uitspraak na in het document.</p><div class="sides">{}{}</div>{}'
    ).format(
        _side("voor", "Voor de stelling", sides["voor"]),
        _side("tegen", "Tegen de stelling", sides["tegen"]),
        _side("onduidelijk", "Niet duidelijk voor of tegen", unclear) if unclear else "",
    )


def _side(side: Side, heading: str, positions: Sequence[Position]) -> Markup:
    return Markup('<section aria-labelledby="side-{0}"><h3 id="side-{0}">{1} ({2})</h3>{3}</section>').format(
        side, heading, len(positions), _time_line(positions, "h4") or Markup("<p>Geen uitspraken gevonden.</p>")
    )


def _time_line(positions: Sequence[Position], heading: str) -> Markup:
    """Statements by date, each date in an element of this name; `positions` come newest first."""
    if not positions:
        return Markup()
    moments = groupby(positions, key=lambda position: position.citation.date)
    return Markup('<ol class="timeline">{}</ol>').format(
        join(_moment(iso, list(group), heading) for iso, group in moments)
    )


def _moment(iso: str, positions: Sequence[Position], heading: str) -> Markup:
    return Markup("<li><{0}>{1}</{0}><ul>{2}</ul></li>").format(
        heading,
        Markup('<time datetime="{}">{}</time>').format(iso, dutch_date(iso)) if iso else "Zonder datum",
        join(map(_position, positions)),
    )


def _position(position: Position) -> Markup:
    citation = position.citation
    place = Place.of_citation(citation)
    return Markup(
        '<li><p class="who"><strong><bdi>{}</bdi></strong> <span class="stance">{}</span></p>'
        '<a href="{}" {}><q>{}</q></a><p class="facts">{}</p></li>'
    ).format(
        citation.voice or "Onbekend wie dit zegt",
        position.stance,
        place.address,
        place.attributes,
        display(citation.quote),
        join_facts(citation.title, citation.heading, f"pagina {citation.page}" if citation.page else ""),
    )
