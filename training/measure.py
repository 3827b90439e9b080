"""Measures retrieval: on written documents that no training reads, and on the fixed questions.

    python training/measure.py --encoder build/teacher assistant/models/encoder --part test
    python training/measure.py --fixed

All passages of all documents of the part are in one index. A passage is right when it holds at least half of the
answering text. Prints a Markdown table: hit@1/3/5 and MRR@10 with a 95% bootstrap interval, and the same for the
paraphrased questions. Follow-up questions of the written documents are asked with the document's title in front.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml
from pairs import Pair, WrittenDocument, load
from tqdm import tqdm

from assistant.evaluation.intervals import bootstrap_mean
from assistant.evaluation.metrics import first_ranks, hit_at_k, reciprocal_rank
from assistant.evaluation.questions import Gold, load_questions
from assistant.pipeline import Assistant, build_index
from assistant.schema import Hit, Span
from assistant.settings import ROOT, load_settings

WAYS: dict[str, Callable[[Hit], float]] = {
    "BM25": lambda hit: hit.bm25,
    "character n-grams": lambda hit: hit.ngram,
    "encoder": lambda hit: hit.dense,
    "late interaction": lambda hit: hit.late,
    "gated fusion": lambda hit: hit.score,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the places that answer it, what sort of question it is, and what was asked before it."""

    question: str
    gold: tuple[Gold, ...]
    style: str
    history: tuple[str, ...] = ()


def open_index(documents: Sequence[WrittenDocument], folder: Path, encoder: str = "") -> Assistant:
    """An assistant on these written documents as a corpus."""
    (folder / "corpus/documents").mkdir(parents=True)
    known = {}
    for document in documents:
        (folder / f"corpus/documents/{document.id}.md").write_text(document.text, encoding="utf-8")
        fields = {"title": document.title, "kind": document.kind, "date": document.date, "voice": document.voice}
        known[f"{document.id}.md"] = fields
    (folder / "corpus/documents.yaml").write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    settings = load_settings(corpus=folder / "corpus", index=folder / "index", encoder=encoder)
    build_index(settings)
    return Assistant.open(settings)


def asked(document: WrittenDocument, pair: Pair) -> str:
    """The question as a user would have to ask it without what went before."""
    return f"{document.title} {pair.question}" if pair.style == "followup" else pair.question


def written(documents: Sequence[WrittenDocument]) -> list[Case]:
    """The answerable questions of written documents."""
    return [
        Case(
            asked(document, pair),
            (Gold(f"{document.id}.md", document.text[pair.start : pair.end], (Span(pair.start, pair.end),)),),
            pair.style,
        )
        for document in documents
        for pair in document.pairs
    ]


def fixed(assistant: Assistant) -> list[Case]:
    """The answerable questions of the fixed set."""
    questions = load_questions(ROOT / "corpus/questions.jsonl", assistant.documents)
    return [Case(q.question, q.gold, q.category, q.history) for q in questions if q.answerable]


def ranked(assistant: Assistant, cases: Sequence[Case]) -> dict[str, list[list[int | None]]]:
    """For every way of ranking, the ranks of the gold places of every case."""
    everything = len(assistant.passages)
    ranks: dict[str, list[list[int | None]]] = {name: [] for name in WAYS}
    for case in tqdm(cases, unit=" questions"):
        hits = assistant.search(case.question, top_k=everything, history=case.history)
        for name, way in WAYS.items():
            ordered = sorted(hits, key=lambda hit: (-way(hit), hit.passage.id))
            ranks[name].append(first_ranks([hit.passage for hit in ordered], case.gold))
    return ranks


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", nargs="+", default=[""], help="folders of encoders; the built-in one by default")
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--files", default="", help="only written documents of these files: the letters of their ids")
    parser.add_argument("--fixed", action="store_true", help="the fixed questions in place of written documents")
    options = parser.parse_args()
    documents = [d for d in load() if d.part == options.part and (not options.files or d.id[0] in options.files)]
    print("| encoder | ranked by | n | hit@1 | hit@3 | hit@5 | MRR@10 | paraphrase hit@5 | paraphrase MRR@10 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for encoder in options.encoder:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if options.fixed:
                settings = load_settings(index=folder / "index", encoder=encoder)
                build_index(settings)
                assistant = Assistant.open(settings)
            else:
                assistant = open_index(documents, folder, encoder)
            with closing(assistant):
                cases = fixed(assistant) if options.fixed else written(documents)
                for way, ranks in ranked(assistant, cases).items():
                    cells = " | ".join(_cells(ranks, [case.style == "paraphrase" for case in cases]))
                    print(f"| {Path(encoder).name or 'built in'} | {way} | {len(cases)} | {cells} |", flush=True)


def _cells(ranks: Sequence[Sequence[int | None]], paraphrased: Sequence[bool]) -> list[str]:
    some = [row for row, chosen in zip(ranks, paraphrased, strict=True) if chosen]
    cells = [_estimate([hit_at_k(row, k) for row in ranks]) for k in (1, 3, 5)]
    cells.append(_estimate([reciprocal_rank(row) for row in ranks]))
    return [*cells, _estimate([hit_at_k(row, 5) for row in some]), _estimate([reciprocal_rank(row) for row in some])]


def _estimate(values: Sequence[float]) -> str:
    estimate = bootstrap_mean(values)
    return f"{estimate.mean:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


if __name__ == "__main__":
    main()
