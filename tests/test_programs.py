"""The same answers for programs: Gradio's API with a real client, and the MCP server with a real client."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import StdioServerParameters
from mcp.client.client import Client as McpClient
from mcp.client.stdio import stdio_client
from serving import served

from assistant.contract import answer_json, hit_json, position_json
from assistant.pipeline import Assistant
from assistant.settings import ROOT

WEB = httpx.Client(timeout=120)
QUESTION = "Met wie kan ik contact opnemen bij NOV?"
LETTER = "brief-brede-spuk-2023-09-05.txt"


@pytest.fixture(scope="module")
def url(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture(scope="module")
def api(url: str) -> Client:
    return Client(url, verbose=False)


def without_time(answer: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in answer.items() if name != "seconds"}


# --- Gradio's API -----------------------------------------------------------------------------------------------------


def test_ask_gives_what_the_command_line_gives(api: Client, assistant: Assistant) -> None:
    answer = api.predict(QUESTION, api_name="/ask")
    assert without_time(answer) == without_time(answer_json(assistant.ask(QUESTION)))
    assert answer["status"] == "answered"


def test_ask_with_history_and_filters(api: Client, assistant: Assistant) -> None:
    answer = api.predict(question="En haar e-mailadres?", history=[QUESTION], api_name="/ask")
    assert "e.starrevelt@nov.nl" in answer["answer"]
    answer = api.predict(question="sociale basis", kinds=["verslag"], until="2022-12-31", api_name="/ask")
    assert {passage["document"] for passage in answer["passages"]} == {"verslag-kenniscafes-2022-11-17.txt"}


def test_search_and_positions(api: Client, assistant: Assistant) -> None:
    found = api.predict(query="mantelzorg", top_k=3, voices=["NOV"], api_name="/search")
    assert len(found) == 3
    assert {passage["voice"] for passage in found} == {"NOV"}
    assert api.predict("betaling van vrijwilligers", api_name="/positions") == [
        position_json(position) for position in assistant.positions("betaling van vrijwilligers")
    ]
    assert api.predict("mantelzorg", api_name="/search") == [hit_json(hit) for hit in assistant.search("mantelzorg")]


def test_get_passage_gives_the_quotation_in_its_surroundings(api: Client, assistant: Assistant) -> None:
    citation = assistant.ask(QUESTION).citations[0]
    text = assistant.documents[citation.document].text
    passage = api.predict(citation.document, citation.start, citation.end, api_name="/get_passage")
    assert passage["text"] == citation.quote
    assert passage["voice"] == "NOV"
    assert passage["date"] == "2023-09-05"
    assert passage["before"] + passage["text"] + passage["after"] in text
    assert len(passage["before"]) <= 400


@pytest.mark.parametrize(
    ("endpoint", "values", "message"),
    [
        ("/ask", {"question": " "}, "Typ een vraag"),
        ("/ask", {"question": "zaal", "since": "gisteren"}, "jjjj-mm-dd"),
        ("/search", {"query": "zaal", "top_k": 51}, "hoogstens 50"),
        ("/search", {"query": "zaal", "top_k": 0}, "1 of meer"),
        ("/get_passage", {"document": "weg.txt", "start": 0, "end": 1}, "weg.txt"),
        ("/get_passage", {"document": LETTER, "start": 5, "end": 5}, "Van 5 tot 5"),
        ("/get_passage", {"document": LETTER, "start": 0, "end": 10**9}, "uiterlijk bij"),
    ],
)
def test_an_error_says_what_to_mend(api: Client, endpoint: str, values: dict[str, object], message: str) -> None:
    with pytest.raises(AppError, match=message):
        api.predict(**values, api_name=endpoint)


def test_values_of_another_type_than_promised(api: Client) -> None:
    for values in ({"question": 5}, {"question": "zaal", "history": "x"}, {"question": "zaal", "kinds": [1]}):
        with pytest.raises(AppError, match="kan niet"):
            api.predict(**values, api_name="/ask")


def test_the_endpoints_are_typed_and_documented_and_there_are_no_others(api: Client, url: str) -> None:
    endpoints = api.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/ask", "/search", "/positions", "/get_passage"}
    types = {
        parameter["parameter_name"]: parameter["type"]["type"] for parameter in endpoints["/get_passage"]["parameters"]
    }
    assert types == {"document": "string", "start": "integer", "end": "integer"}
    optional = [row["parameter_name"] for row in endpoints["/ask"]["parameters"] if row["parameter_has_default"]]
    assert optional == ["history", "documents", "kinds", "voices", "since", "until"]
    described = WEB.get(f"{url}/gradio_api/info").json()["named_endpoints"]
    assert "with quotations from the documents" in described["/ask"]["description"]
    for name in ("/ask", "/search", "/positions"):
        assert "until: only documents of this day or earlier" in described[name]["description"]


def test_without_a_client_library(url: str) -> None:
    begun = WEB.post(f"{url}/gradio_api/call/search", json={"data": ["mantelzorg", 1, None, None, None, "", ""]})
    answer = WEB.get(f"{url}/gradio_api/call/search/{begun.json()['event_id']}")
    assert "event: complete" in answer.text
    assert len(json.loads(answer.text.split("data: ")[-1])[0]) == 1


# --- MCP --------------------------------------------------------------------------------------------------------------


def test_a_client_of_the_mcp_server(assistant: Assistant) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp", "--index", str(assistant._settings.index)],
        cwd=ROOT,
        env=dict(os.environ),
    )

    async def talk() -> None:
        async with McpClient(stdio_client(server)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"ask", "search", "positions", "get_passage"}
            assert tools["ask"].input_schema["required"] == ["question"]
            assert tools["ask"].annotations.read_only_hint
            assert "with quotations" in tools["ask"].description

            answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
            assert without_time(answer) == without_time(answer_json(assistant.ask(QUESTION)))
            first = answer["citations"][0]
            place = {name: first[name] for name in ("document", "start", "end")}
            assert (await client.call_tool("get_passage", place)).structured_content["text"] == first["quote"]
            found = (await client.call_tool("search", {"query": "mantelzorg", "top_k": 2})).structured_content
            assert [row["text"] for row in found["result"]] == [
                hit.passage.text for hit in assistant.search("mantelzorg", 2)
            ]
            stands = (await client.call_tool("positions", {"subject": "betaling van vrijwilligers"})).structured_content
            assert len(stands["result"]) == len(assistant.positions("betaling van vrijwilligers"))

            refused = await client.call_tool("get_passage", {"document": "weg.txt", "start": 0, "end": 1})
            assert refused.is_error
            assert "weg.txt" in refused.content[0].text
            assert (await client.call_tool("ask", {"question": ""})).is_error

    # In a thread of its own: the browser that other tests share keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(anyio.run, talk).result()
