"""Splitting into passages: the two documents that come along, held fixed by their text, and made-up ones."""

from itertools import pairwise
from pathlib import Path

import pytest

from assistant.passages import LABELS, LONGEST, blocks, split
from assistant.schema import Document, Passage, VoiceRange

DOCUMENTS = Path(__file__).parent.parent / "corpus" / "documents"

LINE = "De gemeente wil dat vrijwilligers in de buurt beter worden ondersteund, zodat zij het werk langer volhouden."
BODY = f"{LINE} Daarvoor is in de begroting van dit jaar geld vrijgemaakt."


def made(text: str, *voices: VoiceRange) -> Document:
    return Document("stuk.txt", text, "Stuk", date="2023-09-05", voice="NOV", voices=voices)


def texts(text: str, *kinds: str) -> list[str]:
    return [passage.text for passage in split(made(text)) if not kinds or passage.kind in kinds]


def only(text: str, kind: str) -> Passage:
    (passage,) = (passage for passage in split(made(text)) if passage.kind == kind)
    return passage


def said(passage: Passage) -> list[str]:
    return [passage.quote(span) for span in passage.sentences]


def outline(document: Document) -> list[tuple[str, str]]:
    """The first two words of every passage with its heading path."""
    return [(" ".join(passage.text.split()[:2]), passage.heading) for passage in split(document)]


# --- the two documents that come along


@pytest.fixture(scope="module")
def letter() -> Document:
    text = (DOCUMENTS / "brief-brede-spuk-2023-09-05.txt").read_text(encoding="utf-8")
    return Document("brief.txt", text, "Brief", kind="brief", date="2023-09-05", voice="NOV")


@pytest.fixture(scope="module")
def report() -> Document:
    text = (DOCUMENTS / "verslag-kenniscafes-2022-11-17.txt").read_text(encoding="utf-8")
    turns = (
        ("Bijlage 2: Samenvatting themagesprekken", "verslag kenniscafé"),
        ("In hun zoektocht naar antwoorden op de vraag", "onderzoekers van Verwonderzoek"),
        ("De sociale basis uiteengezet", "verslag kenniscafé"),
        ("Meningen, invalshoeken, knelpunten, oplossingen", "deelnemers kenniscafé"),
    )
    voices = tuple(VoiceRange(text.index(words), voice) for words, voice in turns)
    return Document("verslag.txt", text, "Verslag", "verslag", "2022-11-17", "deelnemers kenniscafé", voices=voices)


LETTER_HEADINGS = (
    "Wat is de sociale basis?",
    "Vrijwillige inzet in de sociale basis",
    "Waarderen en faciliteren van vrijwillige inzet",
    "Waarom is dat nodig?",
    "Hoe kan de ondersteuning vorm krijgen?",
)
REPORT_HEADINGS = (
    "Verwonderzoek",
    "De sociale basis uiteengezet",
    "De persoonlijke basis",
    "De gemeenschappelijke basis",
    "De institutionele basis",
)


def labelled(document: Document, kind: str) -> Passage:
    (passage,) = (passage for passage in split(document) if passage.kind == kind)
    return passage


def starting(document: Document, words: str) -> Passage:
    (passage,) = (passage for passage in split(document) if passage.text.startswith(words))
    return passage


def test_the_letterhead_of_the_letter_has_three_lines(letter):
    letterhead = labelled(letter, "letterhead")
    assert said(letterhead) == [
        "Vereniging Nederlandse Organisaties Vrijwilligerswerk",
        "Onderwerp: Plan van aanpak Brede SPUK-regeling; waarom vrijwilligers niet mogen ontbreken.",
        "Utrecht, 5 september 2023",
    ]
    assert letterhead.lead_in == LABELS["letterhead"]


def test_the_salutation_of_the_letter_stands_by_itself(letter):
    salutation = labelled(letter, "salutation")
    assert salutation.text == (
        "Beste beleidsmedewerker/programmamanager Sociaal Domein/WMO/Vrijwillige Inzet/Sociale Basis,"
    )
    assert salutation.lead_in == LABELS["salutation"]


