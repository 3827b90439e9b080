"""Extractive answers: which sentences of which passages are quoted, in what order, and how they are introduced."""

from dataclasses import replace

import pytest

from assistant import relevance
from assistant.answering import NEAREST, NOT_FOUND, PARTIAL, ExtractiveAnswerer, introduction
from assistant.citations import faults
from assistant.dutch import terms
from assistant.lexical import bm25_postings
from assistant.passages import split
from assistant.schema import Answer, Citation, Document, Hit, Passage, Statement, VoiceRange

FILLER = "Dat staat al jaren in alle stukken die de vereniging over dit onderwerp heeft uitgebracht en verspreid."

LETTER = Document(
    "brief.txt",
    f"""Vereniging NOV

Onderwerp: Plan van aanpak

Utrecht, 5 september 2023

Geachte heer De Vries,

## Rol

Vrijwilligers dragen de buurt. Gemeenten betalen scholing. De sporthal sluit vroeg.

{FILLER} Daarom krijgt elke club een coach. Muziek klinkt op vrijdag.

## Aanbod

Centrales bieden het volgende aan:

- Werven van nieuwe leden. Ook online.
- Taalles voor nieuwkomers
- Verzekering tegen **schade**

{FILLER} {FILLER} {FILLER} Er zijn drie wensen:

1. Geld voor clubs
2. Rust in de tent
3. Regels schrappen

{FILLER} De kantine gaat open.

Met vriendelijke groet,

Edith Starrevelt
Telefoon 06 1092 5712
""",
    "De brief",
    kind="brief",
    date="2023-09-05",
    voice="NOV",
)
_TALKS = (
    "Deelnemers vinden betaling een moeras. Kerken zien dat anders.\n\nDe onderzoekers zien liefde als grondmotief."
)
REPORT = Document(
    "verslag.txt",
    _TALKS,
    "Het verslag",
    kind="verslag",
    date="2022-11-17",
    voice="deelnemers kenniscafé",
    voices=(VoiceRange(_TALKS.index("De onderzoekers"), "onderzoekers van Verwonderzoek"),),
)
TWIN = Document("kopie.txt", "Vrijwilligers dragen de buurt.", "De kopie")
DOCUMENTS = {document.name: document for document in (LETTER, REPORT, TWIN)}


def paragraphs(document: Document) -> list[Passage]:
    """Passages of a text without letterhead: a paragraph each."""
    passages, start = [], 0
    for text in document.text.split("\n\n"):
        at = document.text.index(text, start)
        (passage,) = split(Document(document.name, text, document.title))
        spans = tuple(type(span)(span.start + at, span.end + at) for span in passage.sentences)
        voice = document.voice_at(at)
        passages.append(
            Passage(f"{at}", document.name, at, at + len(text), "paragraph", text, (), "", voice, "", spans)
        )
        start = at + len(text)
    return passages


@pytest.fixture(autouse=True)
def _told(monkeypatch):
    """How likely each sentence is part of the answer is told by the hit's cosines, so that tests can choose it."""
    monkeypatch.setattr(relevance, "probabilities", lambda search, hit, best, words: list(hit.sentence_scores))


PASSAGES = [*split(LETTER), *paragraphs(REPORT), *paragraphs(TWIN)]
ANSWERER = ExtractiveAnswerer(DOCUMENTS, PASSAGES, bm25_postings([terms(passage.text) for passage in PASSAGES]))


def found(words: str, kind: str = "", score: float = 1.0, **cosines: float) -> Hit:
    """The hit on the passage that holds these words; a keyword is a word of a sentence and its score, others get 0."""
    passage = next(p for p in PASSAGES if words in p.text and kind in ("", p.kind))
    scores = tuple(
        max((cosine for word, cosine in cosines.items() if word in passage.quote(span)), default=0.0)
        for span in passage.sentences
    )
    return Hit(passage, score, dense=score, bm25=0.0, ngram=0.0, sentence_scores=scores)


