"""Operators manage the documents on the page; nobody else can, whatever a browser sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from browsing import HOSTILE, Visit, ask
from conftest import BRIEF, open_assistant
from gradio_client import Client
from playwright.sync_api import expect
from serving import desk_of, served
from test_render import Html
from test_serve import basic

from assistant.documents.corpus import load_metadata
from assistant.documents.metadata import Metadata
from assistant.encoder import Encoder
from assistant.errors import CorpusError
from assistant.pipeline import Assistant
from assistant.schema import BuildReport
from assistant.settings import load_settings
from assistant.web.managing import Manager, Step, Updating
from assistant.web.managing_view import CHANGED, NEW, Row, render_manager, render_report, render_shelf

PASSWORD = "een lang wachtwoord"
USERS = load_settings(users={"anna": PASSWORD, "bert": PASSWORD}).users
OPERATED = {"users": USERS, "operators": ("anna",)}
FUNCTIONS = {
    "look_over",
    "put_document",
    "describe_document",
    "remove_document",
    "update_index",
    "follow_update",
}
BUS = b"# Vervoer\n\nEen strippenkaart voor de bus kost 12 euro.\n"


@pytest.fixture
def small(corpus: Path, tmp_path: Path, encoder: Encoder) -> Assistant:
    return open_assistant(corpus, tmp_path / "index", encoder)


class Caller:
    """Calls the functions of the page as its script does, with the name and password of one user."""

    def __init__(self, url: str, user: str) -> None:
        config = Client(url, verbose=False, headers=basic(user, PASSWORD)).config
        parts = [part for part in config["components"] if part["props"].get("elem_id") == "manage-frame"]
        self.functions = set(parts[0]["props"].get("server_fns") or parts[0]["server_fns"]) if parts else set()
        self._common = {"component_id": parts[0]["id"] if parts else 0, "session_hash": "abc"}
        self._url, self._headers = f"{url}/gradio_api/component_server", basic(user, PASSWORD)

    def call(self, name: str, request: object = None) -> httpx.Response:
        body = {**self._common, "fn_name": name, "data": request}
        return httpx.post(self._url, json=body, headers=self._headers, timeout=120)

    def put(self, name: str, content: bytes, replace: bool = False, **values: str) -> httpx.Response:
        about = json.dumps({"replace": replace, "values": values})
        fields = {**self._common, "fn_name": "put_document", "about": about}
        data = {key: str(value) for key, value in fields.items()}
        return httpx.post(self._url, data=data, files={"file": (name, content)}, headers=self._headers, timeout=120)

    def updated(self) -> dict[str, Any]:
        """Updates the index and returns what is told in the end."""
        assert self.call("update_index").json() == {"busy": True}
        told = self.call("follow_update").json()
        while told["busy"]:
            told = self.call("follow_update").json()
        return told


# --- who may


def test_every_function_refuses_who_is_no_operator(small: Assistant, corpus: Path) -> None:
    with served(small, **OPERATED) as url:
        bert = Caller(url, "bert")
        assert bert.functions == FUNCTIONS
        assert bert.call("look_over").json() is None
        for name in FUNCTIONS - {"look_over"}:
            for request in (None, {"name": "brief.md", "values": {"title": "x"}}, ["brief.md"], "brief.md"):
                answer = bert.call(name, request)
                assert (answer.status_code, answer.json()["detail"]) == (403, "Alleen beheerders mogen dit.")
        assert bert.put("brief.md", b"Weg.", replace=True).status_code == 403
        assert bert.put("nieuw.md", b"Nieuw.").status_code == 403
        for name in FUNCTIONS:
            body = {"component_id": 0, "session_hash": "abc", "fn_name": name, "data": {"name": "brief.md"}}
            assert httpx.post(f"{url}/gradio_api/component_server", json=body).status_code == 401
    assert (corpus / "documents" / "brief.md").read_text("utf-8") == BRIEF
    assert sorted(path.name for path in corpus.rglob("*.*")) == ["brief.md", "documents.yaml", "verslag.md"]


@pytest.mark.parametrize("settings", [{"users": USERS}, {"users": USERS, "operators": ()}])
def test_without_operators_there_is_no_such_part(assistant: Assistant, settings: dict[str, Any]) -> None:
    with served(assistant, **settings) as url:
        assert Caller(url, "anna").functions == set()


def test_without_log_in_there_are_no_operators(assistant: Assistant) -> None:
    with served(assistant, operators=("anna", "127.0.0.1")) as url:
        parts = httpx.get(f"{url}/config").json()["components"]
        assert "manage-frame" not in [part["props"].get("elem_id") for part in parts]


def test_a_trusted_proxy_names_the_operator(small: Assistant) -> None:
    with served(small, user_header="X-Remote-User", operators=("anna",)) as url:
        config = httpx.get(f"{url}/config", headers={"X-Remote-User": "anna"}).json()
        [part] = [part["id"] for part in config["components"] if part["props"].get("elem_id") == "manage-frame"]
        body = {"component_id": part, "session_hash": "abc", "fn_name": "look_over", "data": None}
        pages = [
            httpx.post(f"{url}/gradio_api/component_server", json=body, headers={"X-Remote-User": name}).json()
            for name in ("anna", "bert")
        ]
        assert "Documenten beheren" in pages[0]["page"]
        assert pages[1] is None


def test_operators_are_names_with_commas_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().operators == ()
    monkeypatch.setenv("ASSISTANT_OPERATORS", " anna, joëlle ,,")
    assert load_settings().operators == ("anna", "joëlle")


# --- what they do


def test_an_operator_adds_replaces_describes_removes_and_updates(small: Assistant, corpus: Path) -> None:
    with served(small, **OPERATED) as url:
        anna = Caller(url, "anna")
        page = anna.call("look_over").json()
        assert not page["busy"]
        assert [row["data-name"] for row in Html(page["page"]).all("li")] == ["brief.md", "verslag.md"]
        assert "De index is bij." in page["page"]

        kept = anna.put("../bus.md", BUS, title="Over de bus", date="2024-05-01").json()
        assert kept["outcome"] == "kept"
        assert kept["message"] == "bus.md is bewaard. Werk de index bij om het te gebruiken."
        assert "De index loopt achter: 1 niet in de index." in kept["shelf"]
        again = anna.put("brief.md", b"Kort.").json()
        assert again == {"outcome": "exists", "message": "Er is al een bestand brief.md. Wilt u het vervangen?"}
        refused = anna.put("brief.md", b"%PDF-1.7", replace=True).json()
        assert refused["outcome"] == "refused"
        assert refused["message"].startswith("brief.md: dit is geen .md, maar een pdf-bestand")
        assert (corpus / "documents" / "brief.md").read_text("utf-8") == BRIEF
        changed = BRIEF.replace("25 euro", "30 euro").encode()
        assert anna.put("brief.md", changed, replace=True).json()["outcome"] == "kept"
        removed = anna.call("remove_document", {"name": "verslag.md"}).json()
        assert "De index loopt achter: 1 niet in de index, 1 gewijzigd, 1 verwijderd." in removed["shelf"]
        described = anna.call("describe_document", {"name": "bus.md", "values": {"voice": "NOV", "date": ""}}).json()
        assert described["message"].startswith("De gegevens van bus.md zijn bewaard.")
        assert load_metadata(corpus)["bus.md"] == Metadata("Over de bus", voice="NOV")

        (corpus / "documents" / "stuk.pdf").write_bytes(b"geen pdf")
        told = anna.updated()
        assert told["message"] == "De index is bijgewerkt."
        for text in (
            "Nieuw: <bdi>bus.md</bdi>.",
            "Gewijzigd: <bdi>brief.md</bdi>.",
            "Verwijderd: <bdi>verslag.md</bdi>.",
        ):
            assert text in told["shelf"]
        assert "1 bestand kon niet worden gelezen:" in told["shelf"]
        assert "stuk.pdf: dit is geen .pdf-bestand" in told["shelf"]
        answer = Client(url, verbose=False, headers=basic("bert", PASSWORD)).predict(
            "Wat kost een strippenkaart voor de bus?", api_name="/ask"
        )
        assert [citation["document"] for citation in answer["citations"]] == ["bus.md"]
        assert answer["citations"][0]["voice"] == "NOV"


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        ("describe_document", None),
        ("describe_document", {"name": "../documents.yaml", "values": {"title": "x"}}),
        ("describe_document", {"name": ["brief.md"], "values": 7}),
        ("remove_document", {"name": "../documents.yaml"}),
        ("remove_document", "brief.md"),
        ("put_document", {"name": "a.md", "content": "x"}),
    ],
)
def test_what_makes_no_sense_changes_nothing(desk_manager: Manager, corpus: Path, name: str, request_: object) -> None:
    before = {path: path.read_bytes() for path in corpus.rglob("*.*")}
    assert getattr(desk_manager, name)(request_)["message"]
    assert {path: path.read_bytes() for path in corpus.rglob("*.*")} == before


@pytest.fixture
def desk_manager(small: Assistant, monkeypatch: pytest.MonkeyPatch) -> Manager:
    """A manager whose caller is anna, an operator."""
    monkeypatch.setattr("assistant.web.managing.user", lambda: "anna")
    return Manager(desk_of(small), ["anna"])


def test_nothing_changes_while_the_index_is_updated(desk_manager: Manager, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, done = Event(), Event()

    def update(tell: Callable[[str, int, int], None]) -> BuildReport:
        tell("Documenten lezen", 1, 3)
        done.set()
        assert go_on.wait(60)
        raise CorpusError("Geen enkel document kon worden gelezen.")

    updating = Updating(update)
    monkeypatch.setattr(desk_manager, "_updating", updating)
    assert desk_manager.update_index(None) == {"busy": True}
    assert done.wait(60)
    assert desk_manager.follow_update(None) == {"busy": True, "what": "Documenten lezen", "done": 1, "total": 3}
    assert "wordt nu bijgewerkt" in desk_manager.remove_document({"name": "brief.md"})["message"]
    assert desk_manager.update_index(None) == {"busy": True}
    go_on.set()
    while updating.busy:
        done.wait(0.01)
    told = desk_manager.follow_update(None)
    assert (told["busy"], told["message"]) == (False, "De index is niet bijgewerkt.")
    assert "Geen enkel document kon worden gelezen." in told["shelf"]


def test_a_fault_in_the_program_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def update(_: object) -> BuildReport:
        raise ValueError("boem")

    updating = Updating(update)
    assert (updating.busy, updating.step, updating.outcome) == (False, Step("Beginnen", 0, 0), "")
    updating._run()
    assert str(updating.outcome).startswith("Er ging iets mis. De oude index blijft in gebruik.")
    assert "boem" in caplog.text


def test_a_description_file_with_a_fault_is_told(desk_manager: Manager, corpus: Path) -> None:
    (corpus / "documents.yaml").write_text("brief.md: [", "utf-8")
    assert "er staat een fout" in desk_manager.look_over(None)["page"]
    assert (
        "er staat een fout" in desk_manager.describe_document({"name": "brief.md", "values": {"title": "x"}})["message"]
    )


# --- as HTML


def test_a_report_in_full() -> None:
    report = BuildReport(3, 40, 90, 12, ("a.md",), ("b.md", "c.md"), (), ("d.pdf: leeg.", "e.pdf: stuk."), 2.345)
    assert Html(render_report(report)).text == (
        "De index heeft nu 3 documenten en 40 passages. Het bijwerken duurde 2,3 seconden."
        "Nieuw: a.md.Gewijzigd: b.md, c.md.2 bestanden konden niet worden gelezen:d.pdf: leeg.e.pdf: stuk."
    )
    assert "Er was niets veranderd." in render_report(BuildReport(1, 1, 1, 0))


def test_the_list_of_files() -> None:
    said = Metadata("Brief", "brief", "2024-03-01", "NOV")
    rows = [
        Row("a.md", said, "Brief", "brief", "2024-03-01", ""),
        Row("b.md", Metadata(), "b.md", "", "", NEW),
        Row("c.md", Metadata(), "Geraden", "verslag", "", CHANGED),
    ]
    html = Html(render_shelf(rows, ["x.md", "y.md"], ""))
    assert "De index loopt achter: 1 niet in de index, 1 gewijzigd, 2 verwijderd." in html.text
    assert "3 bestanden" in html.text
    assert "Briefa.md · brief · 1 maart 2024 · NOVGegevens aanpassen" in html.text
    assert "b.md niet in de indexb.mdGegevens" in html.text
    first = html.all("li")[0]
    assert [first[f"data-{field}"] for field in ("name", "title", "kind", "date", "voice")] == [
        "a.md",
        "Brief",
        "brief",
        "2024-03-01",
        "NOV",
    ]
    assert "De index is bij." in render_shelf(rows[:1], [], "")


def test_strangers_text_is_shown_as_it_is() -> None:
    row = Row(HOSTILE, Metadata(HOSTILE, HOSTILE, "", HOSTILE), HOSTILE, HOSTILE, "", "")
    report = BuildReport(1, 1, 1, 1, (HOSTILE,), failures=(HOSTILE,))
    for outcome in (report, HOSTILE):
        html = Html(render_manager(render_shelf([row], [], outcome), [HOSTILE], [HOSTILE], 50_000_000))
        assert {tag for tag, _ in html.elements} & {"script", "img"} == set()
        assert HOSTILE in html.text
    assert "hoogstens 50 MB" in html.text


# --- on the page


@pytest.mark.browser
def test_an_operator_manages_the_documents_on_the_page(
    visit: Visit, serve: Callable[..., str], small: Assistant, corpus: Path, tmp_path: Path
) -> None:
    url = serve(small, **OPERATED)
    bert = visit(url, http_credentials={"username": "bert", "password": PASSWORD})
    page = visit(
        f"{url}/?beeld=beheer", http_credentials={"username": "anna", "password": PASSWORD}, ready="#manage h2"
    )
    expect(page.get_by_role("heading", name="Documenten beheren")).to_be_visible()
    expect(page.locator(".shelf > li")).to_have_count(2)
    (tmp_path / "bus.md").write_bytes(BUS)
    (tmp_path / "brief.md").write_text(BRIEF.replace("25 euro", "30 euro"), "utf-8")
    (tmp_path / "stuk.pdf").write_bytes(b"geen pdf")
    chosen = page.locator("#manage fieldset")
    page.get_by_label("Kies een of meer bestanden").set_input_files(
        [tmp_path / name for name in ("bus.md", "brief.md", "stuk.pdf")]
    )
    expect(chosen).to_have_count(3)
    chosen.first.get_by_label("Titel").fill(f"Over de bus {HOSTILE}")
    page.get_by_role("button", name="Voeg toe").click()
    expect(chosen).to_have_count(2)
    expect(chosen.last.get_by_role("status")).to_contain_text("stuk.pdf: dit is geen .pdf-bestand")
    expect(chosen.first.get_by_role("status")).to_contain_text("Er is al een bestand brief.md. Wilt u het vervangen?")
    assert (corpus / "documents" / "brief.md").read_text("utf-8") == BRIEF
    page.get_by_role("button", name="Ja, vervang").click()
    expect(page.locator("#manage .said")).to_contain_text("brief.md is bewaard.")
    expect(page.locator(".shelf > li").nth(1)).to_contain_text(f"Over de bus {HOSTILE}")

    page.get_by_role("button", name="Gegevens aanpassen: bus.md").click()
    form = page.locator(".shelf form")
    form.get_by_label("Titel").fill("Over de bus")
    form.get_by_label("Van wie").fill("NOV")
    form.get_by_role("button", name="Bewaar").click()
    expect(page.locator("#manage .said")).to_contain_text("De gegevens van bus.md zijn bewaard.")
    page.get_by_role("button", name="Verwijder: verslag.md").click()
    page.get_by_role("button", name="Ja, verwijder: verslag.md").click()
    expect(page.locator(".shelf > li")).to_have_count(2)
    expect(page.locator("#manage")).to_contain_text(
        "De index loopt achter: 1 niet in de index, 1 gewijzigd, 1 verwijderd."
    )
    assert load_metadata(corpus)["bus.md"] == Metadata("Over de bus", voice="NOV")
    assert page.evaluate("document.documentElement.scrollWidth") == 1280

    page.get_by_role("button", name="Index bijwerken").click()
    expect(page.locator("#manage .said")).to_have_text("De index is bijgewerkt.")
    expect(page.locator("#manage .report")).to_contain_text("Nieuw: bus.md.")
    expect(page.locator("#manage")).to_contain_text("De index is bij.")
    page.get_by_role("link", name="Gesprek", exact=True).click()
    expect(page.locator("#manage")).to_be_hidden()
    expect(ask(page, "Wat kost een strippenkaart voor de bus?")).to_contain_text("12 euro")
    expect(bert.get_by_role("link", name="Documenten beheren")).to_have_count(0)
    expect(bert.locator("#manage > *")).to_have_count(0)