def test_the_signature_of_the_letter_has_its_address_and_no_heading(letter):
    signature = labelled(letter, "signature")
    assert said(signature) == [
        "Met vriendelijke groet,",
        "Vereniging Nederlandse Organisaties Vrijwilligerswerk (NOV)",
        "Koningin Wilhelminalaan 3",
        "3527 LA Utrecht",
        "w www.vrijwilligerswerk.nl",
    ]
    assert signature.headings == ()
    assert signature.lead_in == LABELS["signature"]


def test_every_section_of_the_letter_has_its_heading(letter):
    wat_is, inzet, waarderen, waarom, hoe = LETTER_HEADINGS
    assert outline(letter) == [
        ("Vereniging Nederlandse", ""),
        ("Beste beleidsmedewerker/programmamanager", ""),
        ("Uw gemeente", ""),
        ("Aandacht voor", ""),
        ("Graag bieden", ""),
        ("Om een", wat_is),
        ("In het", inzet),
        ("Vrijwillige inzet", inzet),
        ("Al deze", inzet),
        ("Vrijwilligerswerk biedt", inzet),
        ("Al met", waarderen),
        ("Vrijwillige inzet", waarderen),
        ("Het is", waarderen),
        ("Het vrijwilligerswerk", waarom),
        ("De afgelopen", hoe),
        ("Daar waar", hoe),
        ("Expertise en", hoe),
        ("We hopen", hoe),
        ("Heeft u", hoe),
        ("Met vriendelijke", ""),
    ]


def test_every_section_of_the_report_has_its_heading_until_another_voice_takes_over(report):
    verwonderzoek, uiteengezet, persoonlijk, gemeenschappelijk, institutioneel = REPORT_HEADINGS
    assert outline(report) == [
        ("Vereniging Nederlandse", ""),
        ("In opdracht", verwonderzoek),
        ("In hun", ""),
        ("Gemeenten benoemen", ""),
        ("Steeds meer", uiteengezet),
        ("De sociale", uiteengezet),
        ("Sommige onderdelen", uiteengezet),
        ("De inwoner", persoonlijk),
        ("Inwoners maken", gemeenschappelijk),
        ("De (lokale)", gemeenschappelijk),
        ("Inwoners maken", institutioneel),
        ("Daarnaast werd", institutioneel),
        ("De aanwezigen", institutioneel),
        ("Meningen, invalshoeken,", ""),
        ("Zeker in", ""),
        ("Gemeenten hebben", ""),
        ("Daarnaast is", ""),
        ("Vrijwilligerswerk heeft", ""),
        ("Er kwam", ""),
        ("Wet- regelgeving,", ""),
        ("Breed waarneembaar", ""),
        ("Zichtbaarheid van", ""),
        ("Zichtbaar door", ""),
        ("Zijn mensen", ""),
        ("Vitaal vrijwilligerswerk", ""),
    ]


def test_every_passage_of_the_report_has_the_voice_that_speaks_in_it(report):
    voices = [passage.voice for passage in split(report)]
    assert voices == [
        "deelnemers kenniscafé",
        "verslag kenniscafé",
        *["onderzoekers van Verwonderzoek"] * 2,
        *["verslag kenniscafé"] * 9,
        *["deelnemers kenniscafé"] * 12,
    ]


def test_the_six_challenges_are_one_list_with_their_lead_in(report):
    challenges = starting(report, "Gemeenten benoemen")
    assert challenges.kind == "list"
    assert challenges.text.endswith("in het beheer van de openbare ruimte dan in het sociaal domein.")
    assert challenges.text.count("\n- ") == 6
    assert challenges.lead_in == (
        "Gemeenten benoemen zelf een aantal uitdagingen waar ze mee te maken hebben. De belangrijkste zijn:"
    )
    assert said(challenges)[:5] == [
        "Gemeenten benoemen zelf een aantal uitdagingen waar ze mee te maken hebben.",
        "De belangrijkste zijn:",
        "Het werven/behouden van vrijwilligers.",
        "Meer activistisch vrijwilligerswerk.",
        "Er is te weinig budget om goed vrijwilligerswerkbeleid te voeren.",
    ]


