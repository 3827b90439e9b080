"""The server as operators see it: reverse proxy, health, counts, log, limits and log-in, each with a real server."""

from __future__ import annotations

import http.client
import http.server
import logging
import re
import shutil
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import open_assistant
from gradio_client import Client
from gradio_client.exceptions import AppError
from serving import desk_of, served

from assistant.encoder import Encoder
from assistant.errors import BusyError, InputError
from assistant.pipeline import Assistant, build_index
from assistant.settings import load_settings
from assistant.web.limits import Limits, RateLimit
from assistant.web.operations import FRESH, Health

WEB = httpx.Client(timeout=120)
SECRET_QUESTION = "Hoeveel is de vergoeding voor Wilhelmina Zonneveld?"


@pytest.fixture
def small(corpus: Path, tmp_path: Path, encoder: Encoder) -> Assistant:
    """An assistant on the small corpus, which a test may change."""
    return open_assistant(corpus, tmp_path / "index", encoder)


@pytest.fixture(scope="module")
def site(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as url:
        yield url


def client(url: str, **headers: str) -> Client:
    return Client(url, verbose=False, headers=headers)


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{password}".encode()).decode()}


# --- behind a reverse proxy -------------------------------------------------------------------------------------------


class StrippingProxy(http.server.BaseHTTPRequestHandler):
    """Passes /assistent/… on to the page as /…, as nginx does with a slash behind proxy_pass."""

    protocol_version = "HTTP/1.0"
    target = ""
    strips = True

    def do_GET(self) -> None:
        self.forward(b"")

    def do_POST(self) -> None:
        self.forward(self.rfile.read(int(self.headers["Content-Length"])))

    def forward(self, body: bytes) -> None:
        if not self.path.startswith("/assistent/"):
            self.send_error(404)
            return
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        kept |= {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-For": "198.51.100.7"}
        path = self.path.removeprefix("/assistent") if self.strips else self.path
        upstream = http.client.HTTPConnection(self.target, timeout=120)
        upstream.request(self.command, path, body or None, kept)
        response = upstream.getresponse()
        self.send_response(response.status)
        for name, value in response.getheaders():
            if name.lower() not in ("transfer-encoding", "connection"):
                self.send_header(name, value)
        self.end_headers()
        while piece := response.read1():
            self.wfile.write(piece)
            self.wfile.flush()
        upstream.close()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[True, False], ids=["prefix stripped", "prefix left on"])
def proxy(request: pytest.FixtureRequest, assistant: Assistant) -> Iterator[str]:
    """The address of the page behind a proxy, under a path of its own."""
    with served(assistant, root_path="/assistent") as url:
        handler = type("Handler", (StrippingProxy,), {"target": url.removeprefix("http://"), "strips": request.param})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/assistent/"
        server.shutdown()
        server.server_close()


def test_a_program_asks_through_a_reverse_proxy(proxy: str) -> None:
    answer = client(proxy).predict("Met wie kan ik contact opnemen bij NOV?", api_name="/ask")
    assert "Edith Starrevelt" in answer["answer"]
    assert WEB.get(f"{proxy}healthz").text == "ok"
    assert WEB.get(f"{proxy}favicon.ico").headers["content-type"].startswith("image/svg+xml")


@pytest.mark.browser
def test_a_visitor_asks_through_a_reverse_proxy(proxy: str, browser: object) -> None:
    context = browser.new_context()  # type: ignore[attr-defined]
    page = context.new_page()
    page.set_default_timeout(60_000)
    wrong: list[str] = []
    page.on("request", lambda request: request.url.startswith((proxy, "data:", "blob:")) or wrong.append(request.url))
    page.on("response", lambda response: response.status >= 400 and wrong.append(response.url))
    page.goto(proxy)
    page.locator(".welcome").wait_for()
    page.get_by_label("Uw vraag").fill("Met wie kan ik contact opnemen bij NOV?")
    page.get_by_label("Uw vraag").press("Enter")
    page.locator(".answer:not([aria-busy]) .cite").first.click()
    page.locator("#reader mark").first.wait_for()
    context.close()
    assert wrong == []


# --- health, counts, log ----------------------------------------------------------------------------------------------


def test_health_is_only_well_when_the_index_answers(small: Assistant, tmp_path: Path) -> None:
    with served(small) as url:
        answer = WEB.get(f"{url}/healthz")
        assert (answer.status_code, answer.text) == (200, "ok")
        shutil.rmtree(tmp_path / "index")
        answer = WEB.get(f"{url}/healthz")
        assert answer.status_code == 503
        assert "python -m assistant index" in answer.text


def test_health_is_found_out_by_searching_now_and_then(small: Assistant) -> None:
    now = [100.0]
    desk = desk_of(small)
    health = Health(desk, lambda: now[0])
    assert health.fault() == ""
    desk.is_answering = lambda: False  # type: ignore[method-assign]
    now[0] += FRESH - 1
    assert health.fault() == ""
    now[0] += 1
    assert "leeg" in health.fault()


def test_counts_by_outcome_without_texts(small: Assistant) -> None:
    with served(small, max_question=100) as url:
        asker = client(url)
        asker.predict("Wie betaalt de zaal?", api_name="/ask")
        with pytest.raises(AppError, match="tekens lang"):
            asker.predict("zaal " * 30, api_name="/ask")
        asker.predict("de zaal", api_name="/search")
        counts = WEB.get(f"{url}/metrics")
    assert counts.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'assistant_request_seconds_count{action="ask",outcome="answered"} 1.0',
        'assistant_request_seconds_count{action="ask",outcome="refused"} 1.0',
        'assistant_request_seconds_count{action="search",outcome="found"} 1.0',
        "assistant_open_requests 0.0",
        "assistant_documents 2.0",
    ):
        assert line in counts.text.splitlines()
    assert "zaal" not in counts.text