def compose(question: str, *hits: Hit, status: str = "answered") -> Answer:
    statements, citations = ANSWERER.compose(question, question, hits, status)
    answer = Answer(question, status, statements, citations, tuple(hits))
    assert faults(answer, DOCUMENTS) == []
    return answer


def shown(answer: Answer) -> list[tuple[str, str]]:
    return [(statement.kind, statement.text) for statement in answer.statements]


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


LETTER_INTRO = ("intro", "In de brief “De brief” van 5 september 2023 schrijft NOV:")


# Outcomes


def test_without_hits_the_answer_is_that_it_is_not_there():
    assert shown(compose("Wat is dat?")) == [("notice", NOT_FOUND)]


def test_what_is_not_found_is_not_quoted_but_the_nearest_passages_are_promised():
    answer = compose("Wat is dat?", found("sporthal", Gemeenten=0.9), status="not_found")
    assert shown(answer) == [("notice", f"{NOT_FOUND} {NEAREST}")]
    assert answer.citations == ()


def test_an_answer_is_the_best_sentence_with_who_says_it_and_a_citation():
    answer = compose("Wie betaalt de opleiding?", found("sporthal", Gemeenten=0.9, Vrijwilligers=0.1))
    assert shown(answer) == [LETTER_INTRO, ("quote", "Gemeenten betalen scholing.")]
    start = LETTER.text.index("Gemeenten betalen")
    assert answer.citations == (
        Citation(
            1, "brief.txt", "De brief", "2023-09-05", "NOV", start, start + 27, "Gemeenten betalen scholing.", "Rol"
        ),
    )
    assert answer.text == f"{LETTER_INTRO[1]} “Gemeenten betalen scholing.” [1]"


def test_a_partial_answer_says_so_first():
    answer = compose("Wie betaalt?", found("sporthal", Gemeenten=0.9), status="partial")
    assert shown(answer) == [("notice", PARTIAL), LETTER_INTRO, ("quote", "Gemeenten betalen scholing.")]


def test_the_same_question_gives_the_same_answer():
    hits = (found("sporthal", Gemeenten=0.9), found("moeras", score=0.97, moeras=0.5))
    assert compose("Wie betaalt?", *hits) == compose("Wie betaalt?", *hits)


# Which sentences


def test_of_equal_sentences_the_first_is_taken():
    answer = compose("xqzwvk", found("sporthal", Vrijwilligers=0.0))
    assert quotes(answer)[0].startswith("Vrijwilligers dragen de buurt.")


def test_neighbours_that_fit_nearly_as_well_are_quoted_along():
    """0.4 of 0.5 is enough, less is not."""
    one = compose("xqzwvk", found("sporthal", Vrijwilligers=0.21, Gemeenten=0.5, sporthal=0.19))
    both = compose("xqzwvk", found("sporthal", Vrijwilligers=0.21, Gemeenten=0.5, sporthal=0.21))
    assert quotes(one) == ["Vrijwilligers dragen de buurt. Gemeenten betalen scholing."]
    assert quotes(both) == ["Vrijwilligers dragen de buurt. Gemeenten betalen scholing. De sporthal sluit vroeg."]


def test_an_explanation_takes_neighbours_along_more_easily():
    """0.25 of 0.5 is enough when reasons are asked for."""
    near, far = (found("sporthal", Gemeenten=0.5, sporthal=score) for score in (0.13, 0.12))
    assert quotes(compose("Wie xqzwvk?", near)) == ["Gemeenten betalen scholing."]
    assert quotes(compose("Waarom xqzwvk?", near)) == ["Gemeenten betalen scholing. De sporthal sluit vroeg."]
    assert quotes(compose("Waarom xqzwvk?", far)) == ["Gemeenten betalen scholing."]


def test_a_sentence_that_leans_back_brings_the_one_before_it():
    assert quotes(compose("xqzwvk", found("coach", coach=0.9))) == [f"{FILLER} Daarom krijgt elke club een coach."]