def test_the_lettered_list_keeps_its_letters_and_its_lead_in(report):
    assert said(starting(report, "De aanwezigen splitsten")) == [
        "De aanwezigen splitsten zich daarna op in kleinere themagroepen:",
        "A. Instrumenteel inkopen/inzetten van vrijwilligers/organisaties.",
        "B. Meer, nog meer vrijwilligers in de zorg gezocht.",
        "C. Activistisch vrijwilligerswerk in relatie tot de overheid",
        "D. Welke vrijwilligersbasis vraagt de sociale basis?",
        "E. Betaling van vrijwilligers; oplossing of moeras?",
        "F. Wild Card 'flexibel Vrijwilligerswerk'",
    ]


def test_the_list_of_the_letter_is_introduced_by_the_last_sentence_before_it(letter):
    expertise = starting(letter, "Expertise en activiteiten")
    assert expertise.kind == "list"
    assert len(expertise.sentences) == 1 + 5
    assert starting(letter, "Daar waar buurtsportcoaches").text.endswith("(gaan) bieden:")


def test_the_bullet_that_a_page_end_cut_is_one_passage(report):
    bullet = starting(report, "Vrijwilligerswerk heeft vele gezichten")
    assert " ".join(bullet.text.split()) == (
        "Vrijwilligerswerk heeft vele gezichten en uitingsvormen. Eén daarvan is het activistisch vrijwilligerswerk "
        "als daad van verzet. Zowel in politiek activisme (klimaatactivisme, black lives matters etc.) als ook "
        "praktisch (boodschappen doen - voor de ander, spullen naar Oekraïne etc.) Soms vanuit een organisatie, een "
        "kerkgenootschap geïnitieerd, maar ook spontaan zonder instituten of opgelegde organisatie."
    )
    assert not any(passage.text.startswith("voor de ander") for passage in split(report))


def test_the_ten_points_of_the_report_are_items_that_know_their_lead_in(report):
    items = [passage for passage in split(report) if passage.kind == "item"]
    assert len(items) == 10
    assert {item.lead_in for item in items} == {
        "Meningen, invalshoeken, knelpunten, oplossingen zijn bediscussieerd en werden aan het einde collectief "
        "gedeeld. Hierbij een kleine selectie van deze punten:"
    }


# --- what holds for every document


def covered(document: Document, headings: tuple[str, ...]) -> list[str]:
    """Lines with letters or digits that stand in no passage and are no heading."""
    inside = {at for passage in split(document) for at in range(passage.start, passage.end)}
    missing, start = [], 0
    for line in document.text.split("\n"):
        lost = [at for at, char in enumerate(line, start) if char.isalnum() and at not in inside]
        if lost and line.strip() not in headings:
            missing.append(line)
        start += len(line) + 1
    return missing


def check(document: Document) -> None:
    passages = split(document)
    text = document.text
    for passage in passages:
        assert passage.document == document.name
        assert passage.id == f"{document.name}:{passage.start}-{passage.end}"
        assert passage.text == text[passage.start : passage.end]
        assert passage.text == passage.text.strip() != ""
        assert passage.voice == document.voice_at(passage.start)
        assert passage.date == document.date
        assert passage.sentences
        assert all(passage.start <= span.start < span.end <= passage.end for span in passage.sentences)
        assert all(one.end <= other.start for one, other in pairwise(passage.sentences))
        assert all(passage.quote(span) == passage.quote(span).strip() for span in passage.sentences)
    assert len({passage.id for passage in passages}) == len(passages)
    assert all(one.start <= other.start for one, other in pairwise(passages))


def test_every_passage_of_the_letter_is_an_exact_range_with_its_sentences_inside(letter):
    check(letter)


def test_every_passage_of_the_report_is_an_exact_range_with_its_sentences_inside(report):
    check(report)


def test_every_line_of_the_letter_is_in_a_passage_or_a_heading(letter):
    assert covered(letter, LETTER_HEADINGS) == []


def test_every_line_of_the_report_is_in_a_passage_or_a_heading(report):
    assert covered(report, REPORT_HEADINGS) == []


