"""Reading files: each format is made here with its own library and read back; expected texts are written out."""

import io
import random
import re
import zipfile
from contextlib import suppress
from email.message import EmailMessage
from itertools import accumulate

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from odf import draw, style, table, text
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from assistant.documents.hyphens import join_lines, words_of
from assistant.documents.reading import Extract, read_file
from assistant.errors import DocumentError

MAX_BYTES = 1_000_000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def read(tmp_path):
    """Write bytes under a name and read them back."""

    def write_and_read(name: str, data: bytes, max_bytes: int = MAX_BYTES) -> Extract:
        path = tmp_path / name
        path.write_bytes(data)
        return read_file(path, name, max_bytes)

    return write_and_read


def refusal(read, name, data, max_bytes=MAX_BYTES) -> str:
    """The reason for which a file is refused."""
    with pytest.raises(DocumentError) as caught:
        read(name, data, max_bytes)
    assert caught.value.name == name
    return caught.value.reason


# Plain text


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"caf\xc3\xa9 \xe2\x80\x99 \xe2\x82\xac", "café ’ €"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "café"),
        (b"caf\xe9 \x92 \x80", "café ’ €"),
        (b"caf\xe9", "café"),
        (b"caf\xc3\xa9 en caf\xe9", "café en café"),
        ("\ufeffcafé ’ €".encode("utf-16-le"), "café ’ €"),
        ("\ufeffcafé ’ €".encode("utf-16-be"), "café ’ €"),
        ("Een café ’ €".encode("utf-16-le"), "Een café ’ €"),
        ("Een café ’ €".encode("utf-16-be"), "Een café ’ €"),
        ("\ufeffcafé".encode("utf-32-le"), "café"),
        (b"een\r\ntwee\rdrie\n", "een\ntwee\ndrie\n"),
        (b"\n\n  ruim \t opgezet  \n\n\n # geen kop\n", "\n\n  ruim \t opgezet  \n\n\n # geen kop\n"),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_text_is_the_files_own_text(read, data, expected, suffix):
    assert read(f"a{suffix}", data) == Extract(expected)


@pytest.mark.parametrize(
    "data",
    [
        random.Random(1).randbytes(500),
        b"tekst \x00 met nullen",
        b"\x00\x01\x02\x03" * 50,
        b"te\x01\x02\x03veel stuurtekens",
        b"kapot \x81\x8d",
        b"\xff\xfeonevens",
    ],
)
def test_binary_data_is_no_text(read, data):
    assert "geen leesbare tekst" in refusal(read, "a.txt", data)


def test_one_stray_control_character_is_no_reason_to_refuse(read):
    sentence = "Vrijwilligers doen veel werk. " * 10
    assert read("a.txt", f"{sentence}\x1f".encode()).text == f"{sentence}\x1f"


# What a file really is


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"%PDF-1.7 ...", "geen .txt, maar een pdf-bestand"),
        ("a.md", b"PK\x03\x04....", "geen .md, maar een zip-bestand"),
        ("a.pdf", PNG, "geen .pdf, maar een afbeelding (png)"),
        ("a.pdf", b"zomaar tekst", "geen .pdf-bestand, of het is beschadigd"),
        ("a.docx", b"{\\rtf1 tekst}", "maar een rtf-bestand"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\x00o\x00r\x00d\x00", "maar een oud Word-bestand (doc)"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "met een wachtwoord beveiligd. Haal het wachtwoord eraf",
        ),
        ("a.odt", b"zomaar tekst", "geen .odt-bestand"),
        ("a.html", b"\xff\xd8\xff\xe0....", "maar een afbeelding (jpg)"),
        ("a.eml", b"\x1f\x8b....", "maar een ingepakt bestand"),
        ("a.eml", b"Zomaar een tekst.", "geen e-mail"),
        ("a.txt", b"", "leeg. Zet er tekst in of haal het bestand weg."),
        ("a.docx", b"\x00" * 100, "leeg"),
        ("a.html", b" \r\n\t", "leeg"),
        (
            "a.xlsx",
            b"PK\x03\x04",
            "van de soort .xlsx worden niet gelezen. Bewaar het als .txt, .md, .pdf, .docx, .odt",
        ),
        ("leesmij", b"tekst", "zonder soort achter de naam"),
    ],
)
def test_what_is_no_such_file_is_refused_with_the_reason_and_the_mend(read, name, data, words):
    assert words in refusal(read, name, data)


def test_the_suffix_may_be_in_capitals(read):
    assert read("A.TXT", b"tekst").text == "tekst"


def test_a_file_over_the_limit_is_refused(read):
    reason = refusal(read, "a.txt", b"x" * 1_500_001, max_bytes=1_500_000)
    assert reason.startswith("dit bestand is te groot: 1,5 MB, en de grens is 1,5 MB.")
    assert read("a.txt", b"x" * 1_500_000, 1_500_000).text == "x" * 1_500_000


def test_a_file_that_is_gone_or_is_a_folder_is_refused(tmp_path):
    for name in ("weg.txt", "."):
        with pytest.raises(DocumentError, match=r"er niet|worden niet gelezen"):
            read_file(tmp_path / name, name, MAX_BYTES)


