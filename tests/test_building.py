"""Building the index: what is read and encoded again, what disappears, and what an interruption leaves behind."""

import json
import multiprocessing
import os
import signal

import pytest
from filelock import FileLock
from keyword_encoder import KEYWORDS, KeywordEncoder, TokenEncoder

from assistant import building
from assistant.building import build_index
from assistant.errors import (
    CorpusError,
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    InputError,
)
from assistant.manifest import read_manifest
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.store import open_generation
from assistant.vectors import VectorStore


@pytest.fixture
def settings(corpus, tmp_path):
    return load_settings(corpus=corpus, index=tmp_path / "index")


def document(settings, name):
    return settings.corpus / "documents" / name


def found(settings, question, encoder=None):
    assistant = Assistant.open(settings, encoder or KeywordEncoder())
    try:
        return [hit.passage.text for hit in assistant.search(question)]
    finally:
        assistant.close()


def test_a_first_build_encodes_everything_once(settings):
    encoder = KeywordEncoder()
    report = build_index(settings, encoder=encoder)
    assert (report.documents, report.passages) == (2, 4)
    assert report.sentences == 8  # three of the letter, one view, the lead-in and three items
    assert report.added == ("brief.md", "verslag.md")
    assert len(encoder.encoded) == report.encoded == len(set(encoder.encoded))
    # Four passages and eight sentences, but two of the passages are one sentence: the same text is encoded once.
    assert report.encoded == 10


def test_a_second_build_reads_and_encodes_nothing(settings, monkeypatch):
    build_index(settings, encoder=KeywordEncoder())
    before = read_manifest(settings.index)

    def unexpected(*arguments):
        raise AssertionError("an unchanged document was read again")

    monkeypatch.setattr(building, "read_file", unexpected)
    encoder = KeywordEncoder()
    report = build_index(settings, encoder=encoder)
    assert encoder.encoded == []
    assert (report.encoded, report.added, report.changed, report.removed) == (0, (), (), ())
    assert read_manifest(settings.index) == before


def test_only_the_changed_text_is_encoded_again(settings):
    build_index(settings, encoder=KeywordEncoder())
    path = document(settings, "verslag.md")
    path.write_text(path.read_text(encoding="utf-8").replace("meer aandacht", "minder aandacht"), encoding="utf-8")
    encoder = KeywordEncoder()
    report = build_index(settings, encoder=encoder)
    assert encoder.encoded == ["Deelnemers willen minder aandacht voor mantelzorg."]
    assert report.changed == ("verslag.md",)
    assert any("minder aandacht" in text for text in found(settings, "mantelzorg"))
    assert not any("meer aandacht" in text for text in found(settings, "mantelzorg"))


def test_a_changed_description_counts_but_encodes_nothing(settings):
    build_index(settings, encoder=KeywordEncoder())
    description = settings.corpus / "documents.yaml"
    description.write_text(description.read_text(encoding="utf-8").replace("NOV", "VNG"), encoding="utf-8")
    report = build_index(settings, encoder=KeywordEncoder())
    assert (report.encoded, report.changed) == (0, ("brief.md",))
    assistant = Assistant.open(settings, KeywordEncoder())
    assert assistant.documents["brief.md"].voice == "VNG"
    assistant.close()


def test_a_removed_document_disappears(settings):
    build_index(settings, encoder=KeywordEncoder())
    document(settings, "brief.md").unlink()
    (settings.corpus / "documents.yaml").write_text("verslag.md: {title: Verslag}\n", encoding="utf-8")
    report = build_index(settings, encoder=KeywordEncoder())
    assert report.removed == ("brief.md",)
    assert not any("25 euro" in text for text in found(settings, "vergoeding"))


def test_odd_line_separators_in_a_document_survive(settings):
    text = "De zaal\u2028is groot.\x0cHet bestuur\x85betaalt\u2029niets.\n"
    document(settings, "vreemd.txt").write_text(text, encoding="utf-8")
    build_index(settings, encoder=KeywordEncoder())
    assistant = Assistant.open(settings, KeywordEncoder())
    assert assistant.documents["vreemd.txt"].text == text
    assistant.close()


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_indexed(settings):
    document(settings, "leeg.txt").write_bytes(b"")
    report = build_index(settings, encoder=KeywordEncoder())
    assert report.documents == 2
    assert len(report.failures) == 1
    assert report.failures[0].startswith("leeg.txt: ")


def test_a_corpus_without_any_readable_document_is_an_error_and_leaves_the_index(settings):
    build_index(settings, encoder=KeywordEncoder())
    for name in ("brief.md", "verslag.md"):
        document(settings, name).write_bytes(b"\x00\x01\x02" * 50)
    with pytest.raises(CorpusError, match=r"brief\.md"):
        build_index(settings, encoder=KeywordEncoder())
    assert any("25 euro" in text for text in found(settings, "vergoeding"))


