"""Measures how statements are put for or against a claim (`assistant/claims.py`).

    python training/claims.py --part validation --show

`data/claims.tsv` holds claims with a verbatim statement of a written document and the side a person gave it. The words
were chosen on the documents whose number ends in 5 (validation); those that end in 0 (test) check them.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter

from pairs import DATA

from assistant.claims import read_claim, side


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--show", action="store_true", help="print every statement that was not put where it belongs")
    options = parser.parse_args()
    ending = {"validation": "5", "test": "0"}[options.part]
    found: Counter[tuple[str, str]] = Counter()
    with (DATA / "claims.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["document"].endswith(ending):
                claim = read_claim(row["claim"])
                given = side(claim, row["statement"]) if claim else "onduidelijk"
                found[row["side"], given] += 1
                if options.show and given != row["side"]:
                    print(f"{row['side']} -> {given}: {row['claim']} | {row['statement']}")
    sided = sum(n for (_, given), n in found.items() if given != "onduidelijk")
    right = found["voor", "voor"] + found["tegen", "tegen"]
    clear = sum(n for (true, _), n in found.items() if true != "onduidelijk")
    print(f"{found.total()} claims with a statement; {clear} have a side")
    print(f"given a side: {sided}, of which right: {right} ({right / sided:.2f}); found: {right / clear:.2f}")
    print(f"put on the opposite side: {found['voor', 'tegen'] + found['tegen', 'voor']}")


if __name__ == "__main__":
    main()
