"""What the server answers to: the page's own paths, those of its API and those for operators, and nothing else.

Gradio also serves files, uploads and proxied addresses. The page uses none of them, so nobody can.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
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


class Guard:
    """ASGI middleware that refuses other paths and other sites, and tells the browser to contact no other server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

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

        app = self.app
        if not OPEN.fullmatch(scope["path"]):
            app = PlainTextResponse("Deze pagina is er niet.", 404)
        elif scope["method"] != "GET" and is_from_another_site(Headers(scope=scope)):
            app = PlainTextResponse("Een andere website mag hier niets vragen.", 403)
        await app(scope, receive, send_with_policy)


def is_from_another_site(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sends this; programs that are no browser say nothing."""
    if fetched := headers.get("sec-fetch-site"):
        return fetched not in ("same-origin", "none")
    # Browsers leave that header out on http:// addresses other than their own computer.
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in (headers.get("host"), headers.get("x-forwarded-host"))
