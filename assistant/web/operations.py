"""What operators ask of the server: whether it works, counts, and a log of requests without what was asked."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import AssistantError
from assistant.web.desk import Desk
from assistant.web.door import address_of

ACCESS = logging.getLogger("assistant.access")
FRESH = 10.0
"""Seconds for which a proof that the index answers holds, so that nobody keeps the server busy by asking for it."""
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Health:
    """Whether questions can be answered, found out by searching.

    Args:
        desk: who answers them.
        clock: seconds, never going back.
    """

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._lock = Lock()
        self._until = -math.inf

    def fault(self) -> str:
        """What is wrong, in Dutch; empty if nothing is."""
        with self._lock:
            try:
                # Reads the manifest, so an index that has gone is noticed at once.
                if self._desk.documents and self._clock() < self._until:
                    return ""
                if not self._desk.is_answering():
                    return "De index is leeg. Voeg documenten toe en maak hem opnieuw: python -m assistant index"
            except AssistantError as error:
                return str(error)
            self._until = self._clock() + FRESH
            return ""


class Operations:
    """ASGI middleware with `/healthz` and `/metrics`."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app = app
        self._desk = desk
        self._health = Health(desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        app = self.app
        if scope["type"] == "http" and scope["path"] == "/healthz":
            app = await run_in_threadpool(self._healthz)
        elif scope["type"] == "http" and scope["path"] == "/metrics":
            app = await run_in_threadpool(self._metrics)
        await app(scope, receive, send)

    def _healthz(self) -> Response:
        fault = self._health.fault()
        return PlainTextResponse(fault or "ok", 503 if fault else 200)

    def _metrics(self) -> Response:
        return Response(self._desk.counts(), media_type=PROMETHEUS)


class AccessLog:
    """ASGI middleware that writes a line for each request: who, what, how it ended and in how many milliseconds.

    The address is written as it was sent, without what stands behind '?', and never what was sent along with it: that
    is where questions are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            path = scope["raw_path"].decode("ascii", "backslashreplace")
            milliseconds = round((time.perf_counter() - started) * 1000)
            ACCESS.info("%s %s %s %d %d ms", address_of(scope) or "-", scope["method"], path, status, milliseconds)
