"""Answers as HTML. Pure functions.

Documents, file names, titles and questions are strangers' text. Text becomes HTML in one way only: as an argument of
`Markup.format` or `Markup.join`, which escape it. No other string formatting may build HTML here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup, escape

from assistant.citations import display, dutch_date
from assistant.errors import AssistantError
from assistant.export import as_text
from assistant.facts import facts
from assistant.schema import Answer, Citation, Document, Hit, Span, Statement, Status
from assistant.web.place import Place, source_link

NEAREST = 3
SNIPPET = 220
_ITEM_SIGN = re.compile(r"\n\s*[-*•]\s+")
CARD = 420
"""Characters of a quotation that its card shows."""
QUESTION_SHOWN = 600

VERBATIM = "Elk citaat staat woordelijk in de bron."
BOLD = "Het vet in het citaat is van de assistent."
CHECKED = "Elke zin is nagekeken in de bron."
STATUS_WORDS: dict[Status, tuple[str, str]] = {
    "answered": ("Beantwoord", "{} Klik op een nummer en u ziet de plek."),
    "partial": ("Gedeeltelijk", "Wat er staat, gaat over uw vraag, maar beantwoordt die misschien niet helemaal."),
    "not_found": ("Niet gevonden", "De assistent verzint niets zelf. Probeer het met andere woorden."),
}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an answer.

    Attributes:
        number: number of the question in the conversation; makes ids unique on the page.
        filters: which documents were asked, in words; empty for all.
        suggestions: questions to go on with.
        page: address of the page, for the links in a copied answer; empty if unknown.
        outdated: whether the documents have changed since the answer was given.
        remarks: what a reader has to know before the answer.
        link: address that asks the question again; empty if there is none.
    """

    number: int
    filters: str = ""
    suggestions: tuple[str, ...] = ()
    page: str = ""
    outdated: bool = False
    remarks: tuple[str, ...] = ()
    link: str = ""


def join(parts: Iterable[Markup], separator: str = "") -> Markup:
    """HTML after HTML; `separator` is text."""
    return escape(separator).join(parts)


