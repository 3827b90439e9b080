"""What the server answers to: the page's own paths and nothing else.

Gradio also serves files, uploads, proxied addresses and an API. The page uses none of them, so nobody can.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = re.compile(
    r"/(assets/.*|static/.*|config|theme\.css|favicon\.ico|manifest\.json|pwa_icon|robots\.txt"
    r"|gradio_api/(theme\.css|startup-events|app_id|heartbeat/\w+|queue/(join|data)|cancel|reset|component_server))?/?"
)

# Gradio compiles templates and puts styles into the page, hence 'unsafe-eval' and 'unsafe-inline'. Nothing comes from,
# or goes to, another server.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'self'"
)


class Guard:
    """ASGI middleware that refuses other paths, and tells the browser to contact no other server."""

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

        app = self.app if OPEN.fullmatch(scope["path"]) else PlainTextResponse("Deze pagina is er niet.", 404)
        await app(scope, receive, send_with_policy)


GUARD = Middleware(Guard)
