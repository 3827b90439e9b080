"""What operators do with the documents on the page: add, replace, describe and remove them, and update the index.

The browser reaches the functions of `Manager` as it likes, so every one of them asks again who is calling.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from gradio.data_classes import DataWithFiles
from markupsafe import Markup
from starlette.exceptions import HTTPException

from assistant.building import Progress
from assistant.documents.shelf import DESCRIBED, safe_name
from assistant.errors import AssistantError, InputError
from assistant.schema import BuildReport
from assistant.web.desk import Desk, user
from assistant.web.filters import kinds_of, voices_of
from assistant.web.managing_view import CHANGED, NEW, Row, render_manager, render_shelf, render_warning

LOG = logging.getLogger(__name__)
_BUSY = "De index wordt nu bijgewerkt. Wacht tot dat klaar is en probeer het dan opnieuw."
_FAULT = "Er ging iets mis. De oude index blijft in gebruik. In de uitvoer van de server staat waarom."
_UNREADABLE = "Dit kan de assistent niet lezen. Laad de pagina opnieuw."


@dataclass(frozen=True, slots=True)
class Step:
    """How far an update of the index is: what is being done, how many are done, and how many there are (0: unknown)."""

    what: str = "Beginnen"
    done: int = 0
    total: int = 0


class Updating:
    """Updates the index in a thread of its own, one at a time.

    Args:
        update: brings the index up to date and tells how it goes.
    """

    def __init__(self, update: Callable[[Progress], BuildReport]) -> None:
        self._update = update
        self._lock = Lock()
        self._busy = False
        self._step = Step()
        self._outcome: BuildReport | str = ""

    @property
    def busy(self) -> bool:
        """Whether the index is being updated now."""
        return self._busy

    @property
    def step(self) -> Step:
        """How far that is."""
        return self._step

    @property
    def outcome(self) -> BuildReport | str:
        """What the last update did, or why it could not; empty before the first."""
        return self._outcome

    def start(self) -> None:
        """Begin, unless it has begun."""
        with self._lock:
            if self._busy:
                return
            self._busy, self._step, self._outcome = True, Step(), ""
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        try:
            self._outcome = self._update(self._tell)
        except AssistantError as error:
            self._outcome = str(error)
        except Exception:
            LOG.exception("The index could not be updated.")
            self._outcome = _FAULT
        finally:
            self._busy = False

    def _tell(self, what: str, done: int, total: int) -> None:
        self._step = Step(what, done, total)


class Manager:
    """The functions behind 'Documenten beheren'; each takes what a browser sends, which can be anything.

    Args:
        desk: whose documents they are.
        operators: names of who may do this.
    """

    def __init__(self, desk: Desk, operators: Collection[str]) -> None:
        self._desk = desk
        self._operators = frozenset(operators)
        self._updating = Updating(desk.update_index)

    @property
    def functions(self) -> list[Callable[[Any], Any]]:
        """What the browser can call, by its name."""
        changing = (self.put_document, self.describe_document, self.remove_document)
        return [_plain(function) for function in (self.look_over, *changing, self.update_index, self.follow_update)]

    def look_over(self, _: Any) -> dict[str, Any] | None:
        """The whole part of the page; nothing for who is no operator, for every visitor's page asks."""
        if user() not in self._operators:
            return None
        kinds, voices = kinds_of(self._desk.documents.values()), voices_of(self._desk.passages)
        page = render_manager(self._shelf(), kinds, voices, self._desk.shelf.max_bytes)
        return {"page": str(page), "busy": self._updating.busy}

    def put_document(self, sent: Any) -> dict[str, Any]:
        """Add or replace a document: `outcome` is 'kept', 'exists' or 'refused'."""
        self._admit()
        try:
            self._check_rest()
            if not isinstance(sent, DataWithFiles) or len(sent.files) != 1:
                raise InputError(_UNREADABLE)
            [(given, content)] = sent.files
            about = _object(_parsed(sent.data.get("about")))
            name = safe_name(given or "")
            if not self._desk.shelf.put(name, content, _values(about), about.get("replace") is True):
                message = f"Er is al een bestand {name}. Wilt u het vervangen?"
                return {"outcome": "exists", "message": message}
        except AssistantError as error:
            return {"outcome": "refused", "message": str(error)}
        return {"outcome": "kept", **self._told(f"{name} is bewaard. Werk de index bij om het te gebruiken.")}

    def describe_document(self, request: Any) -> dict[str, Any]:
        """Say something else of a document."""
        self._admit()
        asked = _object(request)
        name = str(asked.get("name") or "")
        try:
            self._check_rest()
            self._desk.shelf.describe(name, _values(asked))
        except AssistantError as error:
            return {"message": str(error)}
        return self._told(f"De gegevens van {name} zijn bewaard. Werk de index bij om ze te gebruiken.")

    def remove_document(self, request: Any) -> dict[str, Any]:
        """Remove a document."""
        self._admit()
        name = str(_object(request).get("name") or "")
        try:
            self._check_rest()
            self._desk.shelf.remove(name)
        except AssistantError as error:
            return {"message": str(error)}
        return self._told(f"{name} is verwijderd. Werk de index bij, dan antwoordt de assistent er niet meer uit.")

    def update_index(self, _: Any) -> dict[str, Any]:
        """Begin to bring the index up to date."""
        self._admit()
        self._updating.start()
        return {"busy": True}

    def follow_update(self, _: Any) -> dict[str, Any]:
        """How far an update is, and what came of it when it is done."""
        self._admit()
        step = self._updating.step
        if self._updating.busy:
            return {"busy": True, "what": step.what, "done": step.done, "total": step.total}
        done = isinstance(self._updating.outcome, BuildReport)
        return {"busy": False, **self._told("De index is bijgewerkt." if done else "De index is niet bijgewerkt.")}

    def _admit(self) -> None:
        """Refuse who is no operator."""
        if user() not in self._operators:
            raise HTTPException(403, "Alleen beheerders mogen dit.")

    def _check_rest(self) -> None:
        """Refuse a change while the files are being read."""
        if self._updating.busy:
            raise InputError(_BUSY)

    def _told(self, message: str) -> dict[str, Any]:
        return {"message": message, "shelf": str(self._shelf())}

    def _shelf(self) -> Markup:
        """The list of documents as it is now."""
        try:
            rows = self._rows()
            gone = self._desk.manifest.documents.keys() - {row.name for row in rows}
        except AssistantError as error:
            return render_warning(str(error))
        return render_shelf(rows, sorted(gone), self._updating.outcome)

    def _rows(self) -> list[Row]:
        indexed, documents = self._desk.manifest.documents, self._desk.documents
        rows: list[Row] = []
        for shelved in self._desk.shelf.documents():
            name, said = shelved.name, shelved.said
            known, entry = documents.get(name), indexed.get(name)
            if known is None or entry is None:
                rows.append(Row(name, said, said.title or name, said.kind, said.date, NEW))
                continue
            told = [(getattr(said, field), getattr(known, field)) for field in DESCRIBED]
            is_same = (
                shelved.digest == entry.digest
                and said.voice == known.voice
                and all(now in ("", before) for now, before in told)
            )
            kind, date = said.kind or known.kind, said.date or known.date
            rows.append(Row(name, said, said.title or known.title, kind, date, "" if is_same else CHANGED))
        return rows


def _plain(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that Gradio can put a mark on, which a method does not take."""

    @functools.wraps(function)
    def call(request: Any) -> Any:
        return function(request)

    return call


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _values(about: dict[str, Any]) -> dict[str, str]:
    """What is said of a document."""
    return {field: value for field, value in _object(about.get("values")).items() if isinstance(value, str)}


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
