"""Which documents a visitor wants to ask: what the browser sends, checked, and the form in which it is chosen."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from assistant.citations import dutch_date
from assistant.export import is_web_address
from assistant.schema import Document, Filters, Passage
from assistant.web.render import join

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Options:
    """What goes along with a question.

    Attributes:
        filters: which documents may be used.
        replace: whether the question comes in the place of the last one.
        page: address of the page, for links in what is taken along; empty if it is not a web address.
    """

    filters: Filters = field(default_factory=Filters)
    replace: bool = False
    page: str = ""

    @classmethod
    def from_request(cls, request: object) -> Options:
        """The options that a browser sends; what it sent can be anything."""
        asked = request if isinstance(request, dict) else {}
        page = asked.get("page")
        return cls(
            filters_from(asked.get("filters")),
            asked.get("replace") is True,
            page if isinstance(page, str) and is_web_address(page) else "",
        )


def filters_from(request: object) -> Filters:
    """The filters that a browser asks for; what cannot be a filter is left out."""
    asked = request if isinstance(request, dict) else {}
    since, until = (_date(asked.get(name)) for name in ("since", "until"))
    documents, kinds, voices = (_texts(asked.get(name)) for name in ("documents", "kinds", "voices"))
    return Filters(documents=documents, kinds=kinds, voices=voices, since=since, until=until)


def _texts(value: object) -> frozenset[str]:
    texts = value if isinstance(value, list) else []
    return frozenset(text for text in texts if isinstance(text, str) and text)


def _date(value: object) -> str:
    return value if isinstance(value, str) and _DATE.fullmatch(value) else ""


def describe_filters(filters: Filters, documents: Iterable[Document]) -> str:
    """The filters in words; empty if there are none."""
    titles = {document.name: document.title for document in documents}
    period = [
        f"vanaf {dutch_date(filters.since)}" if filters.since else "",
        f"tot en met {dutch_date(filters.until)}" if filters.until else "",
    ]
    chosen = (
        *sorted(titles.get(name, name) for name in filters.documents),
        *sorted(filters.kinds),
        *sorted(filters.voices),
        " ".join(filter(None, period)),
    )
    return "; ".join(filter(None, chosen))


def voices_of(passages: Iterable[Passage]) -> list[str]:
    """Everybody who speaks, by name."""
    return sorted({passage.voice for passage in passages if passage.voice})


def kinds_of(documents: Iterable[Document]) -> list[str]:
    """Every kind of document."""
    return sorted({document.kind for document in documents if document.kind})


def render_filter_form(documents: Collection[Document], voices: Sequence[str]) -> Markup:
    """The choices: document, kind, voice and period."""
    by_title = sorted(documents, key=lambda document: (document.title, document.name))
    return join(
        [
            _choices("kinds", "Soort document", [(kind, kind) for kind in kinds_of(documents)]),
            _choices("voices", "Wie er spreekt", [(voice, voice) for voice in voices]),
            _period(),
            _choices("documents", "Document", [(document.name, document.title) for document in by_title]),
        ]
    )


def _choices(name: str, legend: str, choices: Sequence[tuple[str, str]]) -> Markup:
    """Check boxes; nothing where there is nothing to choose."""
    if not choices:
        return Markup()
    boxes = join(
        Markup('<label><input type="checkbox" name="{}" value="{}"> <bdi>{}</bdi></label>').format(name, value, label)
        for value, label in choices
    )
    return Markup('<fieldset><legend>{}</legend><div class="choices">{}</div></fieldset>').format(legend, boxes)


def _period() -> Markup:
    return Markup(
        '<fieldset><legend>Periode</legend><div class="period"><label>Vanaf <input type="date" name="since"></label>'
        '<label>Tot en met <input type="date" name="until"></label></div></fieldset>'
    )
