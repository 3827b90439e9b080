"""Documents are added, replaced, described and removed whole or not at all, and documents.yaml keeps its comments."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.corpus import load_metadata
from assistant.documents.descriptions import describe, forget
from assistant.documents.metadata import Metadata, parse_metadata
from assistant.documents.shelf import Shelf, safe_name
from assistant.errors import CorpusError, DocumentError, InputError
from assistant.settings import ROOT

WHERE = "documents.yaml"
TEXT = """# Uitleg bovenaan

"a.txt":
  # Wat we weten
  title: "Oud: een titel"  # zo heet hij
  date: 2023-09-05

'b.txt': {title: B, kind: brief}  # kort

c.txt:

d.txt:
  title: >
    Over twee
    regels
  voices:
    # Het eerste deel
    - from: "Er was"
      voice: "NOV"
# Helemaal onderaan
"""

# --- documents.yaml


@pytest.mark.parametrize(
    ("name", "values", "old", "new"),
    [
        ("a.txt", {"title": 'Nieuw "en" #1'}, '"Oud: een titel"', '"Nieuw \\"en\\" #1"'),
        ("a.txt", {"date": "2024-01-31", "kind": ""}, "2023-09-05", "2024-01-31"),
        ("a.txt", {"date": ""}, "2023-09-05", '""'),
        (
            "a.txt",
            {"kind": "brief", "voice": "NOV"},
            '  title: "Oud',
            '  kind: "brief"\n  voice: "NOV"\n  title: "Oud',
        ),
        ("b.txt", {"title": "Bé", "date": "2024-01-31"}, "{title: B,", '{date: 2024-01-31, title: "Bé",'),
        ("c.txt", {"title": "C", "kind": ""}, "c.txt:\n", 'c.txt:\n  title: "C"\n'),
        ("d.txt", {"title": "Kort"}, ">\n    Over twee\n    regels\n", '"Kort"\n'),
        ("e.pdf", {"title": "E", "voice": ""}, "onderaan\n", 'onderaan\n\n"e.pdf":\n  title: "E"\n'),
        ("e.pdf", {"title": "", "voice": ""}, "", ""),
        ("a.txt", {"title": "Oud: een titel"}, "", ""),
    ],
)
def test_only_what_is_said_anew_changes(name: str, values: dict[str, str], old: str, new: str) -> None:
    changed = describe(TEXT, name, values, WHERE)
    assert changed == TEXT.replace(old, new, 1)
    said = parse_metadata(changed, WHERE).get(name, Metadata())
    assert all(getattr(said, field) == value for field, value in values.items())


@pytest.mark.parametrize("text", ["", "# Alleen uitleg\n", "# Zonder regeleinde"])
def test_the_first_description(text: str) -> None:
    changed = describe(text, "map/a.txt", {"kind": "brief"}, WHERE)
    start = f"{text.rstrip()}\n\n" if text else ""
    assert changed == f'{start}"map/a.txt":\n  kind: "brief"\n'


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        (
            "a.txt",
            '"a.txt":\n  # Wat we weten\n  title: "Oud: een titel"  # zo heet hij\n  date: 2023-09-05\n\n',
        ),
        ("b.txt", "'b.txt': {title: B, kind: brief}  # kort\n\n"),
        ("c.txt", "c.txt:\n\n"),
        ("d.txt", TEXT[TEXT.index("d.txt") : TEXT.index("# Helemaal")]),
        ("e.txt", ""),
    ],
)
def test_a_document_is_forgotten_and_nothing_else(name: str, gone: str) -> None:
    assert forget(TEXT, name, WHERE) == TEXT.replace(gone, "", 1)


def test_all_descriptions_of_the_documents_that_come_along_can_be_changed_and_forgotten() -> None:
    text = (ROOT / "corpus" / "documents.yaml").read_text("utf-8")
    said = parse_metadata(text, WHERE)
    comments = [line for line in text.splitlines() if line.startswith("#")]
    for name in said:
        changed = describe(text, name, {"title": "Anders", "status": "concept"}, WHERE)
        assert len(changed.splitlines()) == len(text.splitlines()) + 1
        text = forget(changed, name, WHERE)
        assert name not in parse_metadata(text, WHERE)
    assert text.splitlines()[: len(comments)] == comments


@pytest.mark.parametrize(
    ("text", "name", "values", "message"),
    [
        ("{a.txt: {title: A}}", "a.txt", {"title": "B"}, "kan hier niet worden aangepast"),
        ("a.txt: &x {title: A}\nb.txt: *x\n", "b.txt", {"title": "B"}, "kunnen hier niet worden aangepast"),
        ("a.txt: [", "a.txt", {"title": "B"}, "er staat een fout"),
        (TEXT, "a.txt", {"date": "31-01-2024"}, "31-01-2024 is geen datum"),
        (TEXT, "e.txt", {"date": "2024-02-30"}, "2024-02-30 is geen datum"),
    ],
)
def test_what_cannot_be_changed_is_refused(text: str, name: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        describe(text, name, values, WHERE)


# --- names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("brief.txt", "brief.txt"),
        ("Brief  2024 (2).PDF", "Brief 2024 (2).PDF"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\stukken\\brief.docx", "brief.docx"),
        (".verborgen.md", "verborgen.md"),
        ("..md.md", "md.md"),
        ("~$brief.docx", "brief.docx"),
        ("a\x00b\nc<img>.txt", "abcimg.txt"),
        ("cafe\u0301.txt", "café.txt"),
    ],
)
def test_a_name_is_made_safe(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "geen naam die kan"),
        ("../..", "geen naam die kan"),
        (".txt", "worden niet gelezen"),
        ("map/", "geen naam die kan"),
        ("documents.yaml", "worden niet gelezen"),
        ("virus.exe", r"van de soort \.exe worden niet gelezen"),
        ("é" * 99 + ".txt", "te lang"),
    ],
)
def test_a_name_that_cannot_be_is_refused(given: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        safe_name(given)


# --- the files


@pytest.fixture
def shelf(corpus: Path) -> Shelf:
    return Shelf(corpus, 1000)


def content(corpus: Path) -> dict[str, bytes]:
    """Every file of the corpus with what is in it."""
    return {str(path.relative_to(corpus)): path.read_bytes() for path in corpus.rglob("*") if path.is_file()}


def test_a_document_is_added_with_what_is_said_of_it(shelf: Shelf, corpus: Path) -> None:
    before = content(corpus)
    values = {"title": " Over  de bus ", "kind": "brief", "date": "2024-05-01", "voice": "", "link": "http://x"}
    assert shelf.put("../bus.md", b"# Bus\n\nDe bus rijdt.\n", values)
    assert content(corpus) == before | {
        "documents/bus.md": b"# Bus\n\nDe bus rijdt.\n",
        "documents.yaml": before["documents.yaml"]
        + b'\n"bus.md":\n  title: "Over de bus"\n  kind: "brief"\n  date: 2024-05-01\n',
    }
    assert [document.name for document in shelf.documents()] == ["brief.md", "bus.md", "verslag.md"]
    assert load_metadata(corpus)["bus.md"] == Metadata("Over de bus", "brief", "2024-05-01")


def test_a_document_is_only_replaced_on_demand_and_keeps_its_description(shelf: Shelf, corpus: Path) -> None:
    before = content(corpus)
    assert not shelf.put("brief.md", b"Nieuw.", {})
    assert content(corpus) == before
    assert shelf.put("brief.md", b"Nieuw.", {"voice": "gemeente", "title": ""}, replace=True)
    assert (corpus / "documents" / "brief.md").read_bytes() == b"Nieuw."
    assert load_metadata(corpus)["brief.md"] == Metadata("Brief over de zaal", "brief", "2024-03-01", "gemeente")


@pytest.mark.parametrize(
    ("name", "data", "values", "message"),
    [
        ("brief.md", b"", {}, "dit bestand is leeg"),
        ("brief.md", b"x" * 1001, {}, "te groot"),
        ("brief.md", b"%PDF-1.7", {}, "maar een pdf-bestand"),
        ("brief.pdf", b"Tekst", {}, r"geen \.pdf-bestand"),
        ("brief.exe", b"Tekst", {}, "worden niet gelezen"),
        ("brief.md", b"Tekst", {"date": "gisteren"}, "geen datum"),
        ("brief.md", b"Tekst", {"title": "x" * 301}, "Titel is te lang"),
        ("verslag.md", b"Een ander verslag", {}, "staat niet in het document"),
    ],
)
def test_what_cannot_be_read_replaces_nothing(
    shelf: Shelf, corpus: Path, name: str, data: bytes, values: dict[str, str], message: str
) -> None:
    text = (corpus / "documents.yaml").read_text("utf-8")
    part = "voice: deelnemers, voices: [{from: Er kwamen, voice: NOV}]"
    (corpus / "documents.yaml").write_text(text.replace("voice: deelnemers", part), "utf-8")
    before = content(corpus)
    with pytest.raises((CorpusError, InputError), match=message):
        shelf.put(name, data, values, replace=True)
    assert content(corpus) == before


def test_a_full_disk_leaves_everything_as_it_was(shelf: Shelf, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = content(corpus)
    monkeypatch.setattr("os.fsync", full)
    for change in (
        lambda: shelf.put("brief.md", b"Nieuw.", {}, replace=True),
        lambda: shelf.put("nieuw.md", b"Nieuw.", {"title": "N"}),
        lambda: shelf.describe("brief.md", {"title": "N"}),
        lambda: shelf.remove("brief.md"),
    ):
        with pytest.raises(InputError, match="kan niet worden geschreven: No space left"):
            change()
        assert content(corpus) == before


def test_a_document_is_described(shelf: Shelf, corpus: Path) -> None:
    shelf.describe("brief.md", {"title": "Anders", "kind": "", "date": "2024-03-01", "voice": "NOV"})
    assert load_metadata(corpus)["brief.md"] == Metadata("Anders", "", "2024-03-01", "NOV")


def test_a_document_is_removed_with_its_description_also_from_a_folder(shelf: Shelf, corpus: Path) -> None:
    (corpus / "documents" / "map").mkdir()
    (corpus / "documents" / "map" / "x.md").write_text("Tekst.", "utf-8")
    shelf.remove("brief.md")
    shelf.remove("map/x.md")
    assert sorted(content(corpus)) == ["documents.yaml", "documents/verslag.md"]
    assert list(load_metadata(corpus)) == ["verslag.md"]


@pytest.mark.parametrize("name", ["weg.md", "../documents.yaml", "/etc/passwd", "", ".brief.md"])
def test_only_what_is_on_the_shelf_is_described_or_removed(shelf: Shelf, corpus: Path, name: str) -> None:
    before = content(corpus)
    with pytest.raises(InputError, match="is er niet meer"):
        shelf.remove(name)
    with pytest.raises(InputError, match="is er niet meer"):
        shelf.describe(name, {"title": "x"})
    assert content(corpus) == before


def test_a_folder_without_description(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, 1000)
    assert shelf.put("a.txt", b"Tekst.", {})
    assert sorted(content(tmp_path)) == ["a.txt"]
    with pytest.raises(DocumentError, match="leeg"):
        shelf.put("b.txt", b"", {"title": "B"})
    assert shelf.put("b.txt", b"Tekst.", {"title": "B"})
    assert sorted(content(tmp_path)) == ["a.txt", "b.txt", "documents.yaml"]
    assert [(document.name, document.said.title) for document in shelf.documents()] == [("a.txt", ""), ("b.txt", "B")]
