"""The corpus folder: which files are documents, what documents.yaml says of them, and what is told from the text."""

import hashlib
import json
import os
import unicodedata
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.documents.corpus import Metadata, SourceFile, find_files, load_metadata, make_document
from assistant.documents.reading import Extract, read_file
from assistant.errors import CorpusError
from assistant.schema import Document, VoiceRange

MAX_BYTES = 1_000_000
OURS = Path(__file__).parent.parent / "corpus"


def fill(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def names(sources: list[SourceFile]) -> list[str]:
    return [source.name for source in sources]


# Which files


def test_files_are_found_at_any_depth_and_sorted_by_name(tmp_path):
    fill(tmp_path, {"documents/b.txt": "b", "documents/a/z.md": "z", "documents/B.TXT": "B", "los.txt": "niet"})
    sources, failures = find_files(tmp_path, MAX_BYTES)
    assert names(sources) == ["B.TXT", "a/z.md", "b.txt"]
    assert failures == []
    assert sources[2] == SourceFile("b.txt", tmp_path / "documents" / "b.txt", hashlib.sha256(b"b").hexdigest())


def test_any_folder_of_documents_will_do(tmp_path):
    describing = {"documents.yaml": "", "glossary.yaml": "", "questions.jsonl": ""}
    passed_over = {
        ".verborgen.txt": "x",
        ".git/a.txt": "x",
        "~$brief.docx": "x",
        "Thumbs.db": "x",
        "sub/desktop.ini": "x",
    }
    fill(tmp_path, {"a.txt": "a", **describing, **passed_over})
    sources, failures = find_files(tmp_path, MAX_BYTES)
    assert names(sources) == ["a.txt"]
    assert failures == []


def test_what_cannot_be_read_is_named_with_the_reason(tmp_path):
    fill(tmp_path, {"documents/goed.txt": "a", "documents/groot.txt": "x" * 101, "documents/sub/cijfers.xlsx": "x"})
    fill(tmp_path, {"documents/documents.yaml": ""})
    sources, failures = find_files(tmp_path, 100)
    assert names(sources) == ["goed.txt"]
    assert [failure.name for failure in failures] == ["documents.yaml", "groot.txt", "sub/cijfers.xlsx"]
    assert "te groot" in failures[1].reason
    assert failures[2].reason == (
        "bestanden van de soort .xlsx worden niet gelezen. "
        "Bewaar het als .txt, .md, .pdf, .docx, .odt, .html, .htm of .eml, of haal het weg."
    )


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    fill(tmp_path, {"geheim/wachtwoord.txt": "x", "corpus/a.txt": "a", "corpus/sub/b.txt": "b"})
    folder = tmp_path / "corpus"
    (folder / "buiten.txt").symlink_to(tmp_path / "geheim" / "wachtwoord.txt")
    (folder / "buitenmap").symlink_to(tmp_path / "geheim")
    (folder / "weg.txt").symlink_to(tmp_path / "weg.txt")
    (folder / "binnen.txt").symlink_to("sub/b.txt")
    (folder / "binnenmap").symlink_to("sub")
    (folder / "kapot.txt").symlink_to("sub/weg.txt")
    (folder / "rond.txt").symlink_to("rond.txt")
    sources, failures = find_files(folder, MAX_BYTES)
    assert names(sources) == ["a.txt", "binnen.txt", "sub/b.txt"]
    assert {failure.name: failure.reason.partition(".")[0] for failure in failures} == {
        "binnenmap": "dit is een koppeling naar een map, en die wordt niet gevolgd",
        "buiten.txt": "dit is een koppeling naar iets buiten de map, en die wordt niet gevolgd",
        "buitenmap": "dit is een koppeling naar iets buiten de map, en die wordt niet gevolgd",
        "kapot.txt": "dit bestand is er niet, of het is geen gewoon bestand",
        "rond.txt": "deze koppeling verwijst naar zichzelf",
        "weg.txt": "dit is een koppeling naar iets buiten de map, en die wordt niet gevolgd",
    }


def test_a_corpus_folder_may_be_a_link_itself(tmp_path):
    fill(tmp_path, {"echt/a.txt": "a"})
    (tmp_path / "corpus").symlink_to("echt")
    assert names(find_files(tmp_path / "corpus", MAX_BYTES)[0]) == ["a.txt"]


def test_a_pipe_is_not_opened(tmp_path):
    fill(tmp_path, {"a.txt": "a"})
    os.mkfifo(tmp_path / "pijp.txt")
    _, failures = find_files(tmp_path, MAX_BYTES)
    assert [failure.name for failure in failures] == ["pijp.txt"]


def test_names_are_in_one_unicode_form_and_unique(tmp_path):
    composed, decomposed = (unicodedata.normalize(form, "café.txt") for form in ("NFC", "NFD"))
    fill(tmp_path, {decomposed: "a"})
    sources, _ = find_files(tmp_path, MAX_BYTES)
    assert names(sources) == [composed]
    fill(tmp_path, {composed: "b"})
    sources, failures = find_files(tmp_path, MAX_BYTES)
    assert names(sources) == [composed]
    assert "twee bestanden met deze naam" in failures[0].reason


def test_a_name_that_is_no_text_is_refused(tmp_path):
    fill(tmp_path, {"a.txt": "a"})
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    _, failures = find_files(tmp_path, MAX_BYTES)
    assert str(failures[0]) == (
        "caf\ufffd.txt: in de naam staan tekens die niet te lezen zijn. Geef het een andere naam."
    )


def test_what_may_not_be_opened_is_a_failure(tmp_path, monkeypatch):
    fill(tmp_path, {"a.txt": "a", "dicht.txt": "x", "dicht/b.txt": "b"})
    open_file, list_folder = Path.open, os.scandir

    def open_unless_closed(self, *args, **kwargs):
        if self.name == "dicht.txt":
            raise PermissionError(13, "Permission denied")
        return open_file(self, *args, **kwargs)

    def list_unless_closed(folder):
        if str(folder).endswith("dicht"):
            raise PermissionError(13, "Permission denied", folder)
        return list_folder(folder)

    monkeypatch.setattr(Path, "open", open_unless_closed)
    monkeypatch.setattr(os, "scandir", list_unless_closed)
    sources, failures = find_files(tmp_path, MAX_BYTES)
    assert names(sources) == ["a.txt"]
    assert [failure.name for failure in failures] == ["dicht", "dicht.txt"]
    assert all("Geef de gebruiker van de assistent leesrechten" in failure.reason for failure in failures)


def test_without_anything_to_read_there_is_no_corpus(tmp_path):
    with pytest.raises(CorpusError, match="Kies met --corpus of ASSISTANT_CORPUS een map"):
        find_files(tmp_path / "weg", MAX_BYTES)
    with pytest.raises(CorpusError, match="geen document dat gelezen kan worden"):
        find_files(tmp_path, MAX_BYTES)
    fill(tmp_path, {"a.xlsx": "x"})
    with pytest.raises(CorpusError, match=r"a\.xlsx: bestanden van de soort"):
        find_files(tmp_path, MAX_BYTES)
    with pytest.raises(CorpusError, match="is geen map"):
        find_files(tmp_path / "a.xlsx", MAX_BYTES)


# documents.yaml


def load(folder: Path, description: str, *documents: str) -> dict[str, Metadata]:
    fill(
        folder, {"documents.yaml": description, "documents/.x": "", **{f"documents/{name}": "x" for name in documents}}
    )
    return load_metadata(folder)


def test_metadata(tmp_path):
    description = """
# uitleg
"a.txt":
  title: "Plan: waarom niet"
  kind: brief
  date: 2023-09-05
  voice: no
  status: 2
  link: https://www.nov.nl/brief?x=1
  voices:
    - from: "Wij vinden"
      voice: NOV
    - {from: Zij, voice: gemeente}
sub/b.txt:
"""
    assert load(tmp_path, description, "a.txt", "sub/b.txt") == {
        "a.txt": Metadata(
            title="Plan: waarom niet",
            kind="brief",
            date="2023-09-05",
            voice="no",
            status="2",
            link="https://www.nov.nl/brief?x=1",
            voices=(("Wij vinden", "NOV"), ("Zij", "gemeente")),
        ),
        "sub/b.txt": Metadata(),
    }


def test_metadata_can_be_written_as_json():
    metadata = Metadata(title="Café", voices=(("Wij", "NOV"),))
    assert json.loads(json.dumps(asdict(metadata)))["voices"] == [["Wij", "NOV"]]
    assert hash(metadata) == hash(Metadata(title="Café", voices=(("Wij", "NOV"),)))


def test_without_documents_yaml_nothing_is_said(tmp_path):
    assert load_metadata(tmp_path) == {}
    assert load(tmp_path, "") == {}
    assert load(tmp_path, "# alleen uitleg\n") == {}
    with pytest.raises(CorpusError, match="is er niet"):
        load_metadata(tmp_path / "weg")


def test_documents_yaml_in_the_code_page_of_windows(tmp_path):
    fill(tmp_path, {"a.txt": "x"})
    (tmp_path / "documents.yaml").write_bytes(b"\r\na.txt:\r\n  title: Caf\xe9\r\n")
    assert load_metadata(tmp_path) == {"a.txt": Metadata(title="Café")}


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("a.txt:\n  title: een: twee", "documents.yaml: er staat een fout in regel 2. Let op"),
        ("a.txt:\n  title: x\n  title: y", "fout in regel 3: 'title' staat er twee keer."),
        ("a.txt: {}\na.txt: {}", "fout in regel 2: 'a.txt' staat er twee keer."),
        ("[" * 2000, "er staat een fout"),
        ("{[a]: b}", "er staat een fout"),
        ("zomaar tekst", "documents.yaml: hier horen bestandsnamen te staan"),
        ("- a.txt", "hier horen bestandsnamen te staan"),
        ("a.txt: Titel", "a.txt: hier horen velden (zoals title en date) te staan"),
        ("a.txt:\n  titel: x", "a.txt: het veld titel bestaat niet. Gebruik alleen title, kind, date, voice"),
        ("a.txt:\n  title: [x]", "a.txt, title: hier hoort één stuk tekst te staan"),
        ("a.txt:\n  date: 5 september 2023", "a.txt, date: 5 september 2023 is geen datum. Schrijf jaar-maand-dag"),
        ("a.txt:\n  date: 2023-02-30", "2023-02-30 is geen datum"),
        ("a.txt:\n  date: 20230905", "20230905 is geen datum"),
        ("a.txt:\n  date: 2023-09-05 12:00:00", "is geen datum"),
        ("a.txt:\n  link: www.nov.nl", "a.txt, link: www.nov.nl is geen webadres. Begin met https://"),
        ("a.txt:\n  link: javascript:alert(1)", "is geen webadres"),
        ("a.txt:\n  link: https://", "is geen webadres"),
        ("a.txt:\n  link: 'https://[x'", "is geen webadres"),
        ("a.txt:\n  voices: NOV", "a.txt, voices: schrijf voor elk deel"),
        ("a.txt:\n  voices:\n    - from: x", "a.txt, voices: schrijf voor elk deel"),
        ("a.txt:\n  voices:\n    - from: ''\n      voice: x", "a.txt, voices: schrijf voor elk deel"),
        ("a.txt:\n  voices:\n    - from: x\n      voice: [x]", "a.txt, voices, voice: hier hoort één stuk tekst"),
        ("a.tx:\n  title: x", "a.tx: dit bestand is er niet"),
        ("A.txt:\n  title: x", "Bedoelt u a.txt?"),
        ("heel-anders.pdf:\n  title: x", "Controleer de naam, of haal deze regels weg."),
    ],
)
def test_mistakes_in_documents_yaml_are_named(tmp_path, description, words):
    with pytest.raises(CorpusError) as caught:
        load(tmp_path, description, "a.txt")
    assert words in str(caught.value)
    assert "documents.yaml" in str(caught.value)