NASTY = {
    "empty": "",
    "blank": " \n\t\n\n",
    "only marks": "!!! ??? …\n\n***\n\n---",
    "empty bullets": "- \n- \n",
    "empty headings": "# \n\n## \n",
    "no newline at the end": f"{BODY}\n\nGeen einde aan de regel",
    "tabs before bullets": f"{BODY}\n\n\t• een\n\t• twee\n\t\t- drie",
    "very long word": "a" * 20_000,
    "very long sentence": "woord " * 3000,
    "very long item": "- " + "Dit is een zin. " * 200 + "\n- kort",
    "emoji": f"👍🏽 {BODY} 🙂\n\n- 👍\n- 🎉 feest",
    "combining accents": "De e\u0301e\u0301n en de ander. Cafe\u0301! " * 10,
    "numbers only": "1.\n2.\n3.\n",
    "letters out of order": f"{BODY}\n\nB. twee\nA. een\nC. drie\n1. een\nA. een\n2. twee",
    "table only": "| a | b |\n| - | - |\n| 1 | 2 |",
    "marks before a list": "." * 300 + "\n\n- een\n- twee",
    "greeting only": "Beste allen,",
    "closing only": "Met vriendelijke groet,",
    "greeting and closing": "Beste allen,\n\nHoogachtend,\nNOV",
    "closing without a greeting": "Kort bericht.\n\nMet vriendelijke groet,\n\nPiet",
    "windows lines": "# Kop\r\n\r\nEen alinea.\r\n\r\n- een\r\n- twee\r\n",
    "form feed": f"{BODY}\n\x0c\n{BODY}",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_a_nasty_text_still_gives_exact_ranges(text):
    check(made(text))


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_nothing_readable_in_a_nasty_text_is_lost(text):
    headings = tuple(text[block.start : block.end] for block in blocks(text) if block.kind == "heading")
    assert covered(made(text), headings) == []


@pytest.mark.parametrize("text", ["", " \n\t\n\n", "# Kop\n\n## Nog een kop\n", "# \n"])
def test_a_document_without_body_text_has_no_passages(text):
    assert split(made(text)) == []


# --- headings


def test_markdown_headings_nest_and_close_by_level():
    text = f"# A\n\n{BODY}\n\n## B ##\n\n{BODY}\n\n### *C*\n\n{BODY}\n\n## D\n\n{BODY}\n\n# E\n\n{BODY}\n"
    assert [passage.headings for passage in split(made(text))] == [
        ("A",),
        ("A", "B"),
        ("A", "B", "C"),
        ("A", "D"),
        ("E",),
    ]


def test_a_plain_heading_stands_under_the_title_and_beside_a_second_level_heading():
    text = f"# Titel\n\n{BODY}\n\nTussenkop\n\n{BODY}\n\n### Klein\n\n{BODY}\n\n## Tweede\n\n{BODY}"
    assert [passage.headings for passage in split(made(text))] == [
        ("Titel",),
        ("Titel", "Tussenkop"),
        ("Titel", "Tussenkop", "Klein"),
        ("Titel", "Tweede"),
    ]


def test_a_markdown_heading_needs_a_space():
    assert texts(f"{BODY}\n\n#vrijwilligerswerk is mooi.\n\n{BODY}")[1] == "#vrijwilligerswerk is mooi."


def test_a_heading_in_the_text_of_the_paragraph_below_it_is_not_repeated():
    assert texts(f"## Kop\n{BODY}") == [BODY]


@pytest.mark.parametrize(
    "title",
    [
        "Wat is de sociale basis?",
        "**Vette kop**",
        "SPUK & GALA",
        "Waarde van vrijwilligerswerk",
        "Dag van de vrijwilliger",
        "Beste voorbeelden uit het land",
    ],
)
def test_a_short_line_above_body_text_is_its_heading(title):
    passages = split(made(f"{BODY}\n\n{title}\n\n{BODY}"))
    assert [passage.headings for passage in passages] == [(), (title.strip("*"),)]


@pytest.mark.parametrize(
    "line",
    [
        "Dit is een gewone zin.",
        "Wij bieden het volgende:",
        "met kleine letter begonnen",
        "Een zin. En nog een",
        "Een regel die met opzet langer is dan wat wij een kop noemen omdat er meer dan veertien woorden in staan",
        "Twee regels\nonder elkaar",
        "Onderwerp: subsidie",
    ],
)
def test_a_line_that_is_no_title_is_a_paragraph(line):
    passages = split(made(f"{BODY}\n\n{line}\n\n{BODY}"))
    assert [(passage.text, passage.headings) for passage in passages] == [(BODY, ()), (line, ()), (BODY, ())]


def test_a_short_last_line_is_no_heading_because_nothing_stands_under_it():
    assert texts(f"{BODY}\n\nEinde van het stuk") == [BODY, "Einde van het stuk"]


def test_numbered_headings_are_headings_of_the_text_under_them():
    passages = split(made(f"1. Inleiding\n\n{BODY}\n\n2. Aanpak\n\n{BODY}\n\n{BODY}"))
    assert [passage.text for passage in passages] == [BODY] * 3
    assert [passage.heading.removeprefix("1. ").removeprefix("2. ") for passage in passages] == [
        "Inleiding",
        "Aanpak",
        "Aanpak",
    ]


def test_numbered_markdown_headings_are_headings():
    passages = split(made(f"## 1. Inleiding\n\n{BODY}\n\n## 2. Aanpak\n\n{BODY}"))
    assert [passage.heading for passage in passages] == ["1. Inleiding", "2. Aanpak"]


def test_a_voice_change_closes_the_section():
    text = f"# Verslag\n\n## Themagroep\n\n{BODY}\n\nNu spreken anderen. {BODY}\n\n## Slot\n\n{BODY}"
    document = made(text, VoiceRange(text.index("Nu spreken"), "deelnemers"))
    assert [(passage.heading, passage.voice) for passage in split(document)] == [
        ("Verslag › Themagroep", "NOV"),
        ("", "deelnemers"),
        ("Slot", "deelnemers"),
    ]


def test_a_voice_that_starts_at_a_heading_keeps_that_heading():
    text = f"## Een\n\n{BODY}\n\n## Twee\n\n{BODY}"
    document = made(text, VoiceRange(text.index("## Twee"), "deelnemers"))
    assert [(passage.heading, passage.voice) for passage in split(document)] == [("Een", "NOV"), ("Twee", "deelnemers")]


# --- paragraphs


def test_a_long_paragraph_is_cut_between_sentences():
    sentence = "Deze zin telt samen met zijn punt precies zoveel tekens als hij lang is."
    text = " ".join([sentence] * 70)
    assert len(text) > 5000
    passages = split(made(text))
    assert all(len(passage.text) <= LONGEST for passage in passages)
    assert all(set(said(passage)) == {sentence} for passage in passages)
    assert sum(len(passage.sentences) for passage in passages) == 70
    per_passage = (LONGEST + 1) // (len(sentence) + 1)
    assert len(passages) == -(-70 // per_passage)


def test_only_a_single_sentence_may_be_longer_than_the_longest():
    long_sentence = "Woord " * 300 + "einde."
    passages = split(made(f"{BODY} {long_sentence} {BODY}"))
    assert [passage.text for passage in passages] == [BODY, long_sentence, BODY]


def test_lines_without_an_empty_line_between_them_are_one_paragraph():
    assert texts(f"{LINE}\nTweede regel.\nDerde regel.") == [f"{LINE}\nTweede regel.\nDerde regel."]


def test_two_halves_of_a_sentence_at_a_page_end_are_one_paragraph():
    first, second = f"{LINE} Dat doet zij samen met", "bewoners en verenigingen in de wijk."
    passages = split(made(f"{BODY}\n\n{first}\n\n\n\n{second}\n\n{BODY}"))
    assert [passage.text for passage in passages] == [BODY, f"{first}\n\n\n\n{second}", BODY]
    assert " ".join(said(passages[1])[1].split()) == "Dat doet zij samen met bewoners en verenigingen in de wijk."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BODY, "kleine letter, maar de vorige zin is af."),
        (BODY[:-1], "Een hoofdletter begint een nieuwe alinea."),
        (f"{LINE} Namelijk:", "kleine letter na een dubbele punt."),
        ("Kort", "kort."),
    ],
)
def test_paragraphs_that_are_no_halves_stay_apart(first, second):
    assert texts(f"{BODY}\n\n{first}\n\n\n\n{second}")[-1] == second


