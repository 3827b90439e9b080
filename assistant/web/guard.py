"""What the server answers to: the page's own paths, those of its API and those for operators, and nothing too large.

Gradio also serves files, uploads and proxied addresses. The page uses none of them, so nobody can.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = re.compile(
    r"/(assets/.*|static/.*|config|theme\.css|favicon\.ico|manifest\.json|pwa_icon|robots\.txt|healthz|metrics"
    r"|gradio_api/(theme\.css|startup-events|app_id|heartbeat/[\w-]+|queue/(join|data)|cancel|reset|component_server"
    r"|info|call/(ask|search|positions|get_passage)(/\w+)?))?/?"
)

# Gradio compiles templates and puts styles into the page, hence 'unsafe-eval' and 'unsafe-inline'. Nothing comes from,
# or goes to, another server.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'"
)
MB = 1_000_000
LARGEST = 10 * MB
"""Bytes of a request without a file; conversations come back from the browser, which keeps about 5 MB of them."""
PATIENCE = 30.0
"""Seconds in which who sends too much may finish sending."""


class Guard:
    """ASGI middleware that refuses other paths, other sites and what is too large.

    It also tells the browser to contact no other server.

    Args:
        app: what comes next.
        largest_file: bytes of the largest file that may be sent.
    """

    def __init__(self, app: ASGIApp, largest_file: int) -> None:
        self.app = app
        # Beside the file a request holds what is said of it.
        self._largest_with_file = largest_file + MB

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        app, headers = self.app, Headers(scope=scope)
        has_file = headers.get("content-type", "").startswith("multipart/form-data")
        most = self._largest_with_file if has_file else LARGEST
        if not OPEN.fullmatch(scope["path"]):
            app = PlainTextResponse("Deze pagina is er niet.", 404)
        elif scope["method"] != "GET" and is_from_another_site(headers):
            app = PlainTextResponse("Een andere website mag hier niets vragen.", 403)
        elif int(headers.get("content-length", "0")) > most:
            await _read_out(receive)
            app = PlainTextResponse(_too_large(most), 413)
        await app(scope, _counted(receive, most), send_with_policy)


def _counted(receive: Receive, most: int) -> Receive:
    """The same request, refused when more comes than may: not every request says beforehand how large it is."""
    left = most

    async def receive_counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            if message.get("more_body"):
                await _read_out(receive)
            raise HTTPException(413, _too_large(most))
        return message

    return receive_counted


async def _read_out(receive: Receive) -> None:
    """Lets go by what is still being sent, for who is cut off while sending does not hear why."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (await receive()).get("more_body"):
                pass


def _too_large(most: int) -> str:
    return f"Dit is te groot. U kunt hoogstens {most // MB} MB tegelijk versturen."


def is_from_another_site(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sends this; programs that are no browser say nothing."""
    if fetched := headers.get("sec-fetch-site"):
        return fetched not in ("same-origin", "none")
    # Browsers leave that header out on http:// addresses other than their own computer.
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in (headers.get("host"), headers.get("x-forwarded-host"))