def test_the_log_tells_who_and_what_but_no_question(assistant: Assistant, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "assistant.access"), served(assistant) as site:
        client(site, **{"X-Forwarded-For": "203.0.113.9"}).predict(SECRET_QUESTION, api_name="/ask")
        WEB.get(f"{site}/healthz?vraag=Zonneveld")
        WEB.get(f"{site}/weg%0Aeen.regel?Zonneveld")
    assert re.search(r"203\.0\.113\.9 POST /gradio_api/queue/join 200 \d+ ms", caplog.text)
    assert re.search(r"127\.0\.0\.1 GET /healthz 200 \d+ ms", caplog.text)
    assert re.search(r"GET /weg%0Aeen\.regel 404 ", caplog.text)
    assert "Zonneveld" not in caplog.text


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_visitor_who_asks_too_much_waits_and_another_does_not(assistant: Assistant) -> None:
    with served(assistant, questions_per_minute=2) as url:
        one, other = (client(url, **{"X-Forwarded-For": address}) for address in ("203.0.113.1", "203.0.113.2"))
        for _ in range(2):
            one.predict("sociale basis", api_name="/search")
        with pytest.raises(AppError, match=r"Even wachten.*Over \d+ secon"):
            one.predict("sociale basis", api_name="/search")
        assert other.predict("sociale basis", api_name="/search")


def test_the_rate_is_of_any_minute() -> None:
    now = [0.0]
    rate = RateLimit(2, lambda: now[0])
    taken = []
    for second in (0, 10, 20, 59.5, 60, 65, 70):
        now[0] = second
        taken.append(rate.take("a"))
    # Room at 0 and 10; then a place comes free at 60 (until 120) and at 70.
    assert taken == [0, 0, 40, 1, 0, 5, 0]
    assert rate.take("b") == 0


def test_who_asked_long_ago_is_forgotten() -> None:
    now = [0.0]
    rate = RateLimit(1, lambda: now[0])
    for number in range(10_000):
        rate.take(str(number))
    now[0] = 61
    rate.take("nieuw")
    assert len(rate._times) == 1


def test_when_too_many_ask_at_once_the_next_hears_to_wait() -> None:
    limits = Limits(questions_per_minute=100, max_visitors=2)
    with limits.admit("a"), limits.admit("b"), pytest.raises(BusyError, match="erg druk"), limits.admit("c"):
        pass
    with limits.admit("c"):
        pass


def test_who_waits_too_long_takes_no_place_of_others() -> None:
    limits = Limits(questions_per_minute=1, max_visitors=1)
    for visitor, error in (("a", None), ("a", "Even wachten"), ("b", None)):
        if error:
            with pytest.raises(BusyError, match=error), limits.admit(visitor):
                pass
        else:
            with limits.admit(visitor):
                pass


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("told", [True, False], ids=["size told beforehand", "size not told"])
def test_what_is_too_large_is_refused(site: str, told: bool) -> None:
    fits = [b" " * 1_000_000] * 10
    for parts, refused in ((fits, False), ([*fits, b" "], True), (fits * 3, True)):
        content = b"".join(parts) if told else iter(parts)
        answer = WEB.post(f"{site}/gradio_api/queue/join", content=content, headers=JSON)
        assert (answer.status_code == 413) == refused
        assert ("Dit is te groot. U kunt hoogstens 10 MB tegelijk versturen." in answer.text) == refused


def test_a_file_may_be_as_large_as_a_document_may_be(assistant: Assistant) -> None:
    with served(assistant, max_file_mb=1) as url:
        for size, refused in ((1_900_000, False), (2_000_000, True), (20_000_000, True)):
            answer = WEB.post(f"{url}/gradio_api/cancel", files={"file": b" " * size})
            assert ("hoogstens 2 MB" in answer.text) == (answer.status_code == 413) == refused


# --- log-in -----------------------------------------------------------------------------------------------------------

USERS = {"anna": "geheim wachtwoord", "joëlle": "één:twee:drie"}


@pytest.fixture(scope="module")
def private(assistant: Assistant) -> Iterator[str]:
    """A page with names and passwords."""
    with served(assistant, users=load_settings(users=USERS).users) as url:
        yield url


