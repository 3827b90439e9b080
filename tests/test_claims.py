"""Statements for and against a claim."""

import csv

import pytest

from assistant.claims import read_claim, side
from assistant.dutch import stem
from assistant.settings import ROOT

LINES = (ROOT / "training/data/claims.tsv").read_text(encoding="utf-8").splitlines()
ROWS = list(csv.DictReader(LINES, delimiter="\t", quoting=csv.QUOTE_NONE))


def sided(claim: str, statement: str) -> str:
    read = read_claim(claim)
    return side(read, statement) if read else ""


@pytest.mark.parametrize(
    "text", ["betaling van vrijwilligers", "Is NOV voor betaling?", "Wat moet de gemeente doen?", "", "?!"]
)
def test_a_subject_or_a_question_is_no_claim(text):
    assert read_claim(text) is None


def test_a_claim_is_read_without_who_holds_it():
    assert read_claim("NOV is tegen betaling van vrijwilligers").subject == ("betaling", "vrijwilligers")


@pytest.mark.parametrize(
    ("claim", "statement", "expected"),
    [
        ("NOV is voor betaling van vrijwilligers", "Wij zijn tegen betaling van vrijwilligers.", "tegen"),
        ("NOV is tegen betaling van vrijwilligers", "Wij zijn tegen betaling van vrijwilligers.", "voor"),
        ("De toeslag moet blijven", "Afschaffing van de toeslag wijzen wij af.", "voor"),
        ("De toeslag moet weg", "Afschaffing van de toeslag wijzen wij af.", "tegen"),
        ("NOV is tegen een quotum", "Tegen een quotum hebben wij geen bezwaar.", "onduidelijk"),
        ("NOV wil een quotum", "Over een quotum lopen de meningen uiteen.", "onduidelijk"),
        ("NOV wil een quotum", "De subsidie moet omhoog.", "onduidelijk"),
        ("NOV wil een quotum", "Wij verzetten ons niet tegen een quotum.", "onduidelijk"),
        ("NOV is tegen een quotum", "Wij verzetten ons niet tegen een quotum.", "tegen"),
    ],
)
def test_the_side_of_a_statement(claim, statement, expected):
    assert sided(claim, statement) == expected


def test_a_statement_that_shares_only_a_common_word_with_a_claim_is_not_about_it():
    """'vrijwilligers' weighs a quarter of 'betaald', so that it alone is a fifth of the claim."""
    weights = {stem("vrijwilligers"): 0.5, stem("betaald"): 2.0}
    claim = read_claim("Vrijwilligers moeten betaald worden", weights.__getitem__)
    assert side(claim, "Vrijwilligers moeten meer waardering krijgen.") == "onduidelijk"
    assert side(claim, "Wij vinden dat vrijwilligers betaald moeten worden.") == "voor"


@pytest.mark.parametrize("ending", ["5", "0"])
def test_what_gets_a_side_gets_the_one_that_a_person_gave_it(ending):
    """At least half of the statements that have a side get it, and at most one in twenty a wrong one."""
    rows = [row for row in ROWS if row["document"].endswith(ending)]
    given = [(row["side"], sided(row["claim"], row["statement"])) for row in rows]
    told = [(true, found) for true, found in given if found in ("voor", "tegen")]
    right = sum(true == found for true, found in told)
    assert len(rows) >= 40
    assert right / len(told) >= 0.95
    assert right / sum(true != "onduidelijk" for true, _ in given) >= 0.5