def test_a_file_that_may_not_be_opened_says_so(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("tekst")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(DocumentError, match="mag dit niet openen"):
        read_file(path, "a.txt", MAX_BYTES)


# PDF

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"


def column(top, *lines, x=72, font=REGULAR, size=11, leading=14):
    """Lines of text below each other: where each stands (in points, from the bottom left) and how it is set."""
    return [(x, top - leading * number, line, font, size) for number, line in enumerate(lines)]


def make_pdf(*pages, title="", rotation=0, **options) -> bytes:
    """A PDF of pages, each a list of lists of lines."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=1, **options)
    canvas.setTitle(title)
    for page in pages:
        canvas.setPageRotation(rotation)
        for x, y, line, font, size in (line for part in page for line in part):
            canvas.setFont(font, size)
            canvas.drawString(x, y, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


PROSE = (
    "Vrijwilligers zetten zich in voor hun buurt en vinden dat werk zinvol en leerzaam. De",
    "gemeente faciliteert hen met ruimte en geld, maar stuurt hun werk niet aan en legt geen",
    "taken op.",
)
PROSE_TEXT = (
    "Vrijwilligers zetten zich in voor hun buurt en vinden dat werk zinvol en leerzaam. De gemeente faciliteert hen "
    "met ruimte en geld, maar stuurt hun werk niet aan en legt geen taken op."
)


def test_pdf_headings_and_paragraphs(read):
    data = make_pdf(
        [
            column(760, "Vrijwilligersbeleid", font=BOLD, size=18),
            column(730, *PROSE),
            column(680, "Waarderen", size=14),
            column(660, *PROSE),
            column(610, "Geld en ruimte", font=BOLD),
            column(596, *PROSE),
            column(554, "    Ingesprongen begint een nieuwe alinea, ook zonder wit ervoor.", x=90),
        ],
        title="Beleid 2024",
    )
    extract = read("a.pdf", data)
    assert extract.text == "\n\n".join(
        [
            "# Vrijwilligersbeleid",
            PROSE_TEXT,
            "## Waarderen",
            PROSE_TEXT,
            "### Geld en ruimte",
            PROSE_TEXT,
            "Ingesprongen begint een nieuwe alinea, ook zonder wit ervoor.",
        ]
    )
    assert (extract.pages, extract.title, extract.date) == ((0,), "Beleid 2024", "")


def test_pdf_bold_words_in_running_text_are_no_heading(read):
    bold_start = "Let vooral op de volgende punten, die wij van groot belang vinden en die"
    data = make_pdf([column(760, bold_start, font=BOLD), column(746, *PROSE), column(690, *PROSE), column(620, *PROSE)])
    assert read("a.pdf", data).text.startswith(f"{bold_start} Vrijwilligers zetten zich in")


def test_pdf_lines_that_the_writer_broke_stay_lines(read):
    data = make_pdf(
        [
            column(760, *PROSE),
            column(690, "Vereniging NOV", "Koningin Wilhelminalaan 3", "3527 LA Utrecht"),
        ]
    )
    assert read("a.pdf", data).text.split("\n\n")[1] == "Vereniging NOV\nKoningin Wilhelminalaan 3\n3527 LA Utrecht"


def test_pdf_lists(read):
    data = make_pdf(
        [
            column(760, *PROSE[:2], "taken op. De vrijwilligerscentrale biedt daarom het volgende:"),
            column(718, "\u2022"),
            column(718, "overzicht van alle organisaties in de gemeente, ook in de kleine kernen en in de", x=90),
            column(704, "buurten eromheen", x=90),
            column(690, "\u2022 kennis over werven"),
            column(662, "1. Eerst kijken wat er is."),
            column(648, "2. Daarna doen."),
            column(
                620, *PROSE[:2], "- dat is een streepje in de lopende tekst van een alinea, en dus geen begin van een"
            ),
            column(578, "opsomming."),
        ]
    )
    assert read("a.pdf", data).text.split("\n\n")[1:] == [
        "- overzicht van alle organisaties in de gemeente, ook in de kleine kernen en in de buurten eromheen\n"
        "- kennis over werven\n1. Eerst kijken wat er is.\n2. Daarna doen.",
        f"{PROSE_TEXT.removesuffix('taken op.')}- dat is een streepje in de lopende tekst van een alinea, en dus geen "
        "begin van een opsomming.",
    ]


def test_pdf_bullets_of_symbol_fonts(read):
    bullets = [*column(700, "\u2714", "\u2702", font="ZapfDingbats"), *column(700, "Werven", "Binden", x=90)]
    data = make_pdf([column(760, *PROSE), sorted(bullets, key=lambda line: (-line[1], line[0]))])
    assert read("a.pdf", data).text.split("\n\n")[1] == "- Werven\n- Binden"


def test_pdf_hyphens_at_line_ends(read):
    lines = ("De gemeente faciliteert het werk van de vrijwil-", "ligers met de Brede SPUK-", "regeling voor zorg-")
    text = "De gemeente faciliteert het werk van de vrijwilligers met de Brede SPUK-regeling voor zorg- en welzijn."
    assert read("a.pdf", make_pdf([column(760, *lines, "en welzijn.")])).text == text


def test_pdf_centred_title_and_text(read):
    def centred(top, *lines, size, leading):
        return [
            line
            for number, text in enumerate(lines)
            for line in column(top - number * leading, text, x=300 - stringWidth(text, REGULAR, size) / 2, size=size)
        ]

    title = centred(760, "Vrijwilligers mogen niet ontbreken in", "het plan van aanpak", size=16, leading=20)
    motto = (
        "Wij pleiten voor een grotere waardering van het vrijwilligerswerk in",
        "alle gemeenten van Nederland samen",
    )
    contents = column(640, "Inhoud ............ 3", "Slot ............ 4")
    assert read("a.pdf", make_pdf([title, centred(700, *motto, size=11, leading=14), contents])).text == (
        "# Vrijwilligers mogen niet ontbreken in het plan van aanpak\n\n"
        "Wij pleiten voor een grotere waardering van het vrijwilligerswerk in alle gemeenten van Nederland samen\n\n"
        "Inhoud ............ 3\n\nSlot ............ 4"
    )


def test_pdf_letterhead_beside_the_text(read):
    letterhead = column(700, "Koningin Wilhelminalaan 3", "3527 LA Utrecht", x=400, size=8, leading=10)
    assert read("a.pdf", make_pdf([letterhead, column(760, *PROSE), column(690, *PROSE)])).text == (
        f"Koningin Wilhelminalaan 3 3527 LA Utrecht\n\n{PROSE_TEXT}\n\n{PROSE_TEXT}"
    )


def test_pdf_running_lines_are_dropped_and_broken_paragraphs_joined(read):
    def page(number, *parts):
        head = column(800, "Jaarverslag vrijwilligerswerk", size=9)
        foot = [*column(40, f"NOV | pagina {number} van 3", size=9), *column(28, "www.nov.nl", size=9)]
        return [head, *parts, foot]

    data = make_pdf(
        page(1, column(760, *PROSE), column(90, *PROSE[:1])),
        page(2, column(760, *PROSE[1:]), column(90, "1 Zie het jaarplan voor de bedragen.", size=8)),
        page(3, column(760, "Kosten", font=BOLD, size=14), column(730, *PROSE)),
    )
    extract = read("a.pdf", data)
    expected = [PROSE_TEXT, PROSE_TEXT, "1 Zie het jaarplan voor de bedragen.", "# Kosten", PROSE_TEXT]
    assert extract.text == "\n\n".join(expected)
    first, second, third = extract.pages
    assert first == 0
    assert extract.text[second:].startswith("gemeente faciliteert hen")
    assert extract.text[third:].startswith("# Kosten")


def test_pdf_repeated_running_text_is_kept(read):
    """The same paragraph at the same height of two pages is no header."""
    data = make_pdf(*[[column(760, *PROSE), column(690, *PROSE), column(620, f"Slot {n}.")] for n in ("een", "twee")])
    assert read("a.pdf", data).text.count(PROSE_TEXT) == 4


def test_pdf_that_is_the_same_on_all_pages_is_kept(read):
    extract = read("a.pdf", make_pdf(*[[column(760, "Leeg formulier")]] * 2))
    assert extract == Extract("Leeg formulier\n\nLeeg formulier", (0, 16))


def test_pdf_list_item_over_a_page_end(read):
    item = (
        "\u2022 Wet- en regelgeving beperkt soms ook. Besturen worden sterker aangesproken op hun",
        "aansprakelijkheid en op de voorwaarden van financiers.",
    )
    data = make_pdf(
        [column(760, *PROSE), column(100, item[0]), column(86, item[1], x=80)],
        [column(760, "Bij informeel werk kan meer.", x=80), column(746, "\u2022 Samen bereik je meer.")],
    )
    extract = read("a.pdf", data)
    assert extract.text.split("\n\n")[1] == (
        "- Wet- en regelgeving beperkt soms ook. Besturen worden sterker aangesproken op hun aansprakelijkheid en op "
        "de voorwaarden van financiers. Bij informeel werk kan meer.\n- Samen bereik je meer."
    )
    assert extract.text[extract.pages[1] :].startswith("Bij informeel werk")


def test_pdf_notes(read):
    """A note's number disappears from the text; the note goes before a paragraph that runs on over the page."""
    chunks = [("De sociale basis", 11), ("1", 6), (" telt 10 m", 11), ("2", 6), (" en is van ons.", 11)]
    ends = list(accumulate((stringWidth(chunk, REGULAR, size) for chunk, size in chunks), initial=72))
    line = [
        column(760 if size == 11 else 764, chunk, x=x, size=size)
        for (chunk, size), x in zip(chunks, ends, strict=False)
    ]
    data = make_pdf(
        [*line, column(720, *PROSE[:2]), column(60, "1 Position paper, bladzijde 3.", size=8)],
        [column(760, PROSE[2]), column(730, *PROSE), column(650, *PROSE)],
    )
    extract = read("a.pdf", data)
    assert extract.text.split("\n\n")[:3] == [
        "De sociale basis telt 10 m2 en is van ons.",
        "1 Position paper, bladzijde 3.",
        PROSE_TEXT,
    ]
    assert extract.text[extract.pages[1] :].startswith("taken op.")


def test_pdf_tables(read):
    rows = [("Onderdeel", "Bedrag"), ("Werving", "2.500"), ("Scholing van besturen", "10.000")]
    cells = [
        part
        for n, row in enumerate(rows)
        for part in (column(690 - 16 * n, row[0]), column(690 - 16 * n, row[1], x=300))
    ]
    data = make_pdf([column(760, *PROSE), *cells, column(620, "Datum:"), column(620, "5 september 2023", x=200)])
    assert read("a.pdf", data).text.split("\n\n")[1:] == [
        "Onderdeel | Bedrag\nWerving | 2.500\nScholing van besturen | 10.000",
        "Datum: 5 september 2023",
    ]


def test_pdf_columns_are_read_one_after_the_other(read):
    left = (
        "De gemeente waardeert het werk van",
        "vrijwilligers in hun eigen buurten en",
        "faciliteert hen graag met geld en met",
        "een ruimte om elkaar te ontmoeten en",
    )
    right = ("te overleggen. Zij legt hun geen taken", "op.")
    extract = read("a.pdf", make_pdf([column(760, *left), column(760, *right, x=320)]))
    assert extract.text == (
        "De gemeente waardeert het werk van vrijwilligers in hun eigen buurten en faciliteert hen graag met geld en "
        "met een ruimte om elkaar te ontmoeten en te overleggen. Zij legt hun geen taken op."
    )


def test_pdf_turned_page(read):
    """A page that is shown turned by a quarter has its text drawn turned the other way."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(842, 595))
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.setFont(REGULAR, 11)
    for number, line in enumerate(PROSE):
        canvas.drawString(40, -100 - 14 * number, line)
    canvas.showPage()
    canvas.save()
    assert read("a.pdf", file.getvalue()).text == PROSE_TEXT


def test_pdf_blank_pages_count(read):
    extract = read("a.pdf", make_pdf([], [column(760, "Eerste tekst.")], [], [column(760, "Tweede tekst.")], []))
    assert extract == Extract("Eerste tekst.\n\nTweede tekst.", (0, 0, 15, 15, 28))


def test_pdf_with_a_password(read):
    data = make_pdf([column(760, *PROSE)], encrypt="geheim")
    assert "wachtwoord beveiligd. Haal het wachtwoord eraf" in refusal(read, "a.pdf", data)


def test_pdf_scan(read):
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 60), "white")), 0, 0)
    canvas.showPage()
    canvas.save()
    assert "OCR, bijvoorbeeld met ocrmypdf" in refusal(read, "a.pdf", file.getvalue())


def raw_pdf(content: bytes, font: bytes) -> bytes:
    """A PDF of one page, written by hand."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/BaseFont/X" + font + b">>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Type/FontDescriptor/FontName/X/Flags 4>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, item)
    table_of_places = b"xref\n0 8\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table_of_places + b"trailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)