def test_documents_yaml_that_cannot_be_opened(tmp_path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CorpusError, match=r"documents\.yaml: de assistent mag dit niet openen"):
        load(tmp_path, "a.txt:", "a.txt")


# Documents


def document(text: str, name="a.txt", metadata=None, **extract) -> Document:
    return make_document(SourceFile(name, Path(name), ""), Extract(text, **extract), metadata)


LETTER = """

Vereniging NOV
Koningin Wilhelminalaan 3

Onderwerp: Brede SPUK-regeling; waarom vrijwilligers niet mogen ontbreken.

Utrecht, 5 september 2023

Beste beleidsmedewerker/programmamanager Sociaal Domein,

Uw gemeente werkt aan een plan.

Met vriendelijke groet,

Vereniging NOV
"""


def test_what_people_said_wins():
    metadata = Metadata(
        "Titel", "advies", "2020-01-02", "NOV", "concept", "https://nov.nl", (("Uw", "gemeente"), ("Met", "NOV"))
    )
    made = document(LETTER, metadata=metadata, pages=(0, 40), title="Anders", date="2021-01-01")
    assert made == Document(
        name="a.txt",
        text=LETTER,
        title="Titel",
        kind="advies",
        date="2020-01-02",
        voice="NOV",
        status="concept",
        link="https://nov.nl",
        voices=(VoiceRange(LETTER.index("Uw"), "gemeente"), VoiceRange(LETTER.index("Met"), "NOV")),
        pages=(0, 40),
    )


