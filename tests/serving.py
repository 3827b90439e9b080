"""Real servers on loopback for tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.web import serve
from assistant.web.desk import Desk


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def desk_of(assistant: Assistant, **settings: object) -> Desk:
    """The same index behind a desk; without other settings nobody asks too much."""
    changed = {"questions_per_minute": 100_000, "max_visitors": 1_000, **settings}
    return Desk(assistant._settings.model_copy(update=changed), assistant._encoder)


@contextmanager
def served(assistant: Assistant, **settings: object) -> Iterator[str]:
    """The address of a page with this index and these settings, without a slash at the end."""
    desk = desk_of(assistant, **settings)
    page = serve.start(desk, load_settings(port=free_port(), **settings))
    yield page.local_url.rstrip("/")
    page.close(verbose=False)
