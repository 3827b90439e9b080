"""Measures our search beside LlamaIndex out of the box, on the same documents and questions, with the same encoder.

    python benchmarks/stock_llamaindex.py [--questions FILE] [--corpus DIR] [--out FILE]

Stock: SentenceSplitter with 160 tokens and an overlap of 20, VectorStoreIndex, bm25s with Dutch stop words and stemmer,
and QueryFusionRetriever's reciprocal rank fusion of the two. Follow-up questions get the earlier turns in front. Since
passages differ in length, hits are also counted within the first characters that a reader sees; of ours the headings
and lead-ins count as read, but not as found.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

import bm25s
import Stemmer
from llama_index.core import Document as LlamaDocument
from llama_index.core import VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import Field

from assistant.encoder import load_encoder
from assistant.evaluation import metrics
from assistant.evaluation.evaluate import LOW_OVERLAP
from assistant.evaluation.formatting import number, table
from assistant.evaluation.intervals import Estimate, bootstrap_difference, bootstrap_mean
from assistant.evaluation.questions import Question, load_questions
from assistant.pipeline import Assistant, build_index
from assistant.schema import Document, Hit
from assistant.settings import ROOT, Settings, load_settings

CHUNK_TOKENS = 160
CHUNK_OVERLAP = 20
TOP_K = 10
BUDGETS = (1_000, 2_500)
OURS = "deze assistent"

Shown = Sequence[tuple[metrics.Place, int]]
"""Places, best first, each with the number of characters shown before it."""
Search = Callable[[Question], Shown]


class EncoderEmbedding(BaseEmbedding):  # type: ignore[misc]
    """Our encoder as LlamaIndex wants it."""

    encoder: Any = Field(exclude=True)

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = self.encoder.encode_queries([query])[0].tolist()
        return vector

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encoder.encode_passages(texts).tolist()
        return vectors


class Bm25Retriever(BaseRetriever):  # type: ignore[misc]
    """What llama-index-retrievers-bm25 does; that package cannot be installed beside PyStemmer 3.

    'dutch_porter' is what PyStemmer 2, which it asks for, calls 'dutch'. Chunks without a word of the question, which
    bm25s adds to fill up the list, are left out.
    """

    def __init__(self, nodes: Sequence[TextNode]) -> None:
        super().__init__()
        self._nodes = nodes
        self._stemmer = Stemmer.Stemmer("dutch_porter")
        self._index = bm25s.BM25()
        self._index.index(self._tokens([node.text for node in nodes]), show_progress=False)

    def _tokens(self, texts: list[str]) -> Any:
        return bm25s.tokenize(texts, stopwords="dutch", stemmer=self._stemmer, show_progress=False)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        k = min(TOP_K, len(self._nodes))
        rows, scores = self._index.retrieve(self._tokens([query_bundle.query_str]), k=k, show_progress=False)
        return [
            NodeWithScore(node=self._nodes[row], score=float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if score > 0
        ]


def stock_systems(documents: Mapping[str, Document], encoder: Any) -> dict[str, Search]:
    """LlamaIndex out of the box: dense, BM25, and both fused."""
    splitter = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=CHUNK_OVERLAP)
    nodes = splitter.get_nodes_from_documents([LlamaDocument(text=d.text, id_=d.name) for d in documents.values()])
    for node in nodes:
        if documents[node.ref_doc_id].text[node.start_char_idx : node.end_char_idx] != node.text:
            raise ValueError(f"the splitter lost the place of a chunk of {node.ref_doc_id}")
    index = VectorStoreIndex(nodes, embed_model=EncoderEmbedding(encoder=encoder))
    dense = index.as_retriever(similarity_top_k=TOP_K)
    words = Bm25Retriever(nodes)
    fused = QueryFusionRetriever(
        [dense, words],
        llm=MockLLM(),
        mode="reciprocal_rerank",
        similarity_top_k=TOP_K,
        num_queries=1,
        use_async=False,
    )
    return {
        "LlamaIndex, betekenis (vectoren)": _stock_search(dense),
        "LlamaIndex, woorden (bm25)": _stock_search(words),
        "LlamaIndex, beide (rrf)": _stock_search(fused),
    }


def _stock_search(retriever: BaseRetriever) -> Search:
    def search(question: Question) -> Shown:
        found = retriever.retrieve(" ".join((*question.history, question.question)))
        nodes = [item.node for item in found]
        return [(metrics.Range(n.ref_doc_id, n.start_char_idx, n.end_char_idx), 0) for n in nodes]

    return search


def our_search(assistant: Assistant) -> Search:
    """Our own search; what is shown before a passage costs characters too."""

    def context(hit: Hit) -> int:
        return len(hit.passage.heading) + len(hit.passage.lead_in)

    def search(question: Question) -> Shown:
        hits = assistant.search(question.question, top_k=TOP_K, history=question.history)
        return [(hit.passage, context(hit)) for hit in hits]

    return search


def measure(search: Search, question: Question) -> dict[str, float]:
    """The scores of one question, by name of metric."""
    shown = search(question)
    ranks = metrics.first_ranks([place for place, _ in shown], question.gold)
    return {
        **{f"hit@{k}": metrics.hit_at_k(ranks, k) for k in (1, 3, 5)},
        "MRR@10": metrics.reciprocal_rank(ranks),
        "nDCG@10": metrics.ndcg(ranks),
        **{f"in {budget} tekens": _seen_within(shown, budget, question) for budget in BUDGETS},
    }


def _seen_within(shown: Shown, budget: int, question: Question) -> float:
    """1 if a reader has seen half of some gold item, be it spread over chunks: short chunks must not lose by that."""
    return float(metrics.citation_recall(metrics.within_characters(shown, budget), question.gold) > 0)


def compare_systems(measured: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Two Markdown tables: every system, and ours minus each other one on the same questions."""
    ours = measured[OURS]
    names = list(ours[0])
    means: list[list[str]] = []
    differences: list[list[str]] = []
    for system, scores in measured.items():
        columns = {name: [score[name] for score in scores] for name in names}
        means.append([system, *(_interval(bootstrap_mean(columns[name])) for name in names)])
        paired = (bootstrap_difference([score[name] for score in ours], columns[name]) for name in names)
        if system != OURS:
            differences.append([system, *(_interval(found, signed=True) for found in paired)])
    return f"{table(['systeem', *names], means)}\n\n{table([f'{OURS} min', *names], differences)}"