def test_a_first_sentence_that_leans_back_has_nothing_to_bring():
    document = Document("los.txt", "Daarom krijgt elke club een coach. De rest niet.", "Los")
    (passage,) = paragraphs(document)
    answerer = ExtractiveAnswerer({"los.txt": document}, [passage], bm25_postings([terms(passage.text)]))
    _, citations = answerer.compose("xqzwvk", "xqzwvk", [Hit(passage, 1, 1, 0, 0, (0.9, 0.1))], "answered")
    assert [citation.quote for citation in citations] == ["Daarom krijgt elke club een coach."]


def test_a_quotation_grows_no_longer_than_a_reader_wants():
    """Five sentences of 103 characters fit equally well; four of them with the spaces between are 415 <= 420."""
    document = Document("los.txt", " ".join([FILLER] * 5), "Los")
    (passage,) = paragraphs(document)
    answerer = ExtractiveAnswerer({"los.txt": document}, [passage], bm25_postings([terms(passage.text)]))
    _, citations = answerer.compose("xqzwvk", "xqzwvk", [Hit(passage, 1, 1, 0, 0, (0.5,) * 5)], "answered")
    assert len(FILLER) == 103
    assert [citation.quote for citation in citations] == [" ".join([FILLER] * 4)]


def test_the_search_words_decide_what_is_quoted_and_the_question_decides_the_form(monkeypatch):
    def those_with_the_word(search, hit, best, words):
        return [float("sporthal" in search and "sporthal" in hit.passage.quote(span)) for span in hit.passage.sentences]

    monkeypatch.setattr(relevance, "probabilities", those_with_the_word)
    _, citations = ANSWERER.compose("Wanneer?", "Wanneer sluit de sporthal?", [found("sporthal")], "answered")
    assert [citation.quote for citation in citations] == ["De sporthal sluit vroeg."]


# Letterhead and signature


def test_a_short_signature_is_quoted_whole():
    answer = compose("Met wie kan ik bellen?", found("Starrevelt", "signature"))
    assert shown(answer)[1:] == [("quote", "Met vriendelijke groet, Edith Starrevelt Telefoon 06 1092 5712")]


def test_of_a_long_letterhead_the_line_that_fits_is_quoted():
    lines = ["Vereniging Nederlandse Organisaties Vrijwilligerswerk " * 4, "Utrecht, 5 september 2023", "Kenmerk 12"]
    text = "\n\n".join([*(line.strip() for line in lines), "Beste lezer,", FILLER])
    document = Document("lang.txt", text, "Lang", kind="brief", voice="NOV")
    letterhead = split(document)[0]
    answerer = ExtractiveAnswerer({"lang.txt": document}, split(document), bm25_postings([terms(letterhead.text)]))
    hit = Hit(letterhead, 1, 1, 0, 0, (0.2, 0.6, 0.3))
    _, citations = answerer.compose("Van wanneer is de brief?", "Van wanneer is de brief?", [hit], "answered")
    assert letterhead.kind == "letterhead"
    assert [citation.quote for citation in citations] == ["Utrecht, 5 september 2023"]


def test_a_letterhead_is_not_quoted_beside_a_better_passage():
    hits = (found("sporthal", Gemeenten=0.9), found("Plan van aanpak", "letterhead", score=0.99))
    assert quotes(compose("Wie betaalt?", *hits)) == ["Gemeenten betalen scholing."]


# Lists


def test_a_question_for_several_things_gets_the_whole_list_under_one_citation():
    answer = compose("Welke diensten bieden centrales aan?", found("Taalles", Taalles=0.9))
    assert [(s.kind, s.text, s.citations) for s in answer.statements[1:]] == [
        ("lead_in", "Centrales bieden het volgende aan:", (1,)),
        ("item", "Werven van nieuwe leden. Ook online.", (1,)),
        ("item", "Taalles voor nieuwkomers", (1,)),
        ("item", "Verzekering tegen schade", (1,)),
    ]
    (citation,) = answer.citations
    assert citation.quote.startswith("Centrales bieden")
    assert citation.quote.endswith("**schade**")