def test_pdf_with_letters_without_a_meaning(read):
    """The characters of this font are numbers of glyphs; nothing says which letters they are."""
    data = raw_pdf(
        b"BT /F 12 Tf 72 700 Td <0024002500260027002800290041> Tj ET",
        b"/Subtype/Type0/Encoding/Identity-H/DescendantFonts[6 0 R]",
    )
    assert "letters zonder betekenis. Maak er eerst leesbare tekst van met OCR" in refusal(read, "a.pdf", data)


def test_pdf_with_sizes_beyond_measure(read):
    huge = b"9" * 60
    content = b"BT /F 12 Tf 72 700 Td (gewoon) Tj ET BT /F %s Tf %s 0 0 %s 9 9 Tm (groot) Tj ET" % ((huge,) * 3)
    assert read("a.pdf", raw_pdf(content, b"/Subtype/Type1")).text.startswith("gewoon")


def test_pdf_without_anything(read):
    assert "staat geen tekst" in refusal(read, "a.pdf", make_pdf([]))


def test_pdf_that_is_damaged(read):
    data = make_pdf([column(760, *PROSE)])
    assert "beschadigd of niet compleet" in refusal(read, "a.pdf", data[:-200])
    assert "beschadigd of niet compleet" in refusal(read, "a.pdf", b"%PDF-1.4\n%%EOF")


