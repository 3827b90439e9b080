"""Abbreviations and synonyms: what a question also means, from a file and from the documents themselves."""

import pytest

from assistant.errors import CorpusError
from assistant.glossary import Expansion, Glossary, harvest, load_glossary

OURS = Glossary(
    {"SPUK": ("Specifieke Uitkering",), "IZA": ("Integraal Zorgakkoord", "Integraal Zorg Akkoord")},
    (("gemeente", "lokale overheid"), ("rijk", "rijksoverheid", "landelijke overheid")),
)


def written(tmp_path, text):
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    return path


# Expansions


def test_an_abbreviation_means_each_of_its_full_forms():
    assert OURS.expansions("Wat is het IZA?") == (
        Expansion("IZA", "Integraal Zorgakkoord"),
        Expansion("IZA", "Integraal Zorg Akkoord"),
    )


def test_a_full_form_means_its_abbreviation():
    assert OURS.expansions("Hoe hoog is de specifieke uitkering?") == (Expansion("Specifieke Uitkering", "SPUK"),)


@pytest.mark.parametrize("question", ["spuk", "de SPUK-regeling", "(Spuk)", "SPUK?"])
def test_case_and_punctuation_do_not_matter(question):
    assert OURS.expansions(question) == (Expansion("SPUK", "Specifieke Uitkering"),)


def test_what_is_said_already_is_not_said_again():
    assert OURS.expansions("Is de SPUK een specifieke uitkering?") == ()


def test_a_phrase_means_the_others_of_its_group():
    assert OURS.expansions("Wat doet het rijk?") == (
        Expansion("rijk", "rijksoverheid"),
        Expansion("rijk", "landelijke overheid"),
    )


def test_only_whole_words_count():
    assert OURS.expansions("Een verrijkende spukken-avond voor de gemeenteraad") == ()


@pytest.mark.parametrize("question", ["", "?!", "👍", "lokale en centrale overheid"])
def test_nothing_known_means_nothing_more(question):
    assert OURS.expansions(question) == ()


def test_one_question_can_hold_several():
    found = {(item.found, item.meaning) for item in OURS.expansions("Krijgt de gemeente een SPUK?")}
    assert found == {("SPUK", "Specifieke Uitkering"), ("gemeente", "lokale overheid")}


# Merging


def test_what_people_wrote_goes_before_what_documents_say():
    merged = OURS.merged({"Spuk": ("Sport uit Kampen",), "NOV": ("Nederlandse Organisaties Vrijwilligerswerk",)})
    assert merged.abbreviations == {**OURS.abbreviations, "NOV": ("Nederlandse Organisaties Vrijwilligerswerk",)}
    assert merged.synonyms == OURS.synonyms


def test_merging_leaves_the_first_glossary_as_it_was():
    OURS.merged({"NOV": ("x",)})
    assert set(OURS.abbreviations) == {"SPUK", "IZA"}


# The file


def test_the_file_is_read(tmp_path):
    path = written(tmp_path, "abbreviations:\n  SPUK: [Specifieke Uitkering]\nsynonyms:\n  - [rijk, rijksoverheid]\n")
    assert load_glossary(path) == Glossary({"SPUK": ("Specifieke Uitkering",)}, (("rijk", "rijksoverheid"),))


def test_an_abbreviation_of_digits_is_text(tmp_path):
    assert load_glossary(written(tmp_path, "abbreviations:\n  112: [alarmnummer]\n")).abbreviations == {
        "112": ("alarmnummer",)
    }


@pytest.mark.parametrize("text", ["", "# alleen uitleg\n", "abbreviations:\nsynonyms:\n"])
def test_an_empty_file_is_an_empty_glossary(tmp_path, text):
    assert load_glossary(written(tmp_path, text)) == Glossary({})


