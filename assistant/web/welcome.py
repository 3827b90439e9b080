"""What stands on the page before the first question. `render.py` says how text becomes HTML."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.citations import dutch_date
from assistant.schema import Document
from assistant.web.examples import examples_for
from assistant.web.render import join, render_document_list

SHOWN = 6

HEADER = """
<header class="top">
  <a class="skip" href="#question">Naar het vraagveld</a>
  <div class="brand">
    <svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b5563"/>
      <path fill="#ffb86b" d="M7 14c0-3.5 2-5.8 5.2-6.5l.8 1.8c-1.7.6-2.7 1.7-2.9 3.2H14v7H7z
        m10.5 0c0-3.5 2-5.8 5.2-6.5l.8 1.8c-1.7.6-2.7 1.7-2.9 3.2h3.9v7h-7z"/>
      <path stroke="#fff" stroke-width="2" stroke-linecap="round" d="M7 24h18"/>
    </svg>
    <div><h1>NOV-document&shy;assistent</h1><p>Antwoorden uit documenten, met bron</p></div>
  </div>
  <button type="button" data-restart>Nieuw gesprek</button>
  <nav aria-label="Onderdelen">
    <a href="?" data-view="gesprek" aria-current="page">Gesprek</a>
    <a href="?beeld=standpunten" data-view="standpunten">Standpunten</a>
    <a href="?beeld=bronnen" data-view="bronnen">Bronnen</a>
    <a href="?beeld=gesprekken" data-view="gesprekken">Uw gesprekken</a>
    <a href="?beeld=over" data-view="over">Over deze assistent</a>
  </nav>
</header>
"""

HINT = """
<p class="hint">Antwoorden kunnen fout zijn: kijk in de bron.<span> Shift+Enter geeft een nieuwe regel.</span></p>
"""


QUOTES = "Hij antwoordt alleen met citaten uit documenten van NOV en kan fouten maken."
WRITES = "Een taalmodel schrijft de antwoorden uit documenten van NOV en kan fouten maken."


def render_welcome(documents: Sequence[Document], notice: str = "", writes: bool = False) -> Markup:
    """What the assistant is, example questions, and the newest documents, under a notice if there is one.

    Args:
        documents: what the assistant knows.
        notice: what the visitor has to know first.
        writes: whether a language model writes the answers.
    """
    return Markup(
        '<section class="welcome">{}<h2>Waar bent u naar op zoek?</h2>'
        "<p>Dit is een automatische assistent. {} "
        "Kijk daarom altijd in de bron: het nummer achter een zin opent het document. "
        '<a href="?beeld=over" data-view="over">Wat de assistent wel en niet doet</a></p>'
        '<p class="known">{}</p>{}<h3>Documenten</h3>{}{}</section>'
    ).format(
        Markup('<p class="warning" role="alert">{}</p>').format(notice) if notice else Markup(),
        WRITES if writes else QUOTES,
        describe(documents),
        _examples(documents),
        render_document_list(documents, SHOWN),
        _more(documents),
    )


def describe(documents: Sequence[Document]) -> str:
    """How many documents there are, and up to which date."""
    count = "1 document" if len(documents) == 1 else f"{len(documents)} documenten"
    newest = max((document.date for document in documents), default="")
    until = f", de nieuwste van {dutch_date(newest)}" if newest else ""
    return f"De assistent kent {count}{until}."


def _examples(documents: Sequence[Document]) -> Markup:
    groups = examples_for({document.name for document in documents})
    return join(
        Markup('<h3>{}</h3><ul class="examples">{}</ul>').format(audience, join(map(_example, questions)))
        for audience, questions in groups.items()
    )


def _example(question: str) -> Markup:
    return Markup('<li><button type="button" data-question="{}">{}</button></li>').format(question, question)


def _more(documents: Sequence[Document]) -> Markup:
    if len(documents) <= SHOWN:
        return Markup()
    return Markup('<p><a href="?beeld=bronnen" data-view="bronnen">Alle {} documenten</a></p>').format(len(documents))