def test_a_question_for_one_thing_gets_its_item_and_the_lead_in():
    answer = compose("Is er een cursus Nederlands?", found("Taalles", Taalles=0.9))
    assert shown(answer)[1:] == [
        ("lead_in", "Centrales bieden het volgende aan:"),
        ("item", "Taalles voor nieuwkomers"),
    ]
    assert quotes(answer) == ["Centrales bieden het volgende aan:", "Taalles voor nieuwkomers"]


def test_an_item_is_quoted_with_all_its_sentences():
    answer = compose("Kan dat via internet?", found("Taalles", online=0.9))
    assert ("item", "Werven van nieuwe leden. Ook online.") in shown(answer)


def test_when_the_lead_in_fits_best_the_list_it_introduces_is_the_answer():
    answer = compose("Is er een aanbod?", found("Taalles", Centrales=0.9))
    assert [kind for kind, _ in shown(answer)] == ["intro", "lead_in", "item", "item", "item"]


def test_a_quotation_that_ends_in_a_colon_goes_on_with_its_list():
    answer = compose("xqzwvk", found("drie wensen", "paragraph", wensen=0.9))
    assert shown(answer)[1:] == [
        ("lead_in", "Er zijn drie wensen:"),
        ("item", "1. Geld voor clubs"),
        ("item", "2. Rust in de tent"),
        ("item", "3. Regels schrappen"),
    ]
    assert len(answer.citations) == 1


def test_a_quotation_that_ends_in_a_colon_before_no_list_stays_as_it_is():
    document = Document("los.txt", "Dit is het motto:\n\nSamen sterk.", "Los")
    passages = paragraphs(document)
    answerer = ExtractiveAnswerer({"los.txt": document}, passages, bm25_postings([["motto"]]))
    statements, _ = answerer.compose("xqzwvk", "xqzwvk", [Hit(passages[0], 1, 1, 0, 0, (0.9,))], "answered")
    assert statements[1] == Statement("quote", "Dit is het motto:", (1,))


def test_a_table_is_quoted_row_by_row():
    document = Document("tabel.md", f"## Kosten\n\n{FILLER}\n\n| Jaar | Bedrag |\n|---|---|\n| 2022 | 100 |", "Tabel")
    table = split(document)[-1]
    answerer = ExtractiveAnswerer({"tabel.md": document}, split(document), bm25_postings([["jaar"]]))
    hit = [Hit(table, 1, 1, 0, 0, (0.1, 0.9))]
    one, _ = answerer.compose("Hoeveel in 2022?", "Hoeveel in 2022?", hit, "answered")
    every, _ = answerer.compose("Welke bedragen?", "Welke bedragen?", hit, "answered")
    assert [(s.kind, s.text) for s in one[1:]] == [("item", "| 2022 | 100 |")]
    assert [(s.kind, s.text) for s in every[1:]] == [("item", "| Jaar | Bedrag |"), ("item", "| 2022 | 100 |")]


# Which passages


def test_passages_nearly_as_good_are_quoted_too_three_at_most():
    hits = (
        found("sporthal", Gemeenten=0.9),
        found("moeras", score=0.95, moeras=0.9),
        found("grondmotief", score=0.95, liefde=0.9),
        found("kantine", score=0.94, kantine=0.9),
    )
    assert quotes(compose("Wie betaalt?", *hits)) == [
        "Gemeenten betalen scholing.",
        "Deelnemers vinden betaling een moeras.",
        "De onderzoekers zien liefde als grondmotief.",
    ]


def test_a_passage_that_is_clearly_worse_is_left_out():
    """0.4 of the likeliest sentence's chance, 0.36, is enough, less is not."""
    best = found("sporthal", Gemeenten=0.9)
    assert quotes(compose("Wie betaalt?", best, found("moeras", moeras=0.35))) == ["Gemeenten betalen scholing."]
    assert len(quotes(compose("Wie betaalt?", best, found("moeras", moeras=0.37)))) == 2


