"""Contrastive training of the encoder on the written question-passage pairs.

    python training/finetune.py --start build/distilled --out build/contrastive

Every question is paired with the sentence that answers it and, as a hard negative, a sentence of the same document
that the model takes for an answer; a part of the batches pairs it with whole passages instead. The loss is in-batch
cross-entropy over cosines (MultipleNegativesRankingLoss, Henderson et al. 2017). Validation and test documents
(`pairs.py`) are never seen. Checkpoints are kept under `<out>/checkpoints`; `--resume` goes on from the last one.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from pairs import WrittenDocument, load
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.losses import MultipleNegativesRankingLoss
from sentence_transformers.training_args import BatchSamplers, MultiDatasetBatchSamplers
from tqdm import tqdm

from assistant.passages import split
from assistant.schema import Document

SEED = 7
EMBEDDING_RATE = 4.0
"""Word vectors learn this many times as fast as the layers above them: many pieces are rare."""


def triples(documents: list[WrittenDocument], model: Any, whole: bool, rng: random.Random) -> Dataset:
    """Question, what answers it, and a hard negative: single sentences, or whole passages.

    The negative is one of the three sentences (or passages) elsewhere in the same document that the model, as it is
    now, finds nearest to the question.
    """
    rows: list[dict[str, str]] = []
    for document in tqdm(documents, desc="passages" if whole else "sentences"):
        passages = split(Document(document.id, document.text, document.title))
        units = [(p, p.text) for p in passages] if whole else [(p, p.quote(s)) for p in passages for s in p.sentences]
        questions = [f"{document.title} {p.question}" if p.style == "followup" else p.question for p in document.pairs]
        cosines = (
            model.encode(questions, normalize_embeddings=True)
            @ model.encode([text for _, text in units], normalize_embeddings=True).T
        )
        for pair, question, row in zip(document.pairs, questions, cosines, strict=True):
            own = next((p for p in passages if p.start <= pair.start < p.end), None)
            others = [i for i in (-row).argsort() if units[i][0] is not own][:3]
            if own and others:
                positive = own.text if whole else document.text[pair.start : pair.end]
                rows.append({"anchor": question, "positive": positive, "negative": units[rng.choice(others)][1]})
    rng.shuffle(rows)
    return Dataset.from_list(rows)


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="folder of the encoder to start from")
    parser.add_argument("--out", type=Path, required=True, help="folder of the trained encoder")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate of the layers")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--whole-share", type=float, default=0.12, help="share of pairs with whole passages")
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()

    rng = random.Random(SEED)
    documents = [document for document in load() if document.part == "training"]
    model: Any = SentenceTransformer(
        str(options.start),
        device="cpu",
        model_kwargs={"dtype": torch.float32, "attn_implementation": "eager"},
        # Without dropout torch keeps to its fast path, and two passes are too few to learn pairs by heart.
        config_kwargs={"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0},
    )
    model.max_seq_length = 96
    sentences = triples(documents, model, whole=False, rng=rng)
    some = rng.sample(documents, round(len(documents) * options.whole_share))
    passages = triples(some, model, whole=True, rng=rng)
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(options.out / "checkpoints"),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.rate,
        warmup_steps=30,
        weight_decay=0.01,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        logging_steps=20,
        save_steps=60,
        save_total_limit=1,
        report_to="none",
        seed=SEED,
        use_cpu=True,
        bf16=True,
        dataloader_pin_memory=False,
    )
    word_vectors = [p for name, p in model.named_parameters() if "word_embeddings" in name]
    layers = [p for name, p in model.named_parameters() if "word_embeddings" not in name]
    optimizer = torch.optim.AdamW(
        [{"params": word_vectors, "lr": EMBEDDING_RATE * options.rate}, {"params": layers, "lr": options.rate}],
        weight_decay=0.01,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments,
        train_dataset={"sentences": sentences, "passages": passages},
        loss=MultipleNegativesRankingLoss(model, scale=20.0),
        optimizers=(optimizer, None),
    )
    trainer.train(resume_from_checkpoint=options.resume or None)
    model.max_seq_length = 256
    model.half().save_pretrained(str(options.out))


if __name__ == "__main__":
    main()