def test_what_people_did_not_say_is_told_from_the_text():
    made = document(LETTER, metadata=Metadata(voice="NOV"))
    assert (made.title, made.kind, made.date, made.voice) == (
        "Brede SPUK-regeling; waarom vrijwilligers niet mogen ontbreken",
        "brief",
        "2023-09-05",
        "NOV",
    )


def test_voices_are_sorted_by_place():
    made = document("Een. Twee. Drie.", metadata=Metadata(voice="A", voices=(("Drie", "C"), ("Twee", "B"))))
    assert made.voices == (VoiceRange(5, "B"), VoiceRange(11, "C"))
    assert [made.voice_at(offset) for offset in (0, 5, 10, 11)] == ["A", "B", "B", "C"]


@pytest.mark.parametrize(("begin", "words"), [("Vier", "staat niet in"), ("ee", "staat 2 keer in")])
def test_a_voice_must_begin_at_one_place(begin, words):
    with pytest.raises(CorpusError, match=rf"a\.txt, voices: de tekst '{begin}' {words} het document"):
        document("Een twee.\n\nEen steen.", metadata=Metadata(voices=((begin, "A"),)))


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("# Het beleid\n\ntekst", "a.md", "Het beleid"),
        ("NOV\n\n## Het beleid\n\ntekst", "a.md", "Het beleid"),
        ("Betreft: het beleid.\n\n# Kop", "a.txt", "het beleid"),
        ("\n\n17-11-2022\n\nVan: Jan\n\nJaarverslag van NOV:\n\ntekst", "a.txt", "Jaarverslag van NOV"),
        ("Beste lezer,\n\nUtrecht, 5 mei 2020", "brief_aan-leden-2020-05-05.txt", "Brief aan leden 2020-05-05"),
        ("Een lange alinea. " * 20, "map/het_plan.txt", "Het plan"),
        ("123\n\n456", "--.txt", ""),
    ],
)
def test_titles(text, name, title):
    assert document(text, name).title == title