def test_the_passage_with_the_likeliest_sentence_comes_first():
    answer = compose("Wie betaalt?", found("sporthal", Gemeenten=0.5), found("moeras", score=0.9, moeras=0.9))
    assert quotes(answer) == ["Deelnemers vinden betaling een moeras.", "Gemeenten betalen scholing."]


def test_a_comparison_quotes_more_passages():
    """0.2 of the likeliest sentence's chance, 0.18, is enough, less is not."""
    hits = (
        found("sporthal", Gemeenten=0.9),
        found("moeras", score=0.9, moeras=0.35),
        found("grondmotief", score=0.85, liefde=0.19),
        found("kantine", score=0.83, kantine=0.17),
    )
    assert len(quotes(compose("Wat is het verschil?", *hits))) == 3


def test_a_comparison_quotes_another_document_even_when_it_is_worse():
    hits = (
        found("sporthal", Gemeenten=0.9),
        found("kantine", score=0.99, kantine=0.9),
        found("moeras", score=0.2, moeras=0.1),
        found("grondmotief", score=0.1, liefde=0.1),
    )
    answer = compose("Wat is het verschil tussen beide?", *hits)
    assert {citation.document for citation in answer.citations} == {"brief.txt", "verslag.txt"}
    assert len(answer.citations) == 3


def test_a_comparison_in_one_document_stays_there():
    hits = (found("sporthal", Gemeenten=0.9), found("kantine", score=0.99, kantine=0.9))
    assert {c.document for c in compose("Wat is het verschil?", *hits).citations} == {"brief.txt"}


def test_what_two_documents_say_in_the_same_words_is_quoted_once():
    hits = (found("sporthal", Vrijwilligers=0.9), found(TWIN.text, score=0.99, Vrijwilligers=0.9))
    twin = Hit(PASSAGES[-1], 0.99, 0.99, 0.0, 0.0, (0.9,))
    assert quotes(compose("xqzwvk", hits[0], twin)) == ["Vrijwilligers dragen de buurt."]


def test_no_place_of_a_document_is_quoted_twice():
    paragraph = found("drie wensen", "paragraph", wensen=0.9)
    list_itself = found("Rust in de tent", "list", score=0.99, Rust=0.9)
    assert len(quotes(compose("xqzwvk", paragraph, list_itself))) == 1


# Order and introductions


def test_quotations_of_one_document_come_in_its_order_under_one_introduction():
    hits = (found("kantine", kantine=0.9), found("sporthal", score=0.99, Gemeenten=0.9))
    assert shown(compose("xqzwvk", *hits)) == [
        LETTER_INTRO,
        ("quote", "Gemeenten betalen scholing."),
        ("quote", "De kantine gaat open."),
    ]


def test_the_document_of_the_best_passage_comes_first_and_numbers_go_up():
    answer = compose("xqzwvk", found("moeras", moeras=0.9), found("sporthal", score=0.99, Gemeenten=0.9))
    assert [(citation.number, citation.document) for citation in answer.citations] == [
        (1, "verslag.txt"),
        (2, "brief.txt"),
    ]


def test_two_voices_in_one_document_are_introduced_apart():
    answer = compose("xqzwvk", found("moeras", moeras=0.9), found("grondmotief", score=0.99, liefde=0.9))
    assert [text for kind, text in shown(answer) if kind == "intro"] == [
        "Volgens deelnemers kenniscafé, in het verslag “Het verslag” van 17 november 2022:",
        "Volgens onderzoekers van Verwonderzoek, in hetzelfde verslag:",
    ]


@pytest.mark.parametrize(
    ("fields", "voice", "text"),
    [
        ({"kind": "brief", "voice": "NOV"}, "NOV", "In de brief “T” schrijft NOV:"),
        ({"kind": "brief", "voice": "NOV"}, "VNG", "Volgens VNG, in de brief “T”:"),
        ({"kind": "verslag"}, "verslag kenniscafé", "In het verslag “T” staat:"),
        ({"kind": "verslag", "date": "2022-11-17"}, "", "In het verslag “T” van 17 november 2022 staat:"),
        ({"kind": "webpagina", "voice": "NOV"}, "NOV", "Volgens NOV, in de webpagina “T”:"),
        ({}, "", "In het document “T” staat:"),
        ({"voice": "NOV"}, "NOV", "Volgens NOV, in het document “T”:"),
    ],
)
def test_an_introduction_says_who_where_and_when(fields, voice, text):
    assert introduction(Document("t.txt", "", "T", **fields), voice) == text