def test_an_abbreviation_does_not_end_a_sentence_of_a_passage():
    sentence = "Wij helpen bijv. Utrecht t.o.v. Zeist, zo zei dr. A. de Vries van NOV."
    assert said(split(made(f"{sentence} {LINE}"))[0]) == [sentence, LINE]


@pytest.mark.parametrize(
    "text",
    [
        "NOV is opgericht in 1990.\n\nHet kantoor staat in Utrecht.",
        "Wij zijn er voor u.\n\nBel ons gerust!\n\nWij helpen graag.",
    ],
)
def test_short_paragraphs_of_whole_sentences_are_no_letterhead(text):
    assert texts(text, "paragraph") == text.split("\n\n")


def test_short_text_under_short_headings_is_no_letterhead():
    passages = split(made("Openingstijden\n\nMaandag tot vrijdag.\n\nAdres\n\nHet kantoor staat in Utrecht."))
    assert [(passage.kind, passage.heading, passage.text) for passage in passages] == [
        ("paragraph", "Openingstijden", "Maandag tot vrijdag."),
        ("paragraph", "Adres", "Het kantoor staat in Utrecht."),
    ]


def test_the_lead_in_of_a_list_is_not_taken_for_a_letterhead():
    assert only("Welkom bij NOV.\n\nWij bieden:\n\n- scholing\n- advies", "list").lead_in == "Wij bieden:"