@pytest.mark.parametrize(
    ("left", "right", "elsewhere", "expected"),
    [
        ("alle vrijwil-", "ligers in de", "", "alle vrijwilligers in de"),
        ("zorg-", "en welzijn", "", "zorg- en welzijn"),
        ("de SPUK-", "regeling loopt", "", "de SPUK-regeling loopt"),
        ("alle 65-", "plussers", "", "alle 65-plussers"),
        ("per e-", "mail", "", "per e-mail"),
        ("in Noord-", "Holland", "", "in Noord-Holland"),
        ("de oud-", "voorzitter", "", "de oud-voorzitter"),
        ("een zee-", "eend", "", "een zee-eend"),
        ("goed ge-", "informeerd", "", "goed geïnformeerd"),
        ("be-", "oordelen", "", "beoordelen"),
        ("het zelf-", "organiserend", "een zelf-organiserend netwerk", "het zelf-organiserend"),
        ("uit buurt-", "en wijkteams", "alle buurten", "uit buurt- en wijkteams"),
        ("een cao-", "overleg", "het caooverleg", "een caooverleg"),
        ("uit na-", "ijver", "", "uit naijver"),
        ("2022-", "2023", "", "2022-2023"),
        ("sport-", "(verenigingen)", "", "sport- (verenigingen)"),
        ("buurt- en wijk-", "gericht", "", "buurt- en wijkgericht"),
        ("meer -", "en beter", "", "meer - en beter"),
        ("twee", "woorden", "", "twee woorden"),
    ],
)
def test_hyphens_at_line_ends(left, right, elsewhere, expected):
    assert join_lines(left, right, words_of([left, right, elsewhere])) == expected


# Word