@pytest.mark.parametrize("path", ["/", "/config", "/gradio_api/info", "/metrics", "/gradio_api/queue/data"])
def test_without_a_password_there_is_nothing(private: str, path: str) -> None:
    answer = WEB.get(private + path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.text == "Log eerst in."


def test_health_needs_no_password(private: str) -> None:
    assert WEB.get(f"{private}/healthz").status_code == 200


@pytest.mark.parametrize("name", list(USERS))
def test_with_name_and_password_one_may_ask(private: str, name: str) -> None:
    assert client(private, **basic(name, USERS[name])).predict("sociale basis", api_name="/search")


def test_wrong_passwords(assistant: Assistant) -> None:
    with served(assistant, users=load_settings(users=USERS).users) as url:
        wrong = [
            basic("anna", "geheim"),
            basic("anna", ""),
            basic("", ""),
            basic("bert", "geheim wachtwoord"),
            {"Authorization": "Basic §§§".encode()},
            {"Authorization": "Bearer " + basic("anna", USERS["anna"])["Authorization"].removeprefix("Basic ")},
            *[basic("anna", str(number)) for number in range(4)],
        ]
        assert [WEB.get(url, headers=headers).status_code for headers in wrong] == [401] * 10
        stopped = WEB.get(url, headers=basic("anna", USERS["anna"]))
        assert stopped.status_code == 429
        assert 0 < int(stopped.headers["retry-after"]) <= 60


def test_a_trusted_proxy_names_who_has_logged_in(assistant: Assistant) -> None:
    with served(assistant, user_header="X-Remote-User", questions_per_minute=1) as url:
        assert WEB.get(url).status_code == 401
        anna, bert = (client(url, **{"X-Remote-User": name}) for name in ("anna", "bert"))
        assert anna.predict("sociale basis", api_name="/search")
        assert bert.predict("sociale basis", api_name="/search")
        with pytest.raises(AppError, match="Even wachten"):
            anna.predict("sociale basis", api_name="/search")


def test_another_than_a_trusted_proxy_is_not_believed(assistant: Assistant) -> None:
    networks = load_settings(trusted_proxies="10.0.0.0/8").trusted_proxies
    with served(assistant, user_header="X-Remote-User", trusted_proxies=networks) as url:
        assert WEB.get(url, headers={"X-Remote-User": "anna"}).status_code == 401


def test_an_address_that_another_than_a_trusted_proxy_tells_is_not_logged(
    assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    networks = load_settings(trusted_proxies="10.0.0.0/8").trusted_proxies
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "far.test", "X-Forwarded-Proto": "https"}
    with caplog.at_level(logging.INFO, "assistant.access"), served(assistant, trusted_proxies=networks) as url:
        assert "far.test" not in WEB.get(f"{url}/config", headers=forged).text
    assert re.search(r"127\.0\.0\.1 GET /config 200 ", caplog.text)
    assert "203.0.113.9" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://far.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://far.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_other_sites_may_not_ask(site: str, headers: dict[str, str], status: int) -> None:
    body = {"data": [], "session_hash": "abc", "event_id": "x", "fn_index": 0}
    assert WEB.post(f"{site}/gradio_api/cancel", json=body, headers=headers).status_code == status


def test_its_own_page_may_ask(site: str) -> None:
    body = {"data": [], "session_hash": "abc", "event_id": "x", "fn_index": 0}
    assert WEB.post(f"{site}/gradio_api/cancel", json=body, headers={"Origin": site}).status_code == 200


# --- an index built while serving -------------------------------------------------------------------------------------


def test_an_index_that_is_built_again_is_picked_up(small: Assistant, corpus: Path, encoder: Encoder) -> None:
    question = "Wat kost een strippenkaart voor de bus?"
    with served(small) as url:
        asker = client(url)
        asker.predict(question, api_name="/ask")
        assert "assistant_documents 2.0" in WEB.get(f"{url}/metrics").text
        (corpus / "documents" / "bus.md").write_text(
            "# Vervoer\n\nEen strippenkaart voor de bus kost 12 euro.\n", encoding="utf-8"
        )
        build_index(load_settings(corpus=corpus, index=small._settings.index), encoder=encoder)
        answer = asker.predict(question, api_name="/ask")
        assert (answer["status"], answer["citations"][0]["document"]) == ("answered", "bus.md")
        assert "assistant_documents 3.0" in WEB.get(f"{url}/metrics").text


# --- settings ---------------------------------------------------------------------------------------------------------


def test_a_path_prefix_has_one_slash_in_front() -> None:
    assert [load_settings(root_path=given).root_path for given in ("", "/", "a", "/a/", "a/b")] == [
        "",
        "",
        "/a",
        "/a",
        "/a/b",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USERS", '{"anna": "geheim'),
        ("USERS", '{"anna": "geheim"}'),
        ("USERS", '{"an:na": "geheim wachtwoord"}'),
        ("TRUSTED_PROXIES", "thuis"),
        ("ROOT_PATH", "https://far.test"),
        ("USER_HEADER", "X Remote"),
        ("QUESTIONS_PER_MINUTE", "0"),
    ],
)
def test_a_setting_that_cannot_be_is_named_without_passwords(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(InputError, match=f"ASSISTANT_{name} ") as caught:
        load_settings()
    assert "geheim" not in str(caught.value)