# --- lists


def test_a_short_list_is_one_passage_with_its_lead_in():
    passage = only(f"{BODY}\n\nWij bieden:\n\n- scholing\n- advies\n\n{BODY}", "list")
    assert passage.text == "Wij bieden:\n\n- scholing\n- advies"
    assert said(passage) == ["Wij bieden:", "scholing", "advies"]
    assert passage.lead_in == "Wij bieden:"


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "▪", "–", "\t•", "   ◦"])
def test_every_usual_bullet_makes_an_item(mark):
    passage = only(f"{BODY}\n\nWij bieden:\n{mark} scholing\n{mark}\tadvies", "list")
    assert said(passage) == ["Wij bieden:", "scholing", "advies"]


def test_a_line_under_an_item_belongs_to_it():
    assert said(only("- scholing\n  en advies\n- hulp", "list")) == ["scholing\n  en advies", "hulp"]


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("1)", "2)", "3)"), ("(a)", "(b)", "(c)"), ("A.", "B.", "C.")])
def test_a_number_or_letter_stays_with_its_item(marks):
    items = [f"{mark} {words}" for mark, words in zip(marks, ("Werven.", "Behouden.", "Bedanken."), strict=True)]
    passage = only("Drie stappen:\n" + "\n".join(items), "list")
    assert said(passage) == ["Drie stappen:", *items]


def test_one_numbered_line_is_no_list():
    assert [passage.kind for passage in split(made(f"{BODY}\n\n3. Zo begint een alinea. {BODY}"))] == ["paragraph"] * 2


def test_numbers_out_of_order_are_no_list():
    text = f"{BODY}\n\n4. {BODY}\n\n2. {BODY}\n\nA. {BODY}\n\n2. {BODY}"
    assert {passage.kind for passage in split(made(text))} == {"paragraph"}


def test_empty_lines_between_numbers_do_not_end_the_list():
    assert texts("Drie dingen:\n\n1) Geld\n\n2) Rust\n\n3) Tijd", "list") == [
        "Drie dingen:\n\n1) Geld\n\n2) Rust\n\n3) Tijd"
    ]


