"""Trains the reranker: a cross-encoder that reads a question and an excerpt of a passage together.

    python training/rerank.py --start build/encoder --out build/reranker

It starts from the lower layers of the encoder. Every question of the training documents goes with the excerpt and the
sentence that answer it, with other sentences of that passage, and with excerpts that are ranked high with this encoder
but do not answer it: neighbours in the same document and passages of others. Questions that their document does not
answer go with what is found for them. The loss is binary cross-entropy, so that the score is the logit of a
probability (Nogueira & Cho 2019). Checkpoints are kept under `<out>/checkpoints`; `--resume` goes on from the last one.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from measure import asked, open_index
from pairs import WrittenDocument, load
from sentence_transformers.cross_encoder import (
    CrossEncoder,
    CrossEncoderTrainer,
    CrossEncoderTrainingArguments,
)
from sentence_transformers.cross_encoder.losses import BinaryCrossEntropyLoss
from tqdm import tqdm

from assistant.pipeline import Assistant
from assistant.reranking import MAX_TOKENS, WORDS, best_excerpt, excerpt
from assistant.schema import Hit

SEED = 13
DEPTH = 30
"""So many hits are looked at; wrong ones are drawn from them, the higher the likelier."""

NEGATIVES = 4
"""Wrong excerpts for each question."""

SENTENCES = 2
"""Wrong sentences, by themselves, of the right passage."""

Example = dict[str, Any]


def examples(assistant: Assistant, documents: Sequence[WrittenDocument], rng: random.Random) -> list[Example]:
    """Questions with excerpts, labelled 1 where the excerpt answers the question and 0 where it does not."""
    rows: list[Example] = []
    for document in tqdm(documents, desc="documents"):
        name = f"{document.id}.md"
        for pair in document.pairs:
            question = asked(document, pair)
            right, wrong = [], []
            for hit in assistant.search(question, top_k=DEPTH):
                inside = hit.passage.document == name and hit.passage.start <= pair.start < hit.passage.end
                (right if inside else wrong).append(hit)
            for hit in right:
                centre = next(i for i, span in enumerate(hit.passage.sentences) if span.end > pair.start)
                for words in (WORDS, 0):
                    rows.append({"query": question, "answer": excerpt(hit.passage, centre, words), "label": 1.0})
                spans = enumerate(hit.passage.sentences)
                others = [i for i, span in spans if span.end <= pair.start or pair.end <= span.start]
                others.sort(key=lambda i: -hit.sentence_scores[i])
                for other in others[:SENTENCES]:
                    rows.append({"query": question, "answer": excerpt(hit.passage, other, 0), "label": 0.0})
            rows += [{"query": question, "answer": best_excerpt(hit), "label": 0.0} for hit in drawn(wrong, rng)]
        for question in document.unanswerable:
            found = assistant.search(question, top_k=DEPTH)
            rows += [{"query": question, "answer": best_excerpt(hit), "label": 0.0} for hit in drawn(found, rng)]
    rng.shuffle(rows)
    return rows


def drawn(hits: Sequence[Hit], rng: random.Random) -> list[Hit]:
    """The first two, and others by chance, the higher the likelier."""
    rest = sorted(range(2, len(hits)), key=lambda place: rng.expovariate(1 / (place + 1)))
    return [*hits[:2], *(hits[place] for place in rest[: NEGATIVES - 2])]


def start_from(folder: Path, layers: int) -> CrossEncoder:
    """A cross-encoder with one output on the first layers of an encoder."""
    config = {"num_hidden_layers": layers, "hidden_act": "gelu_pytorch_tanh", "attention_probs_dropout_prob": 0.0}
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
    parser.add_argument("--epochs", type=float, default=2)
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
        with tempfile.TemporaryDirectory() as folder:
            assistant = open_index(documents, Path(folder), str(encoder))
            rows = examples(assistant, documents, random.Random(SEED))
            assistant.close()
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return [json.loads(line) for line in cache.read_text(encoding="utf-8").splitlines()]


if __name__ == "__main__":
    main()
