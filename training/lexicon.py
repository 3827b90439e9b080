"""What Dutch words are in English: the hand-written lexicon, a free dictionary, and words aligned in sentence pairs."""

from __future__ import annotations

import gzip
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import simplemma
import wordfreq
from tqdm import tqdm

DATA = Path(__file__).parent / "data"
FREEDICT = Path("/usr/share/dictd/freedict-nld-eng.dict.dz")
"""Of Debian's package dict-freedict-nld-eng; used when it is there."""

Translations = dict[str, dict[str, float]]
"""English words and phrases of a Dutch word, with weights that add up to how sure they are together."""

_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_RANK_WEIGHTS = (1.0, 0.4, 0.25)
_SURE = {"lexicon": 2.0, "aligned": 1.0, "freedict": 0.7, "inflected": 0.8}


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return _TOKEN.findall(text.lower())


def hand_written(path: Path = DATA / "lexicon.tsv") -> dict[str, list[str]]:
    """The lexicon that belongs to this project: a Dutch word and its English translations, the most usual first."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {word: english.split("; ") for word, english in rows}


def freedict(path: Path = FREEDICT) -> dict[str, list[str]]:
    """FreeDict's Dutch-English dictionary; empty where it is not installed."""
    if not path.exists():
        return {}
    found: dict[str, list[str]] = {}
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    for head, line in itertools.pairwise(lines):
        match = re.fullmatch(r"([^\s/]+) /[^/]*/.*", head)
        if match and line.strip():
            english = [re.sub(r"^\d+\.\s*", "", part).strip().lower() for part in re.split("[,;]", line)]
            found.setdefault(match[1].replace("ĳ", "ij").lower(), [part for part in english if part][:3])
    return found


def aligned(pairs: Sequence[tuple[str, str]], rounds: int = 5) -> Translations:
    """Words that translate each other in sentence pairs.

    IBM model 1 (Brown et al. 1993) in both directions; a translation weighs the geometric mean of both probabilities.
    """
    split = [(tokens(dutch), tokens(english)) for dutch, english in pairs]
    counts = Counter(word for dutch, _ in split for word in dutch)
    forward = _ibm1([(["", *dutch], english) for dutch, english in split], rounds)
    backward = _ibm1([(["", *english], dutch) for dutch, english in split], rounds)
    found: Translations = {}
    for word, probabilities in forward.items():
        if counts[word] >= 2:
            both = {e: math.sqrt(p * backward.get(e, {}).get(word, 0)) for e, p in probabilities.items()}
            kept = {e: weight * min(1, counts[word] / 4) for e, weight in both.items() if weight > 0.15}
            if kept:
                found[word] = kept
    return found


def _ibm1(pairs: Sequence[tuple[list[str], list[str]]], rounds: int) -> Translations:
    table: Translations | None = None
    for _ in tqdm(range(rounds), desc="word alignment"):
        counts: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for source, target in pairs:
            rows = [table.get(word, {}) for word in source] if table else []
            for other in target:
                weights = [row.get(other, 1e-9) for row in rows] if table else [1.0] * len(source)
                total = sum(weights)
                for word, weight in zip(source, weights, strict=True):
                    if weight > 1e-3 * total:
                        counts[word][other] += weight / total
        table = {}
        for word, row in counts.items():
            total = sum(row.values())
            table[word] = {other: count / total for other, count in row.items() if count > 1e-4 * total}
    return table or {}


def translations(pairs: Sequence[tuple[str, str]]) -> Translations:
    """All that is known: hand-written first, then aligned, then the dictionary, then inflections of these."""
    known: Translations = {}
    for name, source in (("freedict", freedict()), ("lexicon", hand_written())):
        for word, english in source.items():
            weights = _RANK_WEIGHTS[: len(english)]
            known[word] = {e: _SURE[name] * w / sum(weights) for e, w in zip(english, weights, strict=False)}
    for word, row in aligned(pairs).items():
        mixed = Counter(known.get(word, {}))
        mixed.update({e: _SURE["aligned"] * weight for e, weight in row.items()})
        known[word] = dict(mixed)
    for word in list(wordfreq.get_frequency_dict("nl", wordlist="best"))[:150_000]:
        if word not in known and word.isalpha():
            lemma = simplemma.lemmatize(word, lang="nl").lower()
            if lemma in known:
                known[word] = {e: _SURE["inflected"] * weight for e, weight in known[lemma].items()}
    return known


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Dutch-English sentence pairs of a file with one tab-separated pair a line."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(dutch, english) for dutch, english in rows]


def score(mapping: Mapping[str, float]) -> float:
    """How sure a word's translations are together."""
    return sum(mapping.values())
