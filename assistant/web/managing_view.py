"""The operators' part of the page as HTML. Pure functions; `render.py` says how text becomes HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.citations import dutch_date
from assistant.documents.metadata import Metadata
from assistant.documents.reading import FORMATS
from assistant.documents.shelf import DESCRIBED, LONGEST_VALUE
from assistant.schema import BuildReport
from assistant.web.render import join, join_facts

NEW, CHANGED = "niet in de index", "gewijzigd"


@dataclass(frozen=True, slots=True)
class Row:
    """A file in the list.

    Attributes:
        name: of the file.
        said: what `documents.yaml` says of it.
        title, kind, date: that, or else what the index made of the file.
        state: NEW or CHANGED when the index does not know it so; empty when it does.
    """

    name: str
    said: Metadata
    title: str
    kind: str
    date: str
    state: str


def render_manager(shelf: Markup, kinds: Sequence[str], voices: Sequence[str], max_bytes: int) -> Markup:
    """The whole part of the page.

    Args:
        shelf: the list of documents.
        kinds: what operators can choose from; they may also type another.
        voices: the same.
        max_bytes: larger files are refused.
    """
    accepted = ",".join(FORMATS)
    return Markup(
        '<h2 id="manage-title">Documenten beheren</h2>'
        "<p>Hier staan alle bestanden waaruit de assistent antwoordt. Voeg bestanden toe, vervang ze of haal ze weg. "
        "Werk daarna de index bij: pas dan antwoordt de assistent ermee.</p>"
        "<h3>Bestanden toevoegen of vervangen</h3>"
        '<form data-put><label>Kies een of meer bestanden <input type="file" name="files" multiple accept="{}" '
        'data-max="{}"></label><p class="facts">Dit kan met {} of {}. Een bestand mag hoogstens {} MB groot zijn.</p>'
        '<div data-chosen></div><p><button type="submit" hidden>Voeg toe</button></p></form>'
        '<p class="said" role="status"></p>'
        '<h3>Index</h3><p class="actions"><button type="button" data-update>Index bijwerken</button></p>'
        '<p class="progress" hidden><progress aria-label="Voortgang van het bijwerken"></progress> <span></span></p>'
        "<div data-shelf>{}</div><template>{}</template>{}{}"
    ).format(
        accepted,
        max_bytes,
        ", ".join(FORMATS[:-1]),
        FORMATS[-1],
        f"{max_bytes / 1_000_000:g}".replace(".", ","),
        shelf,
        join(map(_field, DESCRIBED)),
        _datalist("manage-kind", kinds),
        _datalist("manage-voice", voices),
    )


def _field(name: str) -> Markup:
    if name == "date":
        return Markup('<label>{} <input type="date" name="{}"></label>').format(DESCRIBED[name], name)
    choices = Markup(' list="manage-{}"').format(name) if name in ("kind", "voice") else Markup()
    return Markup('<label>{} <input type="text" name="{}" maxlength="{}" autocomplete="off"{}></label>').format(
        DESCRIBED[name], name, LONGEST_VALUE, choices
    )


def _datalist(name: str, choices: Iterable[str]) -> Markup:
    options = join(Markup('<option value="{}"></option>').format(choice) for choice in choices)
    return Markup('<datalist id="{}">{}</datalist>').format(name, options)


def render_shelf(rows: Sequence[Row], gone: Sequence[str], outcome: BuildReport | str) -> Markup:
    """What the last update did, whether the index is up to date, and every file.

    Args:
        rows: the files, by name.
        gone: documents of the index whose files are no longer there.
        outcome: what the last update did, or why it could not; empty before the first.
    """
    count = "1 bestand" if len(rows) == 1 else f"{len(rows)} bestanden"
    return Markup('{}<p>{}</p><h3>{}</h3><ul class="shelf">{}</ul>').format(
        render_report(outcome) if isinstance(outcome, BuildReport) else render_warning(outcome),
        _state(rows, gone),
        count,
        join(map(_row, rows)),
    )


def render_warning(message: str) -> Markup:
    """A message that stands out; nothing for an empty one."""
    return Markup('<p class="warning">{}</p>').format(message) if message else Markup()


def _state(rows: Sequence[Row], gone: Sequence[str]) -> str:
    counts = [(sum(row.state == state for row in rows), state) for state in (NEW, CHANGED)]
    behind = ", ".join(f"{count} {state}" for count, state in [*counts, (len(gone), "verwijderd")] if count)
    return f"De index loopt achter: {behind}." if behind else "De index is bij."


def _row(row: Row) -> Markup:
    said = join(Markup(' data-{}="{}"').format(field, getattr(row.said, field)) for field in DESCRIBED)
    state = Markup(' <span class="state">{}</span>').format(row.state) if row.state else Markup()
    button = Markup('<button type="button" data-{} aria-label="{}: {}">{}</button>')
    return Markup(
        '<li data-name="{}"{}><strong><bdi>{}</bdi></strong>{}<p class="facts">{}</p><p class="actions">{} {}</p></li>'
    ).format(
        row.name,
        said,
        row.title,
        state,
        join_facts(row.name, row.kind, dutch_date(row.date), row.said.voice),
        button.format("describe", "Gegevens aanpassen", row.name, "Gegevens aanpassen"),
        button.format("remove", "Verwijder", row.name, "Verwijder"),
    )


def render_report(report: BuildReport) -> Markup:
    """What an update did, with every file that could not be read and why."""
    changes = (("Nieuw", report.added), ("Gewijzigd", report.changed), ("Verwijderd", report.removed))
    lists = join(_names(label, names) for label, names in changes if names)
    seconds = f"{report.seconds:.1f}".replace(".", ",")
    summary = (
        f"De index heeft nu {report.documents} documenten en {report.passages} passages. "
        f"Het bijwerken duurde {seconds} seconden."
    )
    failures = Markup()
    if report.failures:
        failures = Markup('<div class="warning"><p>{}</p><ul>{}</ul></div>').format(
            "1 bestand kon niet worden gelezen:"
            if len(report.failures) == 1
            else f"{len(report.failures)} bestanden konden niet worden gelezen:",
            join(Markup("<li>{}</li>").format(failure) for failure in report.failures),
        )
    return Markup('<section class="report"><p>{}</p>{}{}</section>').format(
        summary, lists or Markup("<p>Er was niets veranderd.</p>"), failures
    )


def _names(label: str, names: Iterable[str]) -> Markup:
    return Markup("<p>{}: {}.</p>").format(label, join((Markup("<bdi>{}</bdi>").format(name) for name in names), ", "))