@pytest.mark.parametrize(
    ("text", "name", "date"),
    [
        ("Kop\n\nUtrecht, 5 september 2023\n\ntekst", "a-2020-01-01.txt", "2023-09-05"),
        ("’s-Hertogenbosch, 5 sept. 2023", "a.txt", "2023-09-05"),
        ("Datum: 1 mrt 2023", "a.txt", "2023-03-01"),
        ("Den Haag, dinsdag 5-9-2023.", "a.txt", "2023-09-05"),
        ("**Utrecht, 5 september 2023**", "a.md", "2023-09-05"),
        ("Op 5 september 2023 was er een bijeenkomst.", "a.txt", ""),
        ("Utrecht, 31 februari 2023", "a.txt", ""),
        ("Utrecht, 5 brumaire 2023", "a.txt", ""),
        ("Samenvatting kenniscafé 17-11-2022", "a.txt", "2022-11-17"),
        ("Verslag van 17 november 2022", "a.txt", "2022-11-17"),
        ("tekst zonder datum", "verslag_2022_11_17.txt", "2022-11-17"),
        ("tekst zonder datum", "20221117 verslag.txt", "2022-11-17"),
        ("tekst zonder datum", "verslag 17.11.2022.txt", "2022-11-17"),
        ("tekst zonder datum", "dossier-1234567890.txt", ""),
        ("tekst zonder datum", "plan-2022-13-45.txt", ""),
        ("tekst zonder datum", "plan-0022-11-17.txt", ""),
        ("\n\n".join(f"Regel {n} met tekst" for n in range(40)) + "\n\nUtrecht, 5 mei 2020", "a.txt", ""),
    ],
)
def test_dates(text, name, date):
    assert document(text, name).date == date


