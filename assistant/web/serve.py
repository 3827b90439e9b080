"""Puts the page on the network."""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import threading

import gradio as gr
from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from assistant.errors import InputError
from assistant.settings import Settings
from assistant.web.api import add_api
from assistant.web.desk import Desk
from assistant.web.door import Login, ProxyHeaders
from assistant.web.guard import MB, Guard
from assistant.web.managing import Manager
from assistant.web.operations import ACCESS, AccessLog, Operations
from assistant.web.page import STATIC, build_page

STYLES = (
    STATIC.parents[1] / "palette.css",
    *(STATIC / f"{name}.css" for name in ("page", "conversation", "views", "reader", "manage", "print")),
)
SYSTEM_FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")


def serve(settings: Settings) -> None:
    """Opens the index and shows the page until the user stops it with Ctrl+C.

    Raises:
        InputError: the page cannot listen at this address.
        AssistantError: the index cannot be opened.
    """
    check_address(settings.host, settings.port)
    desk = Desk.open(settings)
    _log_access()
    page = start(desk, settings)
    sys.stdout.write(f"De assistent staat op {page.local_url} (stoppen: Ctrl+C)\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        page.close(verbose=False)


def check_address(host: str, port: int) -> None:
    """Raises an InputError that says what is wrong if nothing can listen there."""
    try:
        # Gradio wants the port on 127.0.0.1 to be free too, whatever the host.
        for name in (host, "127.0.0.1"):
            family, *_, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise InputError(_reason(error, host, port)) from error


def _reason(error: OSError, host: str, port: int) -> str:
    other = port + 1 if port < 65535 else 7860
    advice = f"Kies een andere poort, bijvoorbeeld: python -m assistant serve --port {other}"
    if error.errno == errno.EADDRINUSE:
        return f"Poort {port} is al in gebruik. {advice}"
    if error.errno == errno.EACCES:
        return f"Poort {port} mag niet worden gebruikt door deze gebruiker. {advice}"
    return f"Het adres {host} bestaat niet op deze computer. Laat --host weg, of gebruik 127.0.0.1 of 0.0.0.0."


def start(desk: Desk, settings: Settings) -> gr.Blocks:
    """Starts the page and its API in the background; `page.close()` stops them."""
    manager = Manager(desk, settings.operators) if _has_operators(settings) else None
    page = build_page(desk, desk if desk.keeps_feedback else None, manager)
    add_api(page, desk)
    _go_round_the_proxy(settings.host)
    # Who is a proxy is a setting of ours; the server beneath would believe the own computer whatever it says.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    page.queue(api_open=False).launch(
        server_name=settings.host,
        server_port=settings.port,
        root_path=settings.root_path,
        # Who waits for an answer holds a thread; the rest of the page needs some as well.
        max_threads=settings.max_visitors + 20,
        max_file_size=int(settings.max_file_mb * 1_000_000),
        prevent_thread_lock=True,
        quiet=True,
        # Gradio would take what is left out here from GRADIO_* variables.
        share=False,
        ssr_mode=False,
        mcp_server=False,
        num_workers=0,
        enable_monitoring=False,
        run_history=False,
        footer_links=[],
        favicon_path=STATIC / "favicon.svg",
        theme=gr.themes.Base(font=SYSTEM_FONT, font_mono=("ui-monospace", "monospace")),
        head=head(),
        app_kwargs={"middleware": _middleware(desk, settings)},
    )
    return page


def _has_operators(settings: Settings) -> bool:
    """Whether there are operators, and a log-in by which they are known."""
    if settings.operators and not (settings.users or settings.user_header):
        logging.getLogger(__name__).warning(
            "ASSISTANT_OPERATORS doet niets zonder inloggen: stel ook ASSISTANT_USERS of ASSISTANT_USER_HEADER in."
        )
        return False
    return bool(settings.operators)


def _middleware(desk: Desk, settings: Settings) -> list[Middleware]:
    """What a request passes before it reaches the page, in order."""
    proxies = [str(network) for network in settings.trusted_proxies]
    return [
        Middleware(ProxyHeaders, settings.trusted_proxies, settings.user_header, settings.root_path),
        Middleware(ProxyHeadersMiddleware, proxies),
        Middleware(AccessLog),
        Middleware(Guard, int(settings.max_file_mb * MB)),
        Middleware(Login, settings.users, settings.user_header),
        Middleware(Operations, desk),
    ]


def _log_access() -> None:
    """Writes a line on standard error for each request."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    ACCESS.handlers = [handler]
    ACCESS.propagate = False
    ACCESS.setLevel(logging.INFO)


def _go_round_the_proxy(host: str) -> None:
    """Gradio asks its own server whether it runs, which an office's proxy would not let through."""
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost", host)))


def head() -> str:
    """The page's own styles and icon."""
    css = "\n".join(style.read_text(encoding="utf-8") for style in STYLES)
    return f'<link rel="icon" type="image/svg+xml" href="favicon.ico"><style>{css}</style>'
