"""The assistant as it stands behind a server: the same answers, with limits and counts before them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from assistant.building import Progress
from assistant.documents.shelf import Shelf
from assistant.encoder import Encoder
from assistant.errors import InputError
from assistant.feedback import Feedback
from assistant.pipeline import Assistant, Opened, build_index
from assistant.schema import Answer, BuildReport, Filters, Hit
from assistant.settings import Settings
from assistant.web.limits import Limits
from assistant.web.metrics import Metrics


class Desk(Assistant):
    """An assistant that knows who is asking, lets questions in some at a time and counts them.

    Attributes:
        shelf: the documents that the index is made from.
    """

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        super().__init__(settings, encoder)
        self._metrics = Metrics()
        self._limits = Limits(settings.questions_per_minute, settings.max_visitors)
        self._feedback = Feedback(Path(settings.feedback)) if settings.feedback else None
        self.shelf = Shelf(settings.corpus, int(settings.max_file_mb * 1_000_000))

    @property
    def keeps_feedback(self) -> bool:
        """Whether the operator keeps what visitors say of answers."""
        return self._feedback is not None

    def stream(self, question: str, history: Sequence[str] = (), filters: Filters | None = None) -> Iterator[Answer]:
        """As `Assistant.stream`, which `ask` uses too.

        Raises:
            BusyError: too many questions; says when to come back.
            InputError: as `Assistant.ask`.
        """
        with self._metrics.measure("ask") as outcome, self._limits.admit(caller()):
            for answer in super().stream(question, history, filters):
                outcome.name = answer.status
                yield answer

    def _found(
        self, opened: Opened, query: str, top_k: int, filters: Filters | None, history: Sequence[str] = ()
    ) -> tuple[Hit, ...]:
        """What `search` and `positions` find.

        Raises:
            BusyError: too many questions; says when to come back.
            InputError: as `Assistant.search`.
        """
        with self._metrics.measure("search") as outcome, self._limits.admit(caller()):
            hits = super()._found(opened, query, top_k, filters, history)
            outcome.name = "found" if hits else "not_found"
            return hits

    def judge(self, answer: Answer, helpful: bool, reason: str, history: Sequence[str], version: str) -> None:
        """Keep what a visitor says of an answer, if feedback is kept; see `Feedback.judge`.

        Raises:
            BusyError: too many at once.
            InputError: the file cannot be used.
        """
        if self._feedback:
            with self._metrics.measure("judge") as outcome, self._limits.admit(caller()):
                self._feedback.judge(answer, helpful, reason, history, version)
                outcome.name = "helpful" if helpful else "not_helpful"

    def miss(self, question: str, history: Sequence[str], version: str) -> None:
        """Keep a question that found nothing, if feedback is kept; a fault is logged, for there is an answer."""
        if self._feedback:
            try:
                self._feedback.miss(question, history, version)
            except InputError:
                logging.getLogger(__name__).exception("A question that found nothing could not be kept.")

    def update_index(self, progress: Progress) -> BuildReport:
        """Bring the index up to date with the documents; see `build_index`."""
        return build_index(self._settings, progress, self._encoder)

    def is_answering(self) -> bool:
        """Whether the index can be searched now; neither limited nor counted.

        Raises:
            StoreError: the index cannot be used.
        """
        title = next((document.title for document in self.documents.values()), "")
        return bool(title and super().search(title, top_k=1))

    def counts(self) -> bytes:
        """What was counted, and the size of the index, in Prometheus' text format."""
        return self._metrics.text(len(self.documents), len(self.passages))


def caller() -> str:
    """Who asks, inside an event of the page or of its API: who has logged in, or else an address."""
    return user() or str((_scope().get("client") or ("",))[0])


def user() -> str:
    """Who has logged in, inside an event of the page or of its API; empty if nobody has."""
    return str(_scope().get("user") or "")


def _scope() -> Mapping[str, Any]:
    request = LocalContext.request.get(None)
    return (request.request if isinstance(request, gr.Request) else request).scope if request else {}
