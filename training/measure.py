"""Measures retrieval on the written documents that are held back, for one or more encoders.

    python training/measure.py assistant/models/encoder build/encoder

All passages of all held-back documents are in one index. A passage is right when it holds at least half of the
answering sentence. Prints a Markdown table: hit@1/3/5 and MRR@10 with a 95% bootstrap interval, and the same for the
paraphrased questions. Follow-up questions are asked with the document's title in front.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pairs import Pair, WrittenDocument, load

from assistant.evaluation.intervals import bootstrap_mean
from assistant.pipeline import Assistant, build_index
from assistant.schema import Hit
from assistant.settings import load_settings

WAYS: dict[str, Callable[[Hit], float]] = {
    "BM25": lambda hit: hit.bm25,
    "character n-grams": lambda hit: hit.ngram,
    "encoder, whole passage and best sentence": lambda hit: hit.dense,
    "gated fusion": lambda hit: hit.score,
}


def open_index(documents: Sequence[WrittenDocument], folder: Path, encoder: str = "") -> Assistant:
    """An assistant on these written documents as a corpus."""
    (folder / "corpus").mkdir(parents=True)
    for document in documents:
        (folder / "corpus" / f"{document.id}.md").write_text(document.text, encoding="utf-8")
    settings = load_settings(corpus=folder / "corpus", index=folder / "index", encoder=encoder)
    build_index(settings)
    return Assistant.open(settings)


def asked(document: WrittenDocument, pair: Pair) -> str:
    """The question as a user would have to ask it without what went before."""
    return f"{document.title} {pair.question}" if pair.style == "followup" else pair.question


def rank(hits: Sequence[Hit], way: Callable[[Hit], float], document: str, pair: Pair) -> int:
    """The place of the first right passage in an order, from 1; 0 if it is not among them."""
    ordered = sorted(hits, key=lambda hit: (-way(hit), hit.passage.id))
    for place, hit in enumerate(ordered, start=1):
        shared = min(hit.passage.end, pair.end) - max(hit.passage.start, pair.start)
        if hit.passage.document == document and shared >= (pair.end - pair.start) / 2:
            return place
    return 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoders", nargs="+", help="folders of encoders")
    options = parser.parse_args()
    documents = [document for document in load() if document.held_back]
    print("| encoder | ranked by | n | hit@1 | hit@3 | hit@5 | MRR@10 | paraphrase hit@5 | paraphrase MRR@10 |")
    print("|---|---|---|---|---|---|---|---|---|")
    for encoder in options.encoders:
        with tempfile.TemporaryDirectory() as folder:
            assistant = open_index(documents, Path(folder), encoder)
            for name, row in _rows(assistant, documents).items():
                print(f"| {Path(encoder).name} | {name} | {row}", flush=True)
            assistant.close()


def _rows(assistant: Assistant, documents: Sequence[WrittenDocument]) -> dict[str, str]:
    everything = len(assistant.passages)
    ranks: dict[str, list[tuple[int, bool]]] = {name: [] for name in WAYS}
    for document in documents:
        for pair in document.pairs:
            hits = assistant.search(asked(document, pair), top_k=everything)
            for name, way in WAYS.items():
                place = rank(hits, way, f"{document.id}.md", pair)
                ranks[name].append((place, pair.style == "paraphrase"))
    return {name: _cells(places) for name, places in ranks.items()}


def _cells(places: Sequence[tuple[int, bool]]) -> str:
    every = [place for place, _ in places]
    paraphrased = [place for place, paraphrase in places if paraphrase]
    cells = [str(len(every)), *(_hit(every, k) for k in (1, 3, 5)), _reciprocal(every)]
    return " | ".join([*cells, _hit(paraphrased, 5), _reciprocal(paraphrased)]) + " |"


def _hit(places: Sequence[int], k: int) -> str:
    return _estimate([float(0 < place <= k) for place in places])


def _reciprocal(places: Sequence[int]) -> str:
    return _estimate([1 / place if 0 < place <= 10 else 0.0 for place in places])


def _estimate(values: Sequence[float]) -> str:
    estimate = bootstrap_mean(values)
    return f"{estimate.mean:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


if __name__ == "__main__":
    main()
