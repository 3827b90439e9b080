"""Trains the reranker: a cross-encoder that reads a question and an excerpt of a passage together.

    python training/rerank.py --start build/encoder --out build/reranker

It starts from the lower layers of the encoder. Every question of the training documents goes with the excerpt and the
sentence that answer it, with other sentences of that passage, and with excerpts that this encoder ranks high but
that do not answer it: neighbours in the same document and passages of others. Questions that their document does not
answer go with what is found for them. The loss is binary cross-entropy, so that the score is the logit of a
probability (Nogueira & Cho 2019). Checkpoints are kept under `<out>/checkpoints`; `--resume` goes on from the last one.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from batching import LengthBatchSampler
from datasets import Dataset
from measure import asked
from pairs import WrittenDocument, load
from sentence_transformers import SentenceTransformer
from sentence_transformers.cross_encoder import (
    CrossEncoder,
    CrossEncoderTrainer,
    CrossEncoderTrainingArguments,
)
from sentence_transformers.cross_encoder.losses import BinaryCrossEntropyLoss
from tqdm import tqdm

from assistant.lexical import LexicalIndex
from assistant.passages import split
from assistant.reranking import MAX_TOKENS, WORDS, best_excerpt, excerpt
from assistant.schema import Document, Hit

SEED = 13
DEPTH = 30
"""So many hits are looked at; wrong ones are drawn from them, the higher the likelier."""

NEGATIVES = 3
"""Wrong excerpts for each question."""

SENTENCES = 1
"""Wrong sentences of the right passage, by themselves."""

Example = dict[str, Any]


class Ranker:
    """Ranks the passages of documents as the assistant's first stage does, in memory and many questions at a time."""

    def __init__(self, documents: Sequence[WrittenDocument], encoder: Path) -> None:
        self._model: Any = SentenceTransformer(str(encoder), device="cpu", model_kwargs={"dtype": torch.float32})
        self.passages = [p for d in documents for p in split(Document(f"{d.id}.md", d.text, d.title))]
        self._lexical = LexicalIndex.build([f"{passage.heading}\n{passage.text}" for passage in self.passages])
        self._whole = self._encode([passage.text for passage in self.passages])
        sentences = [passage.quote(span) for passage in self.passages for span in passage.sentences]
        self._ends = np.cumsum([len(passage.sentences) for passage in self.passages])
        self._sentences = self._encode(sentences)

    def _encode(self, texts: Sequence[str]) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return self._model.encode(list(texts), batch_size=64, normalize_embeddings=True, show_progress_bar=True)

    def rank(self, questions: Sequence[str], top_k: int) -> Iterator[list[Hit]]:
        """The best hits for each question."""
        for question, vector in zip(questions, self._encode(questions), strict=True):
            cosines = np.split(self._sentences @ vector, self._ends[:-1])
            dense = (np.array([row.max() for row in cosines]) + self._whole @ vector) / 2
            lexical = self._lexical.scores(question)
            scores = dense + 0.5 * lexical.bm25 + 0.5 * lexical.ngram
            yield [
                Hit(self.passages[row], float(scores[row]), float(dense[row]), 0.0, 0.0, tuple(cosines[row]))
                for row in np.argsort(-scores, kind="stable")[:top_k]
            ]


def examples(ranker: Ranker, documents: Sequence[WrittenDocument], rng: random.Random) -> list[Example]:
    """Questions with excerpts, labelled 1 where the excerpt answers the question and 0 where it does not."""
    asks = [(d, pair, asked(d, pair)) for d in documents for pair in d.pairs]
    rows: list[Example] = []
    ranked = ranker.rank([question for _, _, question in asks], DEPTH)
    for (document, pair, question), hits in tqdm(zip(asks, ranked, strict=True), total=len(asks)):
        right, wrong = [], []
        for hit in hits:
            inside = hit.passage.document == f"{document.id}.md" and hit.passage.start <= pair.start < hit.passage.end
            (right if inside else wrong).append(hit)
        for hit in right:
            centre = next(i for i, span in enumerate(hit.passage.sentences) if span.end > pair.start)
            for words in (WORDS, 0):
                rows.append({"query": question, "answer": excerpt(hit.passage, centre, words), "label": 1.0})
            spans = enumerate(hit.passage.sentences)
            others = [i for i, span in spans if span.end <= pair.start or pair.end <= span.start]
            others.sort(key=lambda i, hit=hit: -hit.sentence_scores[i])  # type: ignore[misc]
            for other in others[:SENTENCES]:
                rows.append({"query": question, "answer": excerpt(hit.passage, other, 0), "label": 0.0})
        rows += [{"query": question, "answer": best_excerpt(hit), "label": 0.0} for hit in drawn(wrong, rng)]
    unanswerable = [question for document in documents for question in document.unanswerable]
    for question, hits in zip(unanswerable, ranker.rank(unanswerable, DEPTH), strict=True):
        rows += [{"query": question, "answer": best_excerpt(hit), "label": 0.0} for hit in drawn(hits, rng)]
    rng.shuffle(rows)
    return rows


def drawn(hits: Sequence[Hit], rng: random.Random) -> list[Hit]:
    """The first two, and others by chance, the higher the likelier."""
    rest = sorted(range(2, len(hits)), key=lambda place: rng.expovariate(1 / (place + 1)))
    return [*hits[:2], *(hits[place] for place in rest[: NEGATIVES - 2])]


def start_from(folder: Path, layers: int) -> CrossEncoder:
    """A cross-encoder with one output on the first layers of an encoder."""
    config = {"num_hidden_layers": layers, "hidden_act": "gelu_pytorch_tanh", "attention_probs_dropout_prob": 0.0}
    config["hidden_dropout_prob"] = 0.0
    return CrossEncoder(
        str(folder),
        num_labels=1,
        max_length=MAX_TOKENS,
        device="cpu",
        model_kwargs={"dtype": torch.float32, "attn_implementation": "eager"},
        config_kwargs=config,
    )


def main() -> None:
    """Find the examples, train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="folder of the encoder")
    parser.add_argument("--out", type=Path, required=True, help="folder of the reranker")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()

    rows = _cached_examples(options.start, options.out / "examples.jsonl")
    print(f"{len(rows)} examples, {sum(row['label'] for row in rows):.0f} right")
    model = start_from(options.start, options.layers)
    arguments = CrossEncoderTrainingArguments(
        output_dir=str(options.out / "checkpoints"),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.rate,
        warmup_steps=100,
        lr_scheduler_type="cosine",
        weight_decay=0.01,
        batch_sampler=LengthBatchSampler,
        logging_steps=50,
        save_steps=100,
        save_total_limit=1,
        report_to="none",
        seed=SEED,
        use_cpu=True,
        bf16=True,
        dataloader_pin_memory=False,
    )
    trainer = CrossEncoderTrainer(
        model=model, args=arguments, train_dataset=Dataset.from_list(rows), loss=BinaryCrossEntropyLoss(model)
    )
    trainer.train(resume_from_checkpoint=options.resume or None)
    model.half().save_pretrained(str(options.out))


def _cached_examples(encoder: Path, cache: Path) -> list[Example]:
    """The examples, from an earlier run if there was one."""
    if not cache.exists():
        documents = [document for document in load() if document.part == "training"]
        rows = examples(Ranker(documents, encoder), documents, random.Random(SEED))
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return [json.loads(line) for line in cache.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