def _interval(found: Estimate, *, signed: bool = False) -> str:
    mean, low, high = (number(value, 3, signed=signed) for value in (found.mean, found.low, found.high))
    return f"{mean} ({low} tot {high})"


def benchmark(settings: Settings, questions_path: Path) -> str:
    """Build an index, ask every answerable question of every system, and report in Markdown."""
    encoder = load_encoder(settings)
    build_index(settings, encoder=encoder)
    assistant = Assistant.open(settings, encoder)
    questions = [q for q in load_questions(questions_path, assistant.documents) if q.answerable]
    reworded = [metrics.word_overlap(q.question, q.gold) <= LOW_OVERLAP for q in questions]
    systems = {OURS: our_search(assistant), **stock_systems(assistant.documents, encoder)}
    measured = {name: [measure(search, question) for question in questions] for name, search in systems.items()}
    parts = [
        "# Zoeken: deze assistent naast kant-en-klaar LlamaIndex",
        "Zelfde documenten, zelfde vragen, zelfde encoder. Tussen haakjes: 95%-interval (bootstrap over vragen).",
        f"## Alle {len(questions)} beantwoordbare vragen",
        compare_systems(measured),
    ]
    if any(reworded):
        chosen = {name: list(compress(scores, reworded)) for name, scores in measured.items()}
        parts += [
            f"## De {sum(reworded)} vragen die hooguit een derde van hun inhoudswoorden met de tekst gemeen hebben",
            compare_systems(chosen),
        ]
    assistant.close()
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Read the options, measure in a temporary index, print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=ROOT / "corpus" / "questions.jsonl")
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--out", type=Path, help="also write the report to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = benchmark(load_settings(corpus=options.corpus, index=Path(folder) / "index"), options.questions)
    print(report)
    if options.out:
        options.out.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
