"""A real HTTP server on loopback that speaks OpenAI's and Ollama's chat protocols and says what a test tells it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = str | Callable[[str], str]


class LLMServer(ThreadingHTTPServer):
    """Streams its reply in pieces of a few characters.

    Attributes:
        reply: what it writes, or a function of the user message that gives it.
        mode: 'well'; 'error' (status 500); 'hang' (silence until `release`); 'break' (half, then the connection is
            closed); 'end' (half, then a proper end without a reason); 'length' (stops at a limit); 'junk' (no JSON).
        asked: the messages of every request.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply: Reply = ""
        self.mode = "well"
        self.asked: list[list[dict[str, str]]] = []
        self.headers: list[dict[str, str]] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no fault of this server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LLMServer

    def log_message(self, *arguments: object) -> None:
        pass

    def do_POST(self) -> None:
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.asked.append(body["messages"])
        server.headers.append(dict(self.headers))
        if server.mode == "error":
            self.send_error(500, "kapot")
            return
        ollama = self.path == "/api/chat"
        if not ollama and self.path != "/v1/chat/completions":
            self.send_error(404)
            return
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if ollama else "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if server.mode == "hang":
            server.release.wait()
            return
        user = body["messages"][-1]["content"]
        text = server.reply if isinstance(server.reply, str) else server.reply(user)
        if server.mode in ("break", "end"):
            text = text[: len(text) // 2]
        self._send(text, ollama)

    def _send(self, text: str, ollama: bool) -> None:
        mode = self.server.mode
        for start in range(0, len(text), 7):
            piece = text[start : start + 7]
            self._chunk("geen json" if mode == "junk" else _piece(piece, ollama), ollama)
        if mode == "break":
            return
        if mode != "end":
            self._chunk(_last("length" if mode == "length" else "stop", ollama), ollama)
            if not ollama:
                self._chunk("[DONE]", ollama)
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: str, ollama: bool) -> None:
        line = f"{data}\n" if ollama else f"data: {data}\n\n"
        raw = line.encode()
        self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
        self.wfile.flush()


def _piece(text: str, ollama: bool) -> str:
    if ollama:
        return json.dumps({"model": "m", "message": {"role": "assistant", "content": text}, "done": False})
    delta = {"role": "assistant", "content": text}
    return _event([{"index": 0, "delta": delta, "finish_reason": None}])


def _last(reason: str, ollama: bool) -> str:
    if ollama:
        message = {"role": "assistant", "content": ""}
        return json.dumps({"model": "m", "message": message, "done": True, "done_reason": reason})
    return _event([{"index": 0, "delta": {}, "finish_reason": reason}])


def _event(choices: list[dict[str, Any]]) -> str:
    return json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": choices})


@contextmanager
def running() -> Iterator[LLMServer]:
    """A server that runs until the end of the block."""
    server = LLMServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def number_of(prompt: str, words: str) -> str:
    """The number under which a passage with these words stands in the prompt."""
    for number, text in re.findall(r'<passage nummer="(\d+)".*?>\n(.*?)\n</passage>', prompt, re.DOTALL):
        if words in text:
            return number
    raise AssertionError(f"no passage with {words!r}")
