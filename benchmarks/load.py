"""Many visitors at once on a real page: how long they wait, and whether each gets their own answer.

    python benchmarks/load.py --visitors 30 --seconds 120 --out build/load.json

Starts the page on loopback in a process of its own (or takes one that runs, with --url), lets every visitor hold
conversations of three questions over the same requests as a browser, and afterwards asks the same questions again one
by one: every answer must have the same status and the same citations, and every conversation only the visitor's own
questions. Exits with 1 when a request failed, when something crossed, or when the 95th percentile is over the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant.pipeline import Assistant
from assistant.settings import ROOT, load_settings

TURNS = 3
PATIENCE = 120.0
LIMIT = 3.0
"""Seconds within which 95 of 100 answers must be there."""

Place = tuple[str, int, int]


@dataclass(frozen=True)
class Outcome:
    """What a person sees of one answer: its status and the places it cites."""

    status: str
    citations: tuple[Place, ...]


@dataclass(frozen=True)
class Reply:
    """One question asked on the page.

    Attributes:
        asked: the questions of this conversation so far, this one last.
        shown: the questions in the conversation that came back.
        outcome: of this question.
        first: seconds until the first words of the answer.
        whole: seconds until the whole answer.
    """

    asked: tuple[str, ...]
    shown: tuple[str, ...]
    outcome: Outcome
    first: float
    whole: float


@dataclass
class Visitor:
    """A browser's requests to the page, without the browser.

    Args:
        url: address of the page.
        number: gives the visitor an address of their own.
    """

    url: str
    number: int
    _http: httpx.Client = field(init=False)
    _asks: int = field(init=False)
    _session: str = field(init=False)
    _asked: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        address = f"10.1.{self.number // 250}.{self.number % 250 + 1}"
        self._http = httpx.Client(base_url=self.url, timeout=PATIENCE, headers={"X-Forwarded-For": address})
        self._asks = _asking_event(self._http.get("/config").raise_for_status().json())
        self.begin()

    def begin(self) -> None:
        """Begin a new conversation."""
        self._session = secrets.token_hex(8)
        self._asked = ()

    def ask(self, question: str) -> Reply:
        """Ask a question in this conversation."""
        self._asked = (*self._asked, question)
        began = time.perf_counter()
        joined = self._http.post(
            "/gradio_api/queue/join",
            json={"data": [question, None, {}], "fn_index": self._asks, "session_hash": self._session},
        )
        event = joined.raise_for_status().json()["event_id"]
        steps, first = 0, 0.0
        for message in self._messages(event):
            if message["msg"] == "process_generating":
                # The first step says that the assistant is searching.
                steps += 1
                first = first or (time.perf_counter() - began if steps > 1 else 0.0)
            elif message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"the page failed: {message['output']}")
                whole = time.perf_counter() - began
                return self._reply(message["output"]["data"][3], first or whole, whole)
        raise RuntimeError("the page stopped before the answer")

    def _messages(self, event: str) -> Iterator[dict[str, Any]]:
        with self._http.stream("GET", "/gradio_api/queue/data", params={"session_hash": self._session}) as stream:
            for line in stream.raise_for_status().iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("event_id") == event:
                    yield message

    def _reply(self, kept: Any, first: float, whole: float) -> Reply:
        answers = [turn["answer"] for turn in _value(kept)["turns"]]
        shown = tuple(answer["question"] for answer in answers)
        cited = tuple((row["document"], row["start"], row["end"]) for row in answers[-1]["citations"])
        return Reply(self._asked, shown, Outcome(answers[-1]["status"], cited), first, whole)


def _value(output: Any) -> Any:
    """What a component was given, also when it came as an update."""
    return output["value"] if isinstance(output, dict) and output.get("__type__") == "update" else output


def _asking_event(config: dict[str, Any]) -> int:
    """The number of the page's event in which a question is typed."""
    box = next(part["id"] for part in config["components"] if part["props"].get("elem_id") == "question")
    return int(next(event["id"] for event in config["dependencies"] if [box, "submit"] in event["targets"]))


def converse(url: str, number: int, questions: Sequence[str], until: float, most: int) -> list[Reply]:
    """What one visitor gets, in conversations of three questions.

    Args:
        url: address of the page.
        number: of the visitor; decides with which question they begin.
        questions: to choose from.
        until: `time.perf_counter` after which no question is asked.
        most: questions at most.
    """
    visitor = Visitor(url, number)
    replies: list[Reply] = []
    while time.perf_counter() < until and len(replies) < most:
        if len(replies) % TURNS == 0:
            visitor.begin()
        replies.append(visitor.ask(questions[(7 * number + len(replies)) % len(questions)]))
    return replies


def visit(url: str, visitors: int, questions: Sequence[str], seconds: float, most: int = sys.maxsize) -> list[Reply]:
    """What all visitors get who ask at the same time; an error of one of them is raised."""
    until = time.perf_counter() + seconds
    with ThreadPoolExecutor(visitors) as pool:
        tasks = [pool.submit(converse, url, number, questions, until, most) for number in range(visitors)]
        return [reply for task in tasks for reply in task.result()]


def crossings(replies: Sequence[Reply], assistant: Assistant) -> list[str]:
    """What came to the wrong visitor, or was not what somebody alone gets; empty if all is well."""
    expected: dict[tuple[str, ...], Outcome] = {}
    found = []
    for reply in replies:
        if reply.asked not in expected:
            expected[reply.asked] = _alone(assistant, reply.asked)
        if reply.shown != reply.asked:
            found.append(f"asked {reply.asked}, but the conversation has {reply.shown}")
        elif reply.outcome != expected[reply.asked]:
            found.append(f"asked {reply.asked}: {reply.outcome} instead of {expected[reply.asked]}")
    return found


def _alone(assistant: Assistant, asked: tuple[str, ...]) -> Outcome:
    answer = assistant.ask(asked[-1], history=asked[:-1])
    return Outcome(answer.status, tuple((row.document, row.start, row.end) for row in answer.citations))


@contextmanager
def _served() -> Iterator[str]:
    """The address of a page in a process of its own, with the index of the settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "ASSISTANT_QUESTIONS_PER_MINUTE": "100000", "ASSISTANT_MAX_VISITORS": "1000"}
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert server.stdout is not None
        if not server.stdout.readline():
            raise SystemExit("the page did not start; try: python -m assistant serve")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def main() -> int:
    """Run the test; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--url", help="of a page that runs with the index of the settings")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    settings = load_settings()
    lines = (settings.corpus / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    if options.url:
        replies = visit(options.url.rstrip("/"), options.visitors, questions, options.seconds)
    else:
        with _served() as url:
            replies = visit(url, options.visitors, questions, options.seconds)
    wrong = crossings(replies, Assistant.open(settings))
    first, whole = ([getattr(reply, name) for reply in replies] for name in ("first", "whole"))
    result = {
        "visitors": options.visitors,
        "questions": len(replies),
        "per_second": round(len(replies) / options.seconds, 2),
        "first_words": {f"p{share}": round(float(np.percentile(first, share)), 3) for share in (50, 95)},
        "whole_answer": {f"p{share}": round(float(np.percentile(whole, share)), 3) for share in (50, 95, 99)},
        "wrong": wrong,
    }
    print(json.dumps(result, ensure_ascii=False, indent=2))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=2), encoding="utf-8")
    return int(bool(wrong) or float(np.percentile(whole, 95)) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