@pytest.mark.parametrize(
    "kind",
    ["verslag", "rapport", "advies", "standpunt", "beleidsplan", "jaarverslag", "persbericht", "onderzoek", "Verslag"],
)
def test_a_neuter_kind_of_document_gets_het(kind):
    assert introduction(Document("t.txt", "", "T", kind=kind), "") == f"In het {kind} “T” staat:"


@pytest.mark.parametrize("kind", ["brief", "notitie", "handreiking", "nieuwsbrief", "presentatie"])
def test_another_kind_of_document_gets_de(kind):
    assert introduction(Document("t.txt", "", "T", kind=kind), "") == f"In de {kind} “T” staat:"


def test_a_document_that_was_introduced_before_is_not_named_in_full_again():
    report = Document("t.txt", "", "T", kind="verslag", date="2022-11-17")
    assert introduction(report, "deelnemers", again=True) == "Volgens deelnemers, in hetzelfde verslag:"
    letter = Document("t.txt", "", "T", kind="brief", date="2022-11-17", voice="NOV")
    assert introduction(letter, "NOV", again=True) == "In dezelfde brief schrijft NOV:"


def test_a_question_that_fits_the_lead_in_nearly_as_well_as_an_item_gets_the_whole_list():
    """0.6 of the best item's score is enough, less is not."""
    document = Document("lijst.md", "Neem mee:\n\n- een pas\n- een jas\n- een tas\n", "Lijst")
    (passage,) = split(document)
    answerer = ExtractiveAnswerer({"lijst.md": document}, [passage], bm25_postings([["jas"]]))

    def kinds(lead_in: float) -> list[str]:
        hit = Hit(passage, 1, 1, 0, 0, (lead_in, 0.2, 0.9, 0.2))
        statements, _ = answerer.compose("Wie xqzwvk?", "Wie xqzwvk?", [hit], "answered")
        return [statement.kind for statement in statements]

    assert kinds(0.55) == ["intro", "lead_in", "item", "item", "item"]
    assert kinds(0.53) == ["intro", "lead_in", "item"]


def test_a_list_further_down_the_answer_gives_one_item_unless_a_list_is_asked():
    document = Document("lijst.md", "Neem mee:\n\n- een pas\n- een jas\n\nDe bus gaat om negen uur.\n", "Lijst")
    listing, bus = split(document)
    answerer = ExtractiveAnswerer({"lijst.md": document}, [listing, bus], bm25_postings([["jas"]]))
    hits = [Hit(bus, 1.0, 1, 0, 0, (0.9,)), Hit(listing, 0.99, 1, 0, 0, (0.8, 0.2, 0.9))]
    one, _ = answerer.compose("Wie xqzwvk?", "Wie xqzwvk?", hits, "answered")
    every, _ = answerer.compose("Welke dingen xqzwvk?", "Welke dingen xqzwvk?", hits, "answered")
    assert [statement.text for statement in one if statement.kind == "item"] == ["een jas"]
    assert [statement.text for statement in every if statement.kind == "item"] == ["een pas", "een jas"]


def test_a_question_for_one_speaker_quotes_nobody_else_but_a_comparison_does():
    hits = (replace(found("moeras", moeras=0.9), named=True), found("sporthal", score=0.99, Gemeenten=0.95))
    voices = [citation.voice for citation in compose("Wat vinden de deelnemers ervan?", *hits).citations]
    assert voices == ["deelnemers kenniscafé"]
    both = compose("Wat is het verschil tussen wat deelnemers vinden en wat NOV vindt?", *hits).citations
    assert {citation.voice for citation in both} == {"deelnemers kenniscafé", "NOV"}