def test_the_date_of_the_file_goes_before_that_of_the_text():
    assert document("Utrecht, 5 september 2023", date="2023-09-06").date == "2023-09-06"


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Geachte heer De Vries,\n\ntekst\n\nHoogachtend,\n\nNOV", "a.txt", "brief"),
        ("L.S.,\n\ntekst\n\nHartelijke groeten van ons allemaal", "a.txt", "brief"),
        ("Geachte heer De Vries,\n\ntekst", "a.txt", ""),
        ("Dag van de vrijwilliger\n\ntekst", "a.txt", ""),
        ("tekst\n\nMet vriendelijke groet,", "a.txt", ""),
        ("Beste Jan,\n\nMet vriendelijke groet,", "a.eml", "e-mail"),
    ],
)
def test_kinds(text, name, kind):
    assert document(text, name).kind == kind


# Our own corpus


def test_our_own_documents():
    metadata = load_metadata(OURS)
    sources, failures = find_files(OURS, MAX_BYTES)
    assert failures == []
    letter, report = (
        make_document(source, read_file(source.path, source.name, MAX_BYTES), metadata[source.name])
        for source in sources
    )
    assert (letter.kind, letter.date, letter.voice, letter.voices) == ("brief", "2023-09-05", "NOV", ())
    assert letter.title == "Plan van aanpak Brede SPUK-regeling: waarom vrijwilligers niet mogen ontbreken"
    assert (report.title, report.kind, report.date) == (
        "Samenvatting themagesprekken kenniscafés (bijlage 2)",
        "verslag",
        "2022-11-17",
    )
    voices = {
        "In opdracht van NOV hebben de onderzoekers": "verslag kenniscafé",
        "Goed beleid spant deze liefde niet": "onderzoekers van Verwonderzoek",
        "Het werven/behouden van vrijwilligers": "onderzoekers van Verwonderzoek",
        "De sociale basis is krachtig": "verslag kenniscafé",
        "F. Wild Card": "verslag kenniscafé",
        "Samen bereik je meer": "deelnemers kenniscafé",
        "Vitaal vrijwilligerswerk innoveert": "deelnemers kenniscafé",
    }
    assert {quote: report.voice_at(report.text.index(quote)) for quote in voices} == voices
