"""Who is asking: what a reverse proxy may say of it, and logging in. ASGI middleware, the outermost first."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Collection, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address

from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.limits import RateLimit

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-gradio-server")
OPEN_TO_ALL = ("/healthz", "/gradio_api/startup-events")
"""What needs no log-in: whether the assistant works, and what Gradio asks its own server when it starts."""
FAILURES_PER_MINUTE = 10


def address_of(scope: Scope) -> str:
    """The address of who asks; empty if it has none, as through a Unix socket."""
    return str((scope.get("client") or ("",))[0])


class ProxyHeaders:
    """Takes away the headers that only a trusted proxy may set when the request does not come from one.

    Also takes the path prefix away that some proxies leave on.

    Args:
        app: what comes next.
        trusted: networks of the proxies.
        user_header: in which they name who has logged in; empty if they do not.
        root_path: the prefix, such as '/assistent'; empty for none.
    """

    def __init__(
        self, app: ASGIApp, trusted: Collection[IPv4Network | IPv6Network], user_header: str, root_path: str
    ) -> None:
        self.app = app
        self._trusted = trusted
        self._user_header = user_header
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http":
            headers = MutableHeaders(scope=scope)
            if self._is_proxy(address_of(scope)):
                if self._user_header and (user := headers.get(self._user_header)):
                    scope["user"] = user
            else:
                for name in FORWARDED:
                    del headers[name]
            if self._root_path and scope["path"].startswith(f"{self._root_path}/"):
                scope["path"] = scope["path"].removeprefix(self._root_path)
        await self.app(scope, receive, send)

    def _is_proxy(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


class Login:
    """Lets in who a trusted proxy names, or who knows a password (HTTP Basic).

    Args:
        app: what comes next.
        users: names and passwords.
        user_header: whether a proxy names users; with neither, everybody is let in.
    """

    def __init__(self, app: ASGIApp, users: Mapping[str, SecretStr], user_header: str) -> None:
        self.app = app
        self._users = {name.encode(): password.get_secret_value().encode() for name, password in users.items()}
        self._open = not users and not user_header
        self._failures = RateLimit(FAILURES_PER_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, or refuse it."""
        if scope["type"] != "http" or self._open or scope["path"] in OPEN_TO_ALL or scope.get("user"):
            await self.app(scope, receive, send)
            return
        address = address_of(scope)
        given = Headers(scope=scope).get("authorization", "")
        if given and (seconds := self._failures.wait(address)):
            refusal = PlainTextResponse(
                "Te vaak een verkeerd wachtwoord. Wacht even.", 429, {"Retry-After": str(seconds)}
            )
            await refusal(scope, receive, send)
            return
        if user := self._user(given):
            scope["user"] = user
            await self.app(scope, receive, send)
            return
        if given:
            self._failures.take(address)
        challenge = {"WWW-Authenticate": 'Basic realm="NOV-documentassistent", charset="UTF-8"'} if self._users else {}
        await PlainTextResponse("Log eerst in.", 401, challenge)(scope, receive, send)

    def _user(self, authorization: str) -> str:
        """The name of who has the right password; empty for others, found out in the same time."""
        scheme, _, encoded = authorization.partition(" ")
        try:
            name, _, password = base64.b64decode(encoded, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return ""
        known = self._users.get(name)
        fits = secrets.compare_digest(password, known if known is not None else secrets.token_bytes(16))
        return name.decode() if scheme.lower() == "basic" and known is not None and fits else ""