def test_a_heading_between_two_numbers_ends_the_sequence():
    text = f"# Een\n\n1. {BODY}\n\n# Twee\n\n2. {BODY}"
    assert {passage.kind for passage in split(made(text))} == {"paragraph"}


def test_a_loose_list_in_lower_case_keeps_its_items():
    """Three items with an empty line between them, as Markdown allows: no page end cut them."""
    items = [
        "het werven van vrijwilligers voor de hele buurt",
        "het behouden van vrijwilligers in de sportvereniging",
        "het bedanken van alle vrijwilligers in het dorp",
    ]
    passage = only("Dit zijn ze:\n\n" + "\n\n".join(f"- {item}" for item in items), "list")
    assert said(passage) == ["Dit zijn ze:", *items]


def test_a_list_without_lead_in_starts_at_its_first_item():
    passage = only(f"{BODY}\n\n## Kop\n\n- scholing\n- advies", "list")
    assert (passage.text, passage.lead_in, passage.headings) == ("- scholing\n- advies", "", ("Kop",))


def test_of_a_long_paragraph_the_last_sentence_introduces_the_list():
    paragraph = f"{BODY} {BODY} Daarom bieden wij:"
    passages = split(made(f"{paragraph}\n\n- scholing\n- advies"))
    assert [(passage.kind, passage.text) for passage in passages] == [
        ("paragraph", paragraph),
        ("list", "Daarom bieden wij:\n\n- scholing\n- advies"),
    ]


def test_a_long_paragraph_without_colon_stays_outside_the_list():
    assert texts(f"{BODY} {BODY}\n\n- scholing\n- advies", "list") == ["- scholing\n- advies"]


def test_long_items_of_a_long_list_are_passages_of_their_own_and_know_their_lead_in():
    items = [f"{kind}. {BODY}" for kind in ("Werven", "Behouden", "Bedanken", "Scholen", "Verzekeren", "Vieren")]
    passages = split(made(f"{BODY}\n\nDit is nodig:\n\n" + "\n".join(f"- {item}" for item in items)))
    assert [(passage.kind, passage.text) for passage in passages] == [
        ("paragraph", BODY),
        ("paragraph", "Dit is nodig:"),
        *(("item", item) for item in items),
    ]
    assert {passage.lead_in for passage in passages[2:]} == {"Dit is nodig:"}


def test_short_items_of_a_long_list_stay_together_in_groups():
    items = [f"- vrijwilligers werven voor vereniging nummer {number}" for number in range(100, 140)]
    passages = split(made("\n".join(items)))
    assert {passage.kind for passage in passages} == {"item"}
    assert all(LONGEST / 3 < len(passage.text) <= LONGEST * 0.7 for passage in passages)
    assert sum(len(passage.sentences) for passage in passages) == 40


def test_an_item_longer_than_the_longest_is_cut_between_sentences():
    """Eight times BODY is more than one and less than two times the longest; BODY has two sentences."""
    passages = split(made(f"- {' '.join([BODY] * 8)}\n- {BODY}"))
    assert [passage.kind for passage in passages] == ["item"] * 3
    assert all(len(passage.text) <= LONGEST for passage in passages)
    assert sum(len(passage.sentences) for passage in passages) == 2 * 9


def test_table_rows_stay_together():
    passage = only(f"{BODY}\n\n| Jaar | Bedrag |\n|---|---|\n| 2022 | 100 |\n| 2023 | 200 |\n\n{BODY}", "list")
    assert said(passage) == ["| Jaar | Bedrag |", "| 2022 | 100 |", "| 2023 | 200 |"]


@pytest.mark.parametrize("rows", ["Jaar | Bedrag\n2022 | 100", "|Jaar|\n|2022|", "|Jaar|Bedrag|\n|2022|100|"])
def test_rows_need_no_spaces_or_outer_marks(rows):
    assert said(only(f"{BODY}\n\n{rows}", "list")) == rows.split("\n")


# --- letters and mails


LETTER = (
    f"NOV\n\nUtrecht, 5 september 2023\n\nGeachte heer De Vries,\n\n{BODY}\n\nMet vriendelijke groet,\n\nJan Jansen"
)


