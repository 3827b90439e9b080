"""What programs can ask of the assistant, in JSON; the page's API and the MCP server offer these same functions."""

# Gradio reads the types of these functions as they stand here, so they are not turned into strings.

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

from assistant.contract import answer_json, hit_json, position_json
from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.schema import Filters

AROUND = 400
"""Characters of a document that come with a passage, before and after it."""

_FILTERS = """
    documents: only these documents, by name.
    kinds: only these kinds of document, e.g. 'brief'.
    voices: only what these speakers say, e.g. 'NOV'.
    since: only documents of this day or later, as YYYY-MM-DD.
    until: only documents of this day or earlier, as YYYY-MM-DD."""
_Tool = TypeVar("_Tool", bound=Callable[..., Any])


def _with_filters(tool: _Tool) -> _Tool:
    """The same function, whose description ends with the filters, for that is what programs read."""
    tool.__doc__ = f"{inspect.getdoc(tool)}{_FILTERS}"
    return tool


class Tools:
    """Functions of plain values for one assistant; every error is an AssistantError with a Dutch message."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @_with_filters
    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        voices: list[str] | None = None,
        since: str = "",
        until: str = "",
    ) -> dict[str, Any]:
        """Answer a question in Dutch with quotations from the documents.

        The result holds `status` ('answered', 'partial': related but not quite an answer, 'not_found'), `answer` (text
        with [n] behind every quotation), `citations` (`number`, `document`, `title`, `date`, `voice`: who speaks,
        `heading`, `page`, `link`, `start`, `end`, `quote`) and `passages`, the nearest ones, best first.

        Args:
            question: in Dutch.
            history: the user's earlier questions, oldest first.
        """
        filters = _filters(documents, kinds, voices, since, until)
        return answer_json(self._assistant.ask(question, history or (), filters))

    @_with_filters
    def search(
        self,
        query: str,
        top_k: int = 10,
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        voices: list[str] | None = None,
        since: str = "",
        until: str = "",
    ) -> list[dict[str, Any]]:
        """Find passages of the documents, best first.

        Each holds `document`, `start`, `end`, `heading`, `voice`, `date`, `text` and `score`.

        Args:
            query: words or a question, in Dutch.
            top_k: how many passages at most, 1 to 50.
        """
        if top_k > 50:
            raise InputError(f"Vraag hoogstens 50 passages tegelijk, niet {top_k}.")
        filters = _filters(documents, kinds, voices, since, until)
        return [hit_json(hit) for hit in self._assistant.search(query, top_k, filters)]

    @_with_filters
    def positions(
        self,
        subject: str,
        documents: list[str] | None = None,
        kinds: list[str] | None = None,
        voices: list[str] | None = None,
        since: str = "",
        until: str = "",
    ) -> list[dict[str, Any]]:
        """Find statements in which somebody takes a stand on a subject, newest first.

        Each holds `stance` ('standpunt', 'pleidooi', 'advies', 'zorg', 'waarneming'), `side` ('voor', 'tegen' or
        'onduidelijk' if the subject is a claim, else empty), `score` and the fields of a citation. Only a statement
        whose `voice` is 'NOV' is a position of NOV.

        Args:
            subject: a subject or a claim, in Dutch.
        """
        filters = _filters(documents, kinds, voices, since, until)
        return [position_json(position) for position in self._assistant.positions(subject, filters)]

    def get_passage(self, document: str, start: int, end: int) -> dict[str, Any]:
        """Read a passage or quotation in its surroundings.

        The result holds `document`, `title`, `kind`, `date`, `voice`, `status`, `link`, `page`, `start`, `end`, `text`
        (verbatim), and `before` and `after`: up to 400 characters around it.

        Args:
            document: name of the document, from a citation or passage.
            start: where it begins in the document's text, in characters.
            end: where it ends.
        """
        documents = self._assistant.documents
        if document not in documents:
            raise InputError(f"Het document '{document}' is er niet. De namen staan bij elk citaat en elke passage.")
        found = documents[document]
        if not 0 <= start < end <= len(found.text):
            raise InputError(
                f"Van {start} tot {end} kan niet in {document}: begin bij 0 of later, en eind uiterlijk bij "
                f"{len(found.text)}."
            )
        return {
            "document": found.name,
            "title": found.title,
            "kind": found.kind,
            "date": found.date,
            "voice": found.voice_at(start),
            "status": found.status,
            "link": found.link,
            "page": found.page_at(start),
            "start": start,
            "end": end,
            "text": found.text[start:end],
            "before": found.text[max(0, start - AROUND) : start],
            "after": found.text[end : end + AROUND],
        }


def _filters(
    documents: list[str] | None, kinds: list[str] | None, voices: list[str] | None, since: str, until: str
) -> Filters:
    for day in (since, until):
        if day and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day, re.ASCII):
            raise InputError(f"'{day}' is geen dag. Schrijf een dag als jjjj-mm-dd, bijvoorbeeld 2024-03-01.")
    return Filters(
        documents=frozenset(documents or ()),
        kinds=frozenset(kinds or ()),
        voices=frozenset(voices or ()),
        since=since,
        until=until,
    )