def test_a_corpus_folder_that_is_not_there(tmp_path):
    with pytest.raises(CorpusError, match="weg"):
        build_index(load_settings(corpus=tmp_path / "weg", index=tmp_path / "index"), encoder=KeywordEncoder())
    assert not (tmp_path / "index" / "manifest.json").exists()


def test_readers_answer_from_the_former_index_until_the_switch(settings):
    build_index(settings, encoder=KeywordEncoder())
    reader = Assistant.open(settings, KeywordEncoder())
    seen = []

    class Watching(KeywordEncoder):
        def encode_passages(self, texts):
            seen.append([hit.passage.text for hit in reader.search("vergoeding")])
            return super().encode_passages(texts)

    path = document(settings, "brief.md")
    path.write_text(path.read_text(encoding="utf-8").replace("25 euro", "30 euro"), encoding="utf-8")
    build_index(settings, encoder=Watching())
    assert seen
    assert all("25 euro" in texts[0] for texts in seen)
    assert "30 euro" in reader.search("vergoeding")[0].passage.text
    reader.close()


def test_a_reader_closes_the_former_index_when_it_has_switched(settings, monkeypatch):
    closed = []
    monkeypatch.setattr(VectorStore, "close", lambda self: closed.append(self._name))
    build_index(settings, encoder=KeywordEncoder())
    reader = Assistant.open(settings, KeywordEncoder())
    former = reader.manifest.generation
    closed.clear()
    reader.search("vergoeding")
    assert former not in closed
    document(settings, "brief.md").write_text("# Brief\n\nDe vergoeding is 26 euro.\n", encoding="utf-8")
    build_index(settings, encoder=KeywordEncoder())
    closed.clear()  # the build has opened and closed it as well
    reader.search("vergoeding")
    assert closed == [former]


def test_the_generation_before_the_last_is_removed(settings):
    for amount in ("26", "27", "28"):
        path = document(settings, "brief.md")
        path.write_text(f"# Brief\n\nDe vergoeding is {amount} euro per avond voor de jeugd.\n", encoding="utf-8")
        build_index(settings, encoder=KeywordEncoder())
    generations = [folder for folder in settings.index.iterdir() if folder.is_dir()]
    assert len(generations) == 2
    assert read_manifest(settings.index).generation in {folder.name for folder in generations}


def _build_and_die(settings, after, kind):
    class Dying(kind):
        def encode_passages(self, texts):
            if len(self.encoded) >= after:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().encode_passages(texts)

    building.CHUNK = 1
    build_index(settings, encoder=Dying())


# Of the letter a sentence and a passage change, and with token vectors its heading.
@pytest.mark.parametrize(("kind", "texts"), [(KeywordEncoder, 2), (TokenEncoder, 3)])
def test_a_killed_build_leaves_the_former_index_and_the_next_one_finishes_it(settings, kind, texts):
    build_index(settings, encoder=kind())
    for name, old, new in (("brief.md", "de zaal", "die zaal"), ("verslag.md", "meer", "minder")):
        path = document(settings, name)
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    process = multiprocessing.get_context("spawn").Process(target=_build_and_die, args=(settings, texts, kind))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert any("25 euro" in text for text in found(settings, "vergoeding", kind()))
    assert any("De gemeente betaalt de zaal" in text for text in found(settings, "zaal", kind()))

    encoder = kind()
    report = build_index(settings, encoder=encoder)
    assert report.changed == ("brief.md", "verslag.md")
    # What the killed build had encoded of the letter is used again.
    assert encoder.encoded == ["Deelnemers willen minder aandacht voor mantelzorg."]
    assert any("De gemeente betaalt die zaal" in text for text in found(settings, "zaal", kind()))
    assert len([folder for folder in settings.index.iterdir() if folder.is_dir()]) == 2


def test_token_vectors_are_of_sentences_and_of_what_introduces_them(settings):
    build_index(settings, encoder=TokenEncoder())
    generation = open_generation(settings.index, read_manifest(settings.index))
    generation.vectors.close()
    (row,) = (row for row, passage in enumerate(generation.passages) if "een hogere" in passage.text)
    entry = generation.late.entry(row)
    lead_in, *items = (int(tokens.argmax()) for tokens in entry.sentences)
    assert items == [KEYWORDS.index(word) for word in ("subsidie", "bestuur", "zaal")]
    # Neither 'Er kwamen drie wensen:' nor 'Verslag van de avond' holds a keyword: the last dimension is all there is.
    assert lead_in == len(KEYWORDS)
    assert entry.context.tolist() == [[0, 0, 0, 0, 0, 0, 127]]
    assert not list(settings.index.glob("*/tokens"))