def shorten(text: str, length: int) -> str:
    """The text on one line, cut at a word's end to at most `length` characters."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return f"{cut.rsplit(' ', 1)[0].rstrip(',;:')} …"


def join_facts(*facts: str) -> Markup:
    """The facts that are known, with a dot between them: '5 september 2023 · NOV'."""
    return join((Markup("<bdi>{}</bdi>").format(fact) for fact in facts if fact), " · ")


def render_turn(question: str, reply: Markup) -> Markup:
    """One question with what came of it."""
    return Markup(
        '<article class="turn"><h2 class="question"><span class="unseen">Uw vraag: </span>'
        '<span class="asked" data-whole="{}">{}</span></h2>{}</article>'
    ).format(question, _shorten_question(question), reply)


def _shorten_question(question: str) -> str:
    """The question as it was typed, unless it is so long that it pushes the answer out of sight."""
    return question if len(question) <= QUESTION_SHOWN else shorten(question, QUESTION_SHOWN)


def render_searching() -> Markup:
    """What stands in the place of an answer that is still being looked for."""
    searching = Markup('<p class="searching">Ik zoek in de documenten …</p>')
    return Markup('<div class="answer" aria-busy="true">{}{}</div>').format(searching, _STOP)


def render_error(error: AssistantError) -> Markup:
    """An error that the user can mend."""
    return _trouble("Dat lukte niet", str(error))


def render_failure() -> Markup:
    """An error that the user cannot mend."""
    return _trouble(
        "Er ging iets mis",
        "De assistent kon uw vraag niet verwerken. Stel de vraag nog een keer. "
        "Blijft het misgaan? Meld het dan aan de beheerder.",
    )


def render_stopped() -> Markup:
    """What stands in the place of an answer that the visitor stopped."""
    return _trouble("Gestopt", "U hebt het zoeken gestopt.")


def _trouble(title: str, message: str) -> Markup:
    """A message in the place of an answer."""
    return Markup('<div class="answer trouble"><p><strong>{}.</strong> {}</p><p class="actions">{}</p></div>').format(
        title, message, _AGAIN
    )


def render_answer(answer: Answer, around: Around, shown: int | None = None) -> Markup:
    """An answer with its sources.

    Args:
        answer: the answer.
        around: what stands around it.
        shown: only the first so many statements, while the answer is streaming; None for all with the sources.
    """
    citations = {citation.number: citation for citation in answer.citations}
    remarks = join(Markup('<p class="warning">{}</p>').format(remark) for remark in around.remarks)
    body = remarks + _statements(answer.statements[:shown], citations, around.number, answer.question)
    if shown is not None:
        return Markup('<div class="answer" aria-busy="true">{}{}</div>').format(body, _STOP)
    return Markup('<div class="answer" data-status="{}">{}{}{}{}{}{}</div>{}{}').format(
        answer.status,
        body,
        _status(answer, around),
        _sources(answer.citations, around.number),
        _nearest(answer),
        _understood(answer.understood),
        _actions(answer, around),
        _suggestions(around.suggestions),
        _TAKE_ALONG,
    )


_STOP = Markup('<p class="actions"><button type="button" data-stop>Stop</button></p>')
_AGAIN = Markup(
    '<button type="button" class="last" data-again>Opnieuw</button> '
    '<button type="button" class="last" data-edit>Vraag aanpassen</button>'
)


_TAKE_ALONG = Markup(
    '<p class="actions last" role="group" aria-label="Gesprek meenemen" aria-live="off"><span>Gesprek meenemen:</span> '
    '<button type="button" data-save="word">Word</button> '
    '<button type="button" data-save="markdown">Markdown</button> '
    '<button type="button" data-print>Afdrukken</button></p>'
)


def _actions(answer: Answer, around: Around) -> Markup:
    """What a visitor can do with an answer."""
    copy = Markup('<button type="button" data-copy="{}">{}</button> ')
    link = copy.format(around.link, "Link naar dit antwoord") if around.link else Markup()
    return Markup('<p class="actions" aria-live="off">{}{}{}</p>').format(
        copy.format(as_text(answer, source_link(around.page)), "Kopieer"), link, _AGAIN
    )


def _suggestions(questions: Sequence[str]) -> Markup:
    """Questions to go on with; each is asked by a click."""
    if not questions:
        return Markup()
    return Markup('<section class="further last" aria-live="off"><h3>Verder vragen</h3><ul>{}</ul></section>').format(
        join(
            Markup('<li><button type="button" data-question="{}">{}</button></li>').format(question, question)
            for question in questions
        )
    )


def _statements(statements: Sequence[Statement], citations: dict[int, Citation], turn: int, question: str) -> Markup:
    """Our own words as paragraphs, quotations between them as block quotes."""
    parts: list[Markup] = []
    quoted: list[Statement] = []
    for statement in statements:
        if statement.kind in ("intro", "notice", "generated", "struck"):
            parts += [_quotations(quoted, citations, turn, question), _own_words(statement, citations, turn)]
            quoted = []
        else:
            quoted.append(statement)
    return join([*parts, _quotations(quoted, citations, turn, question)])


def _own_words(statement: Statement, citations: dict[int, Citation], turn: int) -> Markup:
    """A paragraph that is no quotation; a sentence that failed verification is struck through, with the reason."""
    if statement.kind == "struck":
        return Markup(
            '<p class="struck"><span class="unseen">Doorgestreept: </span><s>{}</s> <span class="facts">{}</span></p>'
        ).format(statement.text, statement.reason or "Dit staat niet zo in de documenten.")
    return Markup('<p class="{}">{}{}</p>').format(
        statement.kind, statement.text, _marks(statement.citations, citations, turn)
    )


def _quotations(statements: Sequence[Statement], citations: dict[int, Citation], turn: int, question: str) -> Markup:
    """Quotations that follow one another: sentences in paragraphs, list items in lists."""
    parts: list[Markup] = []
    items: list[Markup] = []
    for statement in statements:
        marks = _marks(statement.citations, citations, turn)
        text = _with_facts(statement, question)
        if statement.kind == "item":
            items.append(Markup("<li>{}{}</li>").format(text, marks))
        else:
            parts += [_list(items), Markup("<p>“{}”{}</p>").format(text, marks)]
            items = []
    parts.append(_list(items))
    return Markup("<blockquote>{}</blockquote>").format(join(parts)) if any(parts) else Markup()


def _facts(question: str, statement: Statement) -> tuple[Span, ...]:
    """The number or date that the question asks for, in a quotation."""
    return facts(question, statement.text) if statement.kind in ("quote", "lead_in", "item") else ()


def _with_facts(statement: Statement, question: str) -> Markup:
    """A quotation with the number or date that the question asks for in bold."""
    text = statement.text
    parts: list[Markup] = []
    end = 0
    for span in _facts(question, statement):
        parts += [escape(text[end : span.start]), Markup("<strong>{}</strong>").format(text[span.start : span.end])]
        end = span.end
    return join([*parts, escape(text[end:])])


def _list(items: Sequence[Markup]) -> Markup:
    return Markup("<ul>{}</ul>").format(join(items)) if items else Markup()


def _marks(numbers: Sequence[int], citations: dict[int, Citation], turn: int) -> Markup:
    """The citation numbers behind a statement; each opens its document."""
    return join(_mark(citations[number], turn) for number in numbers)


def _mark(citation: Citation, turn: int) -> Markup:
    # A no-break space keeps the number on the line of the word it belongs to.
    facts = (dutch_date(citation.date), citation.voice, f"pagina {citation.page}" if citation.page else "")
    return Markup(
        '\N{NO-BREAK SPACE}<a class="cite" {} data-title="{}" data-facts="{}" data-quote="{}">[{}]</a>'
    ).format(
        _link(citation, turn, citation.title, dutch_date(citation.date)),
        citation.title,
        " · ".join(filter(None, facts)),
        shorten(display(_ITEM_SIGN.sub(" • ", citation.quote)), CARD),
        citation.number,
    )


def _link(citation: Citation, turn: int, *facts: str) -> Markup:
    """Attributes of a number that opens its document at the quotation."""
    label = ", ".join([f"Bron {citation.number}", *filter(None, facts)])
    return Markup('href="#bron-{}-{}" {} aria-label="{}"').format(
        turn, citation.number, Place.of_citation(citation).attributes, label
    )


def _understood(understood: Sequence[str]) -> Markup:
    """How the question was read, for who asks for it."""
    if not understood:
        return Markup()
    return Markup('<details class="understood"><summary>Wat heb ik begrepen?</summary><ul>{}</ul></details>').format(
        join(Markup("<li>{}</li>").format(line) for line in understood)
    )


def _status(answer: Answer, around: Around) -> Markup:
    """The outcome in words; nothing for a greeting, which has none."""
    if not answer.has_outcome:
        return Markup()
    kinds = {statement.kind for statement in answer.statements}
    word, explanation = STATUS_WORDS[answer.status]
    explanation = explanation.format(CHECKED if "generated" in kinds else VERBATIM)
    notes = [f"Alleen gezocht in: {around.filters}." if around.filters else ""]
    notes += [BOLD] if any(map(partial(_facts, answer.question), answer.statements)) else []
    notes += ["De documenten zijn veranderd sinds dit antwoord. Stel de vraag opnieuw."] if around.outdated else []
    return Markup('<p class="status"><strong>{}</strong> <span>{}</span>{}</p>').format(
        word, explanation, join(Markup('<span class="note">{}</span>').format(note) for note in notes if note)
    )


def _sources(citations: Sequence[Citation], turn: int) -> Markup:
    """The list of sources under an answer: every document with the numbers of its citations."""
    if not citations:
        return Markup()
    sources: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations:
        sources.setdefault((citation.document, citation.voice), []).append(citation)
    return Markup('<section class="sources"><h3>Bronnen</h3><ul>{}</ul></section>').format(
        join(_source(group, turn) for group in sources.values())
    )


def _source(citations: Sequence[Citation], turn: int) -> Markup:
    """One document and voice, with the numbers that cite it."""
    first = citations[0]
    return Markup(
        '<li><span class="numbers">{}</span> <span class="source"><bdi>{}</bdi> '
        '<span class="facts">{}</span></span></li>'
    ).format(
        join((_source_number(citation, turn) for citation in citations), " "),
        first.title,
        join_facts(dutch_date(first.date), first.voice),
    )


def _source_number(citation: Citation, turn: int) -> Markup:
    page = f"pagina {citation.page}" if citation.page else ""
    return Markup('<a class="cite" id="bron-{}-{}" {}>[{}]</a>').format(
        turn, citation.number, _link(citation, turn, page, citation.heading), citation.number
    )


def _nearest(answer: Answer) -> Markup:
    """What comes nearest, for an answer that is not complete."""
    hits = [hit for hit in answer.hits if not _is_cited(hit, answer.citations)][:NEAREST]
    if answer.status == "answered" or not hits:
        return Markup()
    title = "Ook in de buurt" if answer.citations else "Dit komt het dichtst in de buurt"
    return Markup('<section class="nearest"><h3>{}</h3><ul>{}</ul></section>').format(title, join(map(_snippet, hits)))


def _is_cited(hit: Hit, citations: Sequence[Citation]) -> bool:
    passage = hit.passage
    return any(
        citation.document == passage.document and citation.start < passage.end and citation.end > passage.start
        for citation in citations
    )


def _snippet(hit: Hit) -> Markup:
    passage = hit.passage
    return Markup('<li><a href="#" {}><q>{}</q><span class="facts">{}</span></a></li>').format(
        Place.of_quote(passage.document, passage.start, passage.text).attributes,
        shorten(display(passage.text), SNIPPET),
        join_facts(dutch_date(passage.date), passage.voice, passage.heading),
    )


def render_document_list(documents: Iterable[Document], most: int | None = None) -> Markup:
    """The documents, newest first, at most `most` of them; each opens at its beginning."""
    by_title = sorted(documents, key=lambda document: document.title)
    newest_first = sorted(by_title, key=lambda document: document.date, reverse=True)
    return Markup('<ul class="documents">{}</ul>').format(join(_document(document) for document in newest_first[:most]))


def _document(document: Document) -> Markup:
    return Markup('<li><a href="#" {}><bdi>{}</bdi></a><span class="facts">{}</span></li>').format(
        Place(document.name).attributes,
        document.title,
        join_facts(document.kind, dutch_date(document.date), document.voice),
    )
