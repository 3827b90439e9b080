"""A language model on a server: Ollama, or anything that speaks OpenAI's protocol, through LlamaIndex.

LlamaIndex is imported when the first text is asked for, never before. Whatever happens on the other side (no server, an
error, silence, a stream that stops halfway), the caller gets the text or an `LLMError` before the deadline.
"""

from __future__ import annotations

import importlib.util
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import InputError, LLMError
from assistant.settings import Settings

PACKAGES = {"ollama": "llama_index.llms.ollama", "openai-like": "llama_index.llms.openai_like"}
"""The kinds of server by the name the settings give them, with the module that speaks to each."""

DEFAULT_URLS = {"ollama": "http://localhost:11434", "openai-like": "http://localhost:8000/v1"}
CONTEXT_WINDOW = 8192
"""Tokens that a model is asked to have room for: the passages take about 3,000, the answer at most `MAX_TOKENS`."""
MAX_TOKENS = 700
MOST_CHARACTERS = 12_000
"""Longer answers are cut off: no good answer is."""

_Piece = str | Exception | None


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model on a server.

    Attributes:
        kind: a key of `PACKAGES`.
        model: its name on that server.
        url: address of the server.
        key: sent as bearer token; empty for none.
        timeout: seconds for a whole question.
    """

    kind: str
    model: str
    url: str
    key: str = field(repr=False)
    timeout: float

    def stream(self, instructions: str, text: str, deadline: float) -> Iterator[str]:
        """What the model writes, in pieces.

        Args:
            instructions: the system message.
            text: the user message.
            deadline: of `time.monotonic()`; at that moment it ends, whatever the server does.

        Raises:
            LLMError: the text did not come, or did not come to its end.
        """
        pieces: queue.Queue[_Piece] = queue.Queue()
        stop = threading.Event()
        worker = threading.Thread(target=self._work, args=(instructions, text, deadline, pieces, stop), daemon=True)
        worker.start()
        length = 0
        try:
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    raise LLMError("Het taalmodel was niet op tijd klaar.") from None
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise _as_error(piece) from piece
                length += len(piece)
                if length > MOST_CHARACTERS:
                    raise LLMError("Het taalmodel bleef maar doorschrijven.")
                yield piece
        finally:
            stop.set()

    def _work(
        self, instructions: str, text: str, deadline: float, pieces: queue.Queue[_Piece], stop: threading.Event
    ) -> None:
        """Puts the pieces in the queue, then None, or the exception that ended it."""
        try:
            with self._connected(deadline) as model:
                finished = ""
                for response in model.stream_chat(_messages(instructions, text)):
                    if stop.is_set():
                        return
                    if response.delta:
                        pieces.put(response.delta)
                    finished = _reason(response.raw) or finished
            pieces.put(None if finished == "stop" else EOFError(f"finish reason: {finished or 'none'}"))
        except Exception as error:  # noqa: BLE001 - every fault is handed to the thread that waits
            pieces.put(error)

    @contextmanager
    def _connected(self, deadline: float) -> Iterator[Any]:
        """LlamaIndex's model with a connection of its own, which is closed afterwards."""
        seconds = max(0.001, deadline - time.monotonic())
        if self.kind == "ollama":
            from llama_index.llms.ollama import Ollama
            from ollama import Client

            headers = {"Authorization": f"Bearer {self.key}"} if self.key else None
            with Client(host=self.url, timeout=seconds, headers=headers) as client:
                yield Ollama(
                    model=self.model,
                    base_url=self.url,
                    client=client,
                    temperature=0.0,
                    context_window=CONTEXT_WINDOW,
                    request_timeout=seconds,
                    additional_kwargs={"num_predict": MAX_TOKENS},
                )
            return
        import httpx
        from llama_index.llms.openai_like import OpenAILike

        with httpx.Client(timeout=seconds, follow_redirects=True) as http:
            yield OpenAILike(
                model=self.model,
                api_base=self.url,
                api_key=self.key or "none",
                http_client=http,
                is_chat_model=True,
                temperature=0.0,
                max_tokens=MAX_TOKENS,
                context_window=CONTEXT_WINDOW,
                max_retries=0,
                timeout=seconds,
            )


def load_llm(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name; None if they name none.

    Raises:
        InputError: the setting is not of the form kind/model, or the package for it is not installed.
    """
    if not settings.llm:
        return None
    kind, _, model = settings.llm.partition("/")
    if kind not in PACKAGES or not model:
        raise InputError(
            f"De instelling ASSISTANT_LLM heeft een waarde die niet kan: '{settings.llm}'. "
            "Schrijf ollama/MODEL of openai-like/MODEL, bijvoorbeeld ollama/mistral-nemo."
        )
    if importlib.util.find_spec(PACKAGES[kind]) is None:
        raise InputError(f"Voor het taalmodel {settings.llm} is een onderdeel nodig: pip install 'nov-assistant[llm]'")
    return LanguageModel(
        kind, model, settings.llm_url or DEFAULT_URLS[kind], settings.llm_key.get_secret_value(), settings.llm_timeout
    )


def _messages(instructions: str, text: str) -> list[Any]:
    from llama_index.core.llms import ChatMessage, MessageRole

    return [ChatMessage(instructions, role=MessageRole.SYSTEM), ChatMessage(text, role=MessageRole.USER)]


def _reason(raw: Any) -> str:
    """Why the server says that a text ends here: 'stop', 'length', …; empty if it goes on."""
    if isinstance(raw, dict):  # Ollama
        return str(raw.get("done_reason") or "stop") if raw.get("done") else ""
    choices = getattr(raw, "choices", None)
    return str(choices[0].finish_reason or "") if choices else ""


def _as_error(error: Exception) -> LLMError:
    """What happened, for people."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if any("Timeout" in name for name in names):
        return LLMError("Het taalmodel was niet op tijd klaar.")
    if names & {"EOFError", "RemoteProtocolError", "ReadError", "JSONDecodeError"}:
        return LLMError("Het taalmodel stopte halverwege.")
    if names & {"APIConnectionError", "ConnectionError", "ConnectError"}:
        return LLMError("Het taalmodel is niet te bereiken.")
    return LLMError("Het taalmodel gaf een foutmelding.")