def test_a_second_build_at_the_same_time_says_that_it_waits_and_gives_up_in_the_end(settings, monkeypatch):
    monkeypatch.setattr(building, "LOCK_TIMEOUT", 0.05)
    settings.index.mkdir()
    told = []
    with FileLock(settings.index / ".lock"), pytest.raises(IndexBusyError, match="nog bezig"):
        build_index(settings, lambda *news: told.append(news), KeywordEncoder())
    assert [what for what, done, total in told if not total] == [
        "Er wordt al een index gebouwd in deze map; ik wacht tot die klaar is"
    ]


def test_an_index_made_with_another_encoder_is_refused_and_mended_by_a_build(settings):
    build_index(settings, encoder=KeywordEncoder("model een"))
    with pytest.raises(IndexMismatchError, match=r"model een.*model twee"):
        Assistant.open(settings, KeywordEncoder("model twee"))
    encoder = KeywordEncoder("model twee")
    assert build_index(settings, encoder=encoder).encoded == 10
    assert found(settings, "zaal", KeywordEncoder("model twee"))


def test_no_index_yet(settings):
    with pytest.raises(IndexMissingError, match="python -m assistant index"):
        Assistant.open(settings, KeywordEncoder())


@pytest.mark.parametrize("name", ["documents.jsonl", "passages.jsonl", "glossary.json", "lexical.npz"])
def test_a_damaged_file_is_said_and_a_build_mends_it(settings, name):
    build_index(settings, encoder=KeywordEncoder())
    path = settings.index / read_manifest(settings.index).generation / name
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(IndexDamagedError, match="python -m assistant index"):
        Assistant.open(settings, KeywordEncoder())
    assert build_index(settings, encoder=KeywordEncoder()).documents == 2
    assert found(settings, "zaal")


def test_missing_vectors_are_said(settings):
    build_index(settings, encoder=KeywordEncoder())
    folder = settings.index / read_manifest(settings.index).generation / "chroma"
    (folder / "chroma.sqlite3").write_bytes(b"geen database")
    with pytest.raises(IndexDamagedError, match="python -m assistant index"):
        Assistant.open(settings, KeywordEncoder())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 3}', '{"format": 3, "documents": {"a": 3}}'])
def test_a_damaged_manifest_is_said(settings, content):
    settings.index.mkdir()
    (settings.index / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamagedError, match=r"manifest\.json"):
        Assistant.open(settings, KeywordEncoder())


def test_a_manifest_of_another_version_is_a_mismatch(settings):
    build_index(settings, encoder=KeywordEncoder())
    path = settings.index / "manifest.json"
    for key, value in (("format", 99), ("analyser", "oud"), ("chunking", "oud")):
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**content, key: value}), encoding="utf-8")
        with pytest.raises(IndexMismatchError):
            Assistant.open(settings, KeywordEncoder())
        path.write_text(json.dumps(content), encoding="utf-8")


def test_an_index_elsewhere_is_a_mismatch(settings):
    build_index(settings, encoder=KeywordEncoder())
    elsewhere = settings.model_copy(update={"chroma_url": "http://localhost:8000"})
    with pytest.raises(IndexMismatchError, match="ASSISTANT_CHROMA_URL"):
        Assistant.open(elsewhere, KeywordEncoder())


@pytest.mark.parametrize(
    ("url", "message"), [("localhost:8000", "geen adres"), ("http://127.0.0.1:9", "antwoordt niet")]
)
def test_a_chroma_server_that_does_not_answer(settings, url, message):
    with pytest.raises(InputError, match=message):
        build_index(settings.model_copy(update={"chroma_url": url}), encoder=KeywordEncoder())


def test_progress_counts_documents_and_passages(settings, monkeypatch):
    monkeypatch.setattr(building, "CHUNK", 2)
    told = []
    build_index(settings, lambda *news: told.append(news), KeywordEncoder())
    assert told == [
        ("Documenten lezen", 1, 2),
        ("Documenten lezen", 2, 2),
        ("Passages coderen", 2, 4),
        ("Passages coderen", 4, 4),
    ]


def test_documents_of_headings_only_give_an_index_in_which_nothing_is_found(tmp_path):
    (tmp_path / "corpus/documents").mkdir(parents=True)
    (tmp_path / "corpus/documents/kop.md").write_text("# Alleen een kop\n", encoding="utf-8")
    settings = load_settings(corpus=tmp_path / "corpus", index=tmp_path / "index")
    report = build_index(settings, encoder=KeywordEncoder())
    assert (report.documents, report.passages) == (1, 0)
    answer = Assistant.open(settings, KeywordEncoder()).ask("Wie betaalt de zaal?")
    assert (answer.status, answer.hits) == ("not_found", ())