def docx_bytes(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_parts(data: bytes, parts: dict[str, bytes]) -> bytes:
    """A zip file with some parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part not in parts:
                new.writestr(part, old.read(part))
        for part, content in parts.items():
            new.writestr(part, content)
    return file.getvalue()


def test_docx(read):
    document = docx.Document()
    document.core_properties.title = "Beleid 2024"
    document.add_heading("Vrijwilligersbeleid", 0)
    document.add_paragraph("Utrecht, 5 september 2023")
    document.add_heading("Doelen", 1)
    paragraph = document.add_paragraph("Wij ")
    paragraph.add_run("waarderen").bold = True
    paragraph.add_run(" hen.\u00a0  Echt\u00ad waar.")
    document.add_paragraph("overzicht", style="List Bullet")
    document.add_paragraph("kennis", style="List Bullet")
    document.add_paragraph("")
    document.add_paragraph("eerst", style="List Number")
    document.add_paragraph("daarna", style="List Number")
    document.add_paragraph().add_run("Met de hand vet gemaakte kop").bold = True
    document.add_paragraph().add_run("Deze zin is vet, maar geen kop.").bold = True
    address = document.add_paragraph("Vereniging NOV").add_run()
    address.add_break()
    address.add_text("Utrecht")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    grid = document.add_table(2, 2)
    for cell, content in zip(
        (c for row in grid.rows for c in row.cells), ("Soort", "Geld", "Werving", "€ 5"), strict=True
    ):
        cell.text = content
    frame = document.add_table(1, 1)
    frame.cell(0, 0).text = "Tekst in een kader."
    extract = read("a.docx", docx_bytes(document))
    assert extract.text == "\n\n".join(
        [
            "# Vrijwilligersbeleid",
            "Utrecht, 5 september 2023",
            "# Doelen",
            "Wij waarderen hen. Echt waar.",
            "- overzicht\n- kennis\n1. eerst\n2. daarna",
            "## Met de hand vet gemaakte kop",
            "Deze zin is vet, maar geen kop.",
            "Vereniging NOV\nUtrecht",
            "Soort | Geld\nWerving | € 5",
            "Tekst in een kader.",
        ]
    )
    assert (extract.title, extract.date, extract.pages) == ("Beleid 2024", "", ())


@pytest.mark.parametrize(
    "title", ["Word Document", "Document1", "Microsoft Word - brief.doc", "brief.docx", "Sjabloon brief", "3"]
)
def test_titles_that_programs_make_up_are_no_titles(read, title):
    document = docx.Document()
    document.core_properties.title = title
    document.add_paragraph("tekst")
    assert read("a.docx", docx_bytes(document)).title == ""


def test_titles_that_look_like_those_are_titles(read):
    document = docx.Document()
    document.core_properties.title = "Beleidsdocument 2024"
    document.add_paragraph("tekst")
    assert read("a.docx", docx_bytes(document)).title == "Beleidsdocument 2024"


def body(document, xml: str) -> None:
    """Add WordprocessingML to the body of a document."""
    names = nsdecls("w", "wp", "wps") if "wps" in docx.oxml.ns.nsmap else nsdecls("w")
    wrapper = parse_xml(
        f'<w:body {names} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{xml}</w:body>'
    )
    for element in list(wrapper):
        document.element.body.insert(len(document.element.body) - 1, element)


def run(content: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{content}</w:t></w:r>'


def test_docx_keeps_what_was_inserted_and_wrapped_and_leaves_out_what_was_removed(read):
    document = docx.Document()
    body(
        document,
        f"<w:p>{run('Wij ')}<w:ins>{run('blijven ')}</w:ins><w:del><w:r><w:delText>stoppen</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('elders ')}</w:moveFrom><w:hyperlink>{run('bestaan')}</w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen</w:t></w:r>"
        "<w:r><w:tab/><w:t>zorg</w:t><w:noBreakHyphen/><w:t>keten</w:t></w:r></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('In een invulveld.')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p>{run('Naast een kader.')}<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p>"
        f"{run('In het kader.')}</w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p>"
        f"{run('In het kader.')}</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    )
    assert read("a.docx", docx_bytes(document)).text == (
        "Wij blijven bestaan zorg-keten\n\nIn een invulveld.\n\nNaast een kader.\n\nIn het kader."
    )


NUMBERING = """
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
  <w:abstractNum w:abstractNumId="1">
    <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
    <w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
    <w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl>
    <w:lvl w:ilvl="3"><w:numFmt w:val="upperLetter"/><w:lvlText w:val=""/></w:lvl>
    <w:lvl w:ilvl="4"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl>
  </w:abstractNum>
  <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
  <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
  <w:num w:numId="3">
    <w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>
  </w:num>
</w:numbering>
"""


def test_docx_numbering(read):
    def item(number, level, properties=""):
        numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        return f"<w:p><w:pPr>{numbering}{properties}</w:pPr>{run(f'punt {number}.{level}')}</w:p>"

    document = docx.Document()
    levels = [(1, 0), (1, 1), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0), (1, 3), (1, 4), (9, 0)]
    body(document, "".join(item(*level) for level in levels) + item(0, 0) + item(1, 0, '<w:outlineLvl w:val="1"/>'))
    data = with_parts(docx_bytes(document), {"word/numbering.xml": NUMBERING.encode()})
    assert read("a.docx", data).text == (
        "3. punt 1.0\na) punt 1.1\nb) punt 1.1\n\n3.1 punt 1.2\n\n4. punt 2.0\na) punt 2.1\n3. punt 3.0\n1. punt 1.3\n"
        "- punt 1.4\n- punt 9.0\n\npunt 0.0\n\n## 5. punt 1.0"
    )


def test_docx_notes(read):
    document = docx.Document()
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p>{run(content)}</w:p></w:footnote>'
        for number, content in ((0, ""), (7, "Zie het position paper."), (8, "Niet gebruikt."))
    )
    body(document, f'<w:p>{run("De sociale basis")}<w:r><w:footnoteReference w:id="7"/></w:r>{run(" telt.")}</w:p>')
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = with_parts(
        docx_bytes(document), {"word/footnotes.xml": f"<w:footnotes {namespace}>{notes}</w:footnotes>".encode()}
    )
    assert read("a.docx", data).text == "De sociale basis telt.\n\n# Noten\n\n1. Zie het position paper."


def test_docx_table_of_contents_and_styles(read):
    document = docx.Document()
    document.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    own = document.styles.add_style("Tussenkop", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 2"]
    strong = document.styles.add_style("Kopje", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    strong.font.bold = True
    document.add_paragraph("Doelen 3", style="toc 1")
    document.add_paragraph("Doelen", style="Tussenkop")
    document.add_paragraph("Kosten", style="Kopje")
    document.add_paragraph(style="Kopje").add_run("Niet vet").bold = False
    document.add_paragraph().add_run("Nadruk", style="Strong")
    assert read("a.docx", docx_bytes(document)).text == "## Doelen\n\n### Kosten\n\nNiet vet\n\n### Nadruk"


def test_docx_that_is_no_docx(read):
    assert refusal(read, "a.docx", odt_bytes(OpenDocumentText())) == (
        "dit is geen .docx, ook al eindigt de naam zo. Bewaar het opnieuw als .docx."
    )


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY x "' + b"y" * 100 + b'">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<a>" * 5000 + b"</a>" * 5000,
    ],
)
def test_docx_with_bad_xml_or_entities(read, xml):
    data = with_parts(docx_bytes(docx.Document()), {"word/document.xml": xml})
    assert "beschadigd" in refusal(read, "a.docx", data)


def test_docx_zip_bomb(read):
    data = with_parts(docx_bytes(docx.Document()), {"word/media/a.bmp": b"\x00" * 3_000_000})
    assert len(data) < 100_000
    assert "bij het uitpakken veel te groot" in refusal(read, "a.docx", data, max_bytes=100_000)


def test_docx_zip_bomb_that_lies_about_its_size(read):
    content = b"\x00" * 3_000_000
    data = with_parts(docx_bytes(docx.Document()), {"word/media/a.bmp": content})
    lie = data.replace(len(content).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lie != data
    assert "beschadigd" in refusal(read, "a.docx", lie, max_bytes=100_000)


def test_docx_with_a_part_that_is_locked(read):
    data = bytearray(docx_bytes(docx.Document()))
    for place in (match.start() for match in re.finditer(b"PK\x01\x02", data)):
        data[place + 8] |= 1  # the flag for a password, in the zip's own list of contents
    for place in (match.start() for match in re.finditer(b"PK\x03\x04", data)):
        data[place + 6] |= 1
    assert "met een wachtwoord beveiligd" in refusal(read, "a.docx", bytes(data))


# OpenDocument


def odt_bytes(document) -> bytes:
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def make_odt() -> OpenDocumentText:
    document = OpenDocumentText()
    bold = style.Style(name="Vet", family="paragraph")
    bold.addElement(style.TextProperties(fontweight="bold"))
    strong = style.Style(name="Nadruk", family="text")
    strong.addElement(style.TextProperties(fontweight="bold"))
    derived = style.Style(name="P1", family="paragraph", parentstylename="Vet")
    numbers = text.ListStyle(name="Nummers")
    numbers.addElement(text.ListLevelStyleNumber(level=1, numformat="1", numsuffix="."))
    numbers.addElement(text.ListLevelStyleNumber(level=2, numformat="a", numsuffix=")"))
    numbers.addElement(text.ListLevelStyleNumber(level=3, numformat="1", displaylevels=3, startvalue=4))
    document.styles.addElement(style.Style(name="Title", family="paragraph"))
    document.styles.addElement(bold)
    for item in (strong, derived, numbers):
        document.automaticstyles.addElement(item)
    return document


def odt_list(items, stylename=None, **options):
    """A list; an item that is a list itself is nested."""
    element = text.List(stylename=stylename, **options) if stylename else text.List(**options)
    for item in items:
        entry = text.ListItem()
        entry.addElement(odt_list(item) if isinstance(item, list) else text.P(text=item))
        element.addElement(entry)
    return element


def test_odt(read):
    document = make_odt()
    note = text.Note(noteclass="footnote")
    note.addElement(text.NoteCitation(text="1"))
    note_body = text.NoteBody()
    note_body.addElement(text.P(text="Zie het position paper."))
    note.addElement(note_body)
    paragraph = text.P(text="De ")
    paragraph.addElement(text.Span(stylename="Nadruk", text="sociale"))
    paragraph.addText(" basis")
    paragraph.addElement(note)
    paragraph.addElement(text.S(c=3))
    paragraph.addText("telt")
    paragraph.addElement(text.LineBreak())
    paragraph.addText("mee.")
    box = draw.TextBox()
    box.addElement(text.P(text="In het kader."))
    frame = draw.Frame()
    frame.addElement(box)
    framed = text.P(text="Naast een kader.")
    framed.addElement(frame)
    emphasis = text.P()
    emphasis.addElement(text.Span(stylename="Nadruk", text="Ook een kop"))
    section = text.Section(name="deel")
    section.addElement(text.P(text="In een deel."))
    contents = text.TableOfContent(name="inhoud")
    contents.addElement(text.IndexBody())
    for element in (
        text.P(stylename="Title", text="Beleid"),
        contents,
        text.H(outlinelevel=2, text="Doelen"),
        paragraph,
        framed,
        text.P(stylename="P1", text="Vette kop"),
        emphasis,
        section,
    ):
        document.text.addElement(element)
    extract = read("a.odt", odt_bytes(document))
    assert extract.text == "\n\n".join(
        [
            "# Beleid",
            "## Doelen",
            "De sociale basis telt\nmee.",
            "Naast een kader.",
            "In het kader.",
            "### Vette kop",
            "### Ook een kop",
            "In een deel.",
            "# Noten",
            "1. Zie het position paper.",
        ]
    )


def test_odt_lists_and_tables(read):
    document = make_odt()
    header = text.ListHeader()
    header.addElement(text.P(text="Boven de lijst"))
    bullets = odt_list(["overzicht", ["dieper"], "kennis"])
    bullets.insertBefore(header, bullets.firstChild)
    heading_item = text.ListItem()
    heading_item.addElement(text.H(outlinelevel=1, text="Kop in een lijst"))
    numbered_heading = text.List()
    numbered_heading.addElement(heading_item)
    grid = table.Table()
    for row in (("Soort", "Geld"), ("Werving", "5")):
        cells = table.TableRow()
        for content in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=content))
            cells.addElement(cell)
        grid.addElement(cells)
    frame = table.Table()
    row = table.TableRow()
    cell = table.TableCell()
    cell.addElement(text.P(text="Kader"))
    row.addElement(cell)
    frame.addElement(row)
    for element in (
        bullets,
        text.P(text="Tussentekst."),
        odt_list(["een", ["twee", ["drie"]]], "Nummers"),
        odt_list(["vier"], "Nummers", continuenumbering="true"),
        odt_list(["vijf"], "Nummers"),
        numbered_heading,
        grid,
        frame,
    ):
        document.text.addElement(element)
    assert read("a.odt", odt_bytes(document)).text == (
        "Boven de lijst\n\n- overzicht\n- dieper\n- kennis\n\nTussentekst.\n\n"
        "1. een\na) twee\n\n1.a.4. drie\n\n2. vier\n1. vijf\n\n# Kop in een lijst\n\n"
        "Soort | Geld\nWerving | 5\n\nKader"
    )


def test_odt_title_comes_from_its_properties(read):
    document = OpenDocumentText()
    document.text.addElement(text.P(text="tekst"))
    meta = b"""<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Beleid 2024</dc:title></office:meta>
        </office:document-meta>"""
    assert read("a.odt", with_parts(odt_bytes(document), {"meta.xml": meta})).title == "Beleid 2024"


def test_odt_with_a_password(read):
    manifest = b"""<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
        <m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>"""
    data = with_parts(odt_bytes(OpenDocumentText()), {"META-INF/manifest.xml": manifest})
    assert "met een wachtwoord beveiligd" in refusal(read, "a.odt", data)


def test_odt_that_is_a_spreadsheet_or_empty(read):
    assert "dit is geen .odt" in refusal(read, "a.odt", odt_bytes(OpenDocumentSpreadsheet()))
    assert "staat geen tekst" in refusal(read, "a.odt", odt_bytes(OpenDocumentText()))


# Web pages


def test_html_main_content(read):
    page = """<!DOCTYPE html><html lang="nl"><head><title>Vrijwilligers en gemeente | NOV</title>
    <meta property="article:published_time" content="2023-09-05T10:00:00+02:00"><style>p {}</style></head><body>
    <header><h1>NOV</h1></header><nav><ul><li>Menu</li></ul></nav>
    <main><header><h1>Vrijwilligers en
      gemeente</h1></header>
    <p>Wij <b>waarderen</b> <a href="/x">hen</a>&nbsp; zeer<sup><a href="#n">1</a></sup>.<br>Echt waar.<!-- nee --></p>
    losse tekst <div>in een <span>blok</span></div>
    <ul><li>overzicht</li><li><p>kennis</p><p>en kunde</p><ul><li>dieper</li></ul></li></ul>
    <ol start="3"><li>drie</li><li>vier</li></ol>
    <table><caption>Wat het kost</caption>
    <tr><th>Soort</th><th>Geld</th></tr><tr><td>Werving</td><td>&euro; 5</td></tr></table>
    <table><tr><td><p>Opmaak</p></td></tr></table>
    <pre>regel een
    regel twee</pre>
    <script>alert(1)</script><p hidden>verborgen</p><span aria-hidden="true">icoon</span><footer>Delen</footer></main>
    <aside>Lees ook</aside><footer>Contact</footer></body></html>"""
    extract = read("a.html", page.encode())
    assert extract == Extract(
        "# Vrijwilligers en gemeente\n\nWij waarderen hen zeer.\nEcht waar.\n\nlosse tekst\n\nin een blok\n\n"
        "- overzicht\n- kennis en kunde\n- dieper\n3. drie\n4. vier\n\nWat het kost\n\nSoort | Geld\nWerving | € 5\n\n"
        "Opmaak\n\nregel een\nregel twee",
        title="Vrijwilligers en gemeente",
        date="2023-09-05",
    )


def test_html_without_main(read):
    page = "<body><header>Kop</header><article><p>Tekst</p></article><nav>Menu</nav><div role=search>Zoek</div></body>"
    assert read("a.htm", page.encode()) == Extract("Tekst")
    assert read(
        "b.html", b"<title>Het beleid</title><p>Een</p><article>Twee</article><article>Drie</article>"
    ) == Extract("Een\n\nTwee\n\nDrie", title="Het beleid")
    assert read("c.html", b"<h1>Caf\xe9s</h1>").title == "Cafés"


def test_html_nested_deeply_is_read_or_refused(read):
    assert read("a.html", b"<div>" * 300 + b"diep").text == "diep"
    assert "te ingewikkeld" in refusal(read, "a.html", b"<div>" * 1500 + b"diep")


def test_html_without_a_page(read):
    assert "staat niets" in refusal(read, "a.html", b"<!-- niets -->")
    assert "staat geen tekst" in refusal(read, "a.html", b"<script>x</script>")
    assert "geen leesbare tekst" in refusal(read, "a.html", b"<p>\x00\x01\x02")


# E-mail


def make_mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Edith Jansén <edith@nov.nl>"
    message["To"] = "gemeente@voorbeeld.nl"
    message["Subject"] = "Vraag over cafés"
    message["Date"] = "Tue, 05 Sep 2023 14:03:00 +0200"
    return message


HEAD = (
    "Van: Edith Jansén <edith@nov.nl>\nAan: gemeente@voorbeeld.nl\nDatum: 5 september 2023\nOnderwerp: Vraag over cafés"
)


def test_mail(read):
    message = make_mail()
    message.set_content("Beste mensen,\n\n\nHoe zit het met\nde cafés?\n")
    message.add_alternative("<p>Niet deze tekst</p>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bijlage één.pdf")
    message.add_attachment(b"x", maintype="image", subtype="png", disposition="inline", filename="logo.png")
    message.add_attachment(make_mail())
    assert read("a.eml", message.as_bytes()) == Extract(
        f"{HEAD}\n\nBeste mensen,\n\nHoe zit het met\nde cafés?\n\n"
        "Bijlagen (niet gelezen): bijlage één.pdf, message/rfc822",
        title="Vraag over cafés",
        date="2023-09-05",
    )


def test_mail_with_only_a_web_page(read):
    message = make_mail()
    message.set_content("<html><body><h1>Kop</h1><p>Tekst</p></body></html>", subtype="html")
    assert read("a.eml", message.as_bytes()).text == f"{HEAD}\n\n# Kop\n\nTekst"


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "café €".encode()),
        ("iso-8859-1", b"caf\xe9 \x80"),
        ("iso-8859-15", b"caf\xe9 \xa4"),
        ("iso-8859-99", "café €".encode()),
        ("unicode_escape", "café €".encode()),
    ],
)
def test_mail_character_sets(read, charset, data):
    head = f"From: x\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert read("a.eml", head.encode() + data).text == "Van: x\n\ncafé €"


def test_mail_with_bad_headers(read):
    data = b"From: =?ut\xff-8?q?y?=\nSubject: =?utf-8?b?!!!?= =?x?q?y?=\nDate: geen datum\n\ntekst"
    extract = read("a.eml", data)
    assert extract.text.endswith("\n\ntekst")
    assert extract.date == ""


def test_mail_without_text(read):
    message = make_mail()
    message.set_content(b"x", maintype="application", subtype="pkcs7-mime")
    assert "geen tekst die gelezen kan worden" in refusal(read, "a.eml", message.as_bytes())
    assert "geen tekst" in refusal(read, "b.eml", b"From: x\nContent-Type: multipart/mixed; boundary=b\n\nkapot")


# Damage


def samples() -> dict[str, bytes]:
    """A good file of each format."""
    word = docx.Document()
    word.add_paragraph("Vrijwilligers waarderen is nodig.")
    open_text = make_odt()
    open_text.text.addElement(odt_list(["een", ["twee"]], "Nummers"))
    message = make_mail()
    message.set_content("Tekst met é.")
    message.add_alternative("<p>Tekst</p>", subtype="html")
    return {
        "a.txt": "Cafés en ’t beleid".encode(),
        "a.pdf": make_pdf([column(760, *PROSE)], [column(760, *PROSE)]),
        "a.docx": docx_bytes(word),
        "a.odt": odt_bytes(open_text),
        "a.html": b"<main><h1>Kop</h1><ul><li>punt</ul><table><tr><td>1<td>2</table></main>",
        "a.eml": message.as_bytes(),
    }


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.odt", "a.html", "a.eml"])
def test_damaged_files_give_a_result_or_the_one_error(read, name):
    data = samples()[name]
    assert read(name, data).text
    chance = random.Random(20230905)
    cut_off = [data[: len(data) * part // 20] for part in range(20)]
    damaged = []
    for _ in range(40):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        damaged.append(bytes(changed))
    for broken in cut_off + damaged:
        with suppress(DocumentError):
            assert read(name, broken).text.strip()
