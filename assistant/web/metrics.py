"""Counts for operators, in the form that Prometheus reads. No question, answer or visitor is in them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

from assistant.errors import BusyError, InputError

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)


class Outcome:
    """What came of a request; `name` is for who handles it to set."""

    def __init__(self) -> None:
        self.name = "done"


class Metrics:
    """The counts of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "assistant_request_seconds",
            "From a question's arrival to its answer, waiting included, by what came of it.",
            ("action", "outcome"),
            registry=self._registry,
            buckets=SECONDS,
        )
        self._open = Gauge(
            "assistant_open_requests", "Questions being answered or waiting for it.", registry=self._registry
        )
        self._documents = Gauge("assistant_documents", "Documents in the index.", registry=self._registry)
        self._passages = Gauge("assistant_passages", "Passages in the index.", registry=self._registry)

    @contextmanager
    def measure(self, action: str) -> Iterator[Outcome]:
        """Count what happens inside, and how long it takes.

        Args:
            action: what is asked for: 'ask' or 'search'.

        Yields:
            where the outcome is to be told; an error is 'busy', 'refused' or 'failed' by itself, and 'stopped' is an
            answer that nobody waited for.
        """
        started = time.perf_counter()
        outcome = Outcome()
        self._open.inc()
        try:
            yield outcome
        except BusyError:
            outcome.name = "busy"
            raise
        except InputError:
            outcome.name = "refused"
            raise
        except GeneratorExit:
            outcome.name = "stopped"
            raise
        except BaseException:
            outcome.name = "failed"
            raise
        finally:
            self._open.dec()
            self._seconds.labels(action, outcome.name).observe(time.perf_counter() - started)

    def text(self, documents: int, passages: int) -> bytes:
        """All counts, and the size of the index now, in Prometheus' text format."""
        self._documents.set(documents)
        self._passages.set(passages)
        return generate_latest(self._registry)
