"""The same index with its vectors on a real Chroma server on loopback."""

import multiprocessing
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from keyword_encoder import KeywordEncoder

from assistant.building import build_index
from assistant.errors import InputError
from assistant.pipeline import Assistant
from assistant.settings import load_settings


@pytest.fixture
def chroma_url(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "chroma.log").open("wb")
    process = subprocess.Popen(
        [Path(sys.executable).with_name("chroma"), "run", "--path", tmp_path / "chroma", "--port", str(port)],
        stdout=log,
        stderr=log,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/api/v2/heartbeat", process)
        yield url, process
    finally:
        process.terminate()
        process.wait()
        log.close()


def _wait_for(url, process):
    while process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=30).close()
        except (urllib.error.URLError, ConnectionError):
            continue
        return
    raise AssertionError("chroma run stopped")


def _ask_until_told(settings, first_seen, stop, result):
    """Ask over and over in another process; reports every different answer."""
    assistant = Assistant.open(settings, KeywordEncoder())
    seen = []
    while True:
        last = stop.is_set()
        text = assistant.ask("Hoe hoog is de vergoeding per avond voor de jeugd?").hits[0].passage.text
        if text not in seen:
            seen.append(text)
        first_seen.set()
        if last:
            break
    result.put(seen)


def test_two_processes_answer_from_a_server_while_a_third_builds(corpus, tmp_path, chroma_url):
    url, _ = chroma_url
    settings = load_settings(corpus=corpus, index=tmp_path / "index", chroma_url=url)
    build_index(settings, encoder=KeywordEncoder())
    context = multiprocessing.get_context("spawn")
    result, stop = context.Queue(), context.Event()
    started = [context.Event(), context.Event()]
    readers = [context.Process(target=_ask_until_told, args=(settings, event, stop, result)) for event in started]
    for reader in readers:
        reader.start()
    for event in started:
        assert event.wait(120)
    letter = corpus / "documents" / "brief.md"
    letter.write_text(letter.read_text(encoding="utf-8").replace("25 euro", "30 euro"), encoding="utf-8")
    report = build_index(settings, encoder=KeywordEncoder())
    stop.set()
    answers = [result.get(timeout=120) for _ in readers]
    for reader in readers:
        reader.join()
    assert report.changed == ("brief.md",)
    for seen in answers:
        assert ["25 euro" in text for text in seen] == [True, False]
        assert "30 euro" in seen[-1]
    assert not (tmp_path / "index" / "chroma").exists()


def test_old_generations_are_removed_from_the_server(corpus, tmp_path, chroma_url):
    import chromadb

    url, _ = chroma_url
    settings = load_settings(corpus=corpus, index=tmp_path / "index", chroma_url=url)
    letter = corpus / "documents" / "brief.md"
    for amount in ("26", "27", "28"):
        letter.write_text(f"# Brief\n\nDe vergoeding is {amount} euro per avond.\n", encoding="utf-8")
        build_index(settings, encoder=KeywordEncoder())
    port = int(url.rpartition(":")[2])
    with chromadb.HttpClient("127.0.0.1", port) as client:
        assert len(client.list_collections()) == 4


def test_a_server_that_goes_away_is_said(corpus, tmp_path, chroma_url):
    url, process = chroma_url
    settings = load_settings(corpus=corpus, index=tmp_path / "index", chroma_url=url)
    build_index(settings, encoder=KeywordEncoder())
    assistant = Assistant.open(settings, KeywordEncoder())
    process.terminate()
    process.wait()
    with pytest.raises(InputError, match="antwoordt niet meer"):
        assistant.ask("Hoe hoog is de vergoeding?")
    assistant.close()