def test_a_missing_file_is_an_empty_glossary(tmp_path):
    assert load_glossary(tmp_path / "glossary.yaml") == Glossary({})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abbreviations: [", "geen geldige YAML"),
        ("- SPUK\n", "alleen de kopjes"),
        ("afkortingen:\n  SPUK: [x]\n", "alleen de kopjes"),
        ("abbreviations: [SPUK]\n", "onder 'abbreviations'"),
        ("abbreviations:\n  SPUK: Specifieke Uitkering\n", "onder 'abbreviations'"),
        ("abbreviations:\n  SPUK: []\n", "onder 'abbreviations'"),
        ("abbreviations:\n  SPUK: ['?!']\n", "onder 'abbreviations'"),
        ("synonyms: {rijk: [staat]}\n", "onder 'synonyms'"),
        ("synonyms:\n  - rijk\n", "onder 'synonyms'"),
        ("synonyms:\n  - [rijk, 3]\n", "onder 'synonyms'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_the_reason(tmp_path, text, message):
    path = written(tmp_path, text)
    with pytest.raises(CorpusError) as error:
        load_glossary(path)
    assert str(path) in str(error.value)
    assert message in str(error.value)


def test_a_file_that_is_no_utf8_is_refused(tmp_path):
    path = tmp_path / "glossary.yaml"
    path.write_bytes(b"synonyms:\n  - [caf\xe9, kroeg]\n")
    with pytest.raises(CorpusError, match="geen geldige YAML"):
        load_glossary(path)


# Harvest


@pytest.mark.parametrize(
    ("text", "short", "full"),
    [
        ("het bijbehorende Gezond en Actief Leven Akkoord (GALA) veel", "GALA", "Gezond en Actief Leven Akkoord"),
        ("Het Integraal Zorg akkoord (IZA) De inzet", "IZA", "Integraal Zorg akkoord"),
        ("de zogenoemde Brede Specifieke Uitkering (SPUK).", "SPUK", "Specifieke Uitkering"),
        ("Volksgezondheid, Welzijn en Sport (VWS)", "VWS", "Volksgezondheid Welzijn en Sport"),
        ("het landelijk kenniscentrum vrijwillige inzet (LKVI)", "LKVI", "landelijk kenniscentrum vrijwillige inzet"),
        ("Sociaal en Cultureel Planbureau (SCP)", "SCP", "Sociaal en Cultureel Planbureau"),
    ],
)
def test_a_text_that_explains_an_abbreviation_teaches_it(text, short, full):
    assert harvest([text]) == {short: (full,)}


def test_the_long_form_starts_at_a_capital_of_the_name_not_at_a_small_word_in_it():
    assert harvest(["de Vereniging van Nederlandse Gemeenten (VNG)"]) == {
        "VNG": ("Vereniging van Nederlandse Gemeenten",)
    }


@pytest.mark.parametrize(
    "text",
    [
        "gezondheid en actief leven (GALA)",
        "(GALA) aan het begin",
        "het overleg (Utrecht) gaat door",
        "Gezond Actief Leven\nAkkoord (GALA)",
        "het vrijwillige karakter (XYZ)",
        "GALA (GALA)",
        "zie bijlage (1) en (a)",
        "",
    ],
)
def test_a_bracket_that_explains_nothing_teaches_nothing(text):
    assert harvest([text]) == {}


def test_a_letter_that_folds_into_two_is_left_alone():
    assert harvest(["Straßen Bau Amt (SBA)"]) == {}


def test_full_forms_of_several_texts_are_kept_in_order_and_once():
    texts = [
        "Integraal Zorg Akkoord (IZA)",
        "Sociaal Werk (SW), Integraal Zorgakkoord (IZA)",
        "Integraal Zorg Akkoord (IZA)",
    ]
    assert harvest(texts) == {"IZA": ("Integraal Zorg Akkoord", "Integraal Zorgakkoord"), "SW": ("Sociaal Werk",)}
    assert list(harvest(texts)) == ["IZA", "SW"]


def test_only_abbreviations_are_explained_each_with_one_full_form():
    assert OURS.explained("Wat kost het IZA het rijk?") == {"IZA": "Integraal Zorgakkoord"}
    assert OURS.explained("Hoe hoog is de specifieke uitkering?") == {"SPUK": "Specifieke Uitkering"}
    assert OURS.explained("Wat doet het rijk?") == {}