def test_a_letter_falls_apart_into_its_parts():
    assert [(passage.kind, passage.text) for passage in split(made(LETTER))] == [
        ("letterhead", "NOV\n\nUtrecht, 5 september 2023"),
        ("salutation", "Geachte heer De Vries,"),
        ("paragraph", BODY),
        ("signature", "Met vriendelijke groet,\n\nJan Jansen"),
    ]


def test_a_letter_without_closing_has_no_signature():
    text = LETTER[: LETTER.index("\n\nMet vriendelijke")]
    assert [passage.kind for passage in split(made(text))] == ["letterhead", "salutation", "paragraph"]


@pytest.mark.parametrize("greeting", ["Beste allen,", "L.S.,", "Geacht bestuur,", "Dag Jan!", "Hallo allemaal:"])
def test_every_usual_greeting_is_a_salutation(greeting):
    assert only(f"{greeting}\n\n{BODY}", "salutation").text == greeting


@pytest.mark.parametrize(
    "closing",
    ["Hoogachtend,", "Met groet,", "Met vriendelijke groeten,", "Hartelijke groet", "met sportieve groet,", "Groeten,"],
)
def test_every_usual_closing_starts_the_signature(closing):
    assert only(f"Beste allen,\n\n{BODY}\n\n{closing}\nNOV", "signature").text == f"{closing}\nNOV"


def test_a_greeting_below_a_long_text_is_no_salutation():
    text = f"{BODY} {BODY} {BODY}\n\nBeste lezer,\n\n{BODY}"
    assert "salutation" not in {passage.kind for passage in split(made(text))}


def test_a_closing_far_above_the_end_starts_no_signature():
    text = f"{BODY}\n\nMet vriendelijke groet,\n\n" + "\n\n".join([f"{BODY} {BODY}"] * 6)
    assert "signature" not in {passage.kind for passage in split(made(text))}


def test_a_short_letter_without_greeting_has_each_line_in_one_passage():
    assert texts("Kort bericht.\n\nMet vriendelijke groet,\n\nPiet") == [
        "Kort bericht.",
        "Met vriendelijke groet,\n\nPiet",
    ]


HEAD = "Van: Jan <jan@nov.nl>\nAan: Piet\nDatum: 5 september 2023\nOnderwerp: Subsidie"


def test_the_head_of_a_mail_is_its_letterhead():
    letterhead, body = split(made(f"{HEAD}\n\n{BODY}"))
    assert (letterhead.kind, said(letterhead)) == ("letterhead", HEAD.split("\n"))
    assert (body.kind, body.text) == ("paragraph", BODY)


def test_a_mail_with_a_greeting_has_both():
    kinds = [passage.kind for passage in split(made(f"{HEAD}\n\nBeste Piet,\n\n{BODY}\n\nMet groet,\nJan"))]
    assert kinds == ["letterhead", "salutation", "paragraph", "signature"]


def test_no_line_of_a_title_page_is_lost():
    """Each is in a passage or in a heading path; the last one stands above the text as its heading."""
    passages = split(made(f"Vereniging NOV\n\nJaarverslag over het jaar 2022\n\nInleiding\n\n{BODY} {BODY}"))
    findable = "\n".join(f"{passage.heading}\n{passage.text}" for passage in passages)
    assert passages[-1].headings[-1] == "Inleiding"
    assert "Jaarverslag over het jaar 2022" in findable
    assert "Vereniging NOV" in findable


def test_no_short_line_in_a_row_of_them_is_lost():
    """A list whose bullets got lost: whatever its lines are taken for, each can still be found."""
    lines = ["Wij bieden", "Scholing", "Advies", "Verzekering"]
    passages = split(made("\n\n".join([BODY, *lines, BODY])))
    findable = "\n".join(f"{passage.heading}\n{passage.text}" for passage in passages)
    assert [line for line in lines if line not in findable] == []


def test_one_title_above_the_text_is_its_heading():
    assert [(passage.kind, passage.heading) for passage in split(made(f"Jaarverslag 2022\n\n{BODY}"))] == [
        ("paragraph", "Jaarverslag 2022")
    ]
