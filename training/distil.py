"""Teaches a transplanted encoder to give Dutch text the vector that its teacher gives the English.

    python training/distil.py --teacher build/teacher --start build/transplanted --out build/distilled \
        --pairs build/parallel.tsv

Items: sentence pairs (our own and given ones), stretches of a few consecutive sentences of the written documents,
dictionary words, and Princeton WordNet's glosses and examples with Dutch words put in for the English (Debian's
wordnet-base). The loss is one minus the cosine to the teacher's vector (Reimers & Gurevych 2020), plus the squared
difference of the similarities within a batch. Checkpoints are kept under `<out>/checkpoints`; `--resume` goes on from
the last one.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import lexicon
import numpy as np
import simplemma
import torch
import wordfreq
from batching import LengthBatchSampler
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.training_args import MultiDatasetBatchSamplers

SEED = 11
DIMENSIONS = 384
SWITCHED = 60_000
OTHER = 45_000
"""So many of the switched texts and of the given sentence pairs are used, drawn by chance."""

WORDNET = Path("/usr/share/wordnet")
EMBEDDING_RATE = 10.0
"""Word vectors learn this many times as fast as the layers above them."""

Item = tuple[str, str]
"""A Dutch text and what it is in English."""


class Imitation(torch.nn.Module):
    """One minus the cosine to the teacher's vector, plus twice the mean squared difference of in-batch cosines."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor) -> torch.Tensor:
        """Loss of a batch: `labels` are the teacher's unit vectors, shape (batch, dimensions)."""
        (texts,) = features
        mine = torch.nn.functional.normalize(self.model(texts)["sentence_embedding"].float(), dim=-1)
        cosine = 1 - (mine * labels).sum(dim=-1).mean()
        return cosine + 2 * ((mine @ mine.T - labels @ labels.T) ** 2).mean()


def stretches(pairs: Sequence[Item], rng: random.Random) -> list[Item]:
    """Two to six consecutive sentence pairs as one text, each pair in one of them."""
    found, start = [], 0
    while start < len(pairs):
        part = pairs[start : start + rng.randint(2, 6)]
        found.append((" ".join(dutch for dutch, _ in part), " ".join(english for _, english in part)))
        start += len(part)
    return found


def words(translations: lexicon.Translations) -> list[Item]:
    """Dictionary words with their best translations."""
    return [(word, ", ".join(sorted(known, key=lambda e: -known[e])[:3])) for word, known in translations.items()]


def switched(translations: lexicon.Translations, rng: random.Random, least: float = 0.8) -> list[Item]:
    """WordNet's glosses and examples with Dutch words for the English, where at least this share is known."""
    frequency = wordfreq.get_frequency_dict("nl", wordlist="best")
    back: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, known in translations.items():
        for english, weight in known.items():
            usual = 0.2 + (frequency.get(word, 1e-8) * 1e6) ** 0.3 / 10
            back[english][word] += weight * weight / lexicon.score(known) * usual
    best = {english: counts.most_common(3) for english, counts in back.items()}
    items = []
    for text in _wordnet_texts():
        found, hits, total = [], 0, 0
        for token in re.findall(r"[^\W_]+|[^\w\s]", text):
            choices = None
            if token[0].isalpha():
                total += 1
                choices = best.get(token.lower()) or best.get(simplemma.lemmatize(token.lower(), lang="en"))
            if choices:
                hits += 1
                found.append(rng.choices([w for w, _ in choices], [weight for _, weight in choices])[0])
            else:
                found.append(token)
        if total >= 4 and hits >= least * total:
            items.append((" ".join(found), text))
    return rng.sample(items, min(SWITCHED, len(items)))


def _wordnet_texts() -> list[str]:
    texts = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in (WORDNET / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if not line.startswith("  "):
                gloss = line.partition(" | ")[2].strip()
                texts += re.findall(r'"([^"]{15,160})"', gloss)
                definition = gloss.split(";")[0]
                if 20 < len(definition) < 120:
                    texts.append(definition)
    return texts


def labelled(items: Sequence[Item], teacher: Any, cache: Path) -> Dataset:
    """Dutch texts with the teacher's unit vectors of the English; those of an earlier run come from the cache."""
    texts, vectors = _read(cache)
    place = {text: index for index, text in enumerate(texts)}
    missing = list(dict.fromkeys(text for _, text in items if text not in place))
    if missing:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            new = teacher.encode(missing, batch_size=128, normalize_embeddings=True, show_progress_bar=True)
        place |= {text: index for index, text in enumerate(missing, start=len(texts))}
        vectors = np.concatenate([vectors, new.astype(np.float16)])
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, texts=np.array([*texts, *missing]), vectors=vectors)
    labels = vectors[[place[text] for _, text in items]].astype(np.float32)
    data = Dataset.from_dict({"text": [dutch for dutch, _ in items], "label": list(labels)})
    return data.with_format("torch", columns=["label"], output_all_columns=True)


def _read(cache: Path) -> tuple[list[str], Any]:
    if not cache.exists():
        return [], np.empty((0, DIMENSIONS), dtype=np.float16)
    with np.load(cache) as stored:
        return stored["texts"].tolist(), stored["vectors"]


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", required=True, help="folder or name of all-MiniLM-L6-v2")
    parser.add_argument("--start", type=Path, required=True, help="folder of the transplanted encoder")
    parser.add_argument("--pairs", type=Path, nargs="+", required=True, help="more sentence pairs (.tsv)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate of the layers")
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()

    rng = random.Random(SEED)
    own = lexicon.read_pairs(lexicon.DATA / "translations.tsv")
    sentences = lexicon.read_pairs(lexicon.DATA / "sentences.tsv")
    other = [pair for path in options.pairs for pair in lexicon.read_pairs(path)]
    translations = json.loads((options.start / "translations.json").read_text(encoding="utf-8"))
    kinds = {
        "own": [*own, *own],
        "sentences": [*sentences, *sentences],
        "stretches": stretches(own, rng),
        "words": words(translations),
        "switched": switched(translations, rng),
        "other": rng.sample(other, min(OTHER, len(other))),
    }
    print({name: len(items) for name, items in kinds.items()})
    teacher: Any = SentenceTransformer(options.teacher, device="cpu")
    data = {name: labelled(items, teacher, options.out.parent / f"teacher-{name}.npz") for name, items in kinds.items()}
    model: Any = SentenceTransformer(
        str(options.start),
        device="cpu",
        model_kwargs={"attn_implementation": "eager"},  # learns faster on a processor than the default
        config_kwargs={"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": 0.0},
    )
    model.max_seq_length = 128
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(options.out / "checkpoints"),
        num_train_epochs=options.epochs,
        per_device_train_batch_size=options.batch,
        learning_rate=options.rate,
        warmup_steps=150,
        lr_scheduler_type="cosine",
        batch_sampler=LengthBatchSampler,
        multi_dataset_batch_sampler=MultiDatasetBatchSamplers.PROPORTIONAL,
        logging_steps=100,
        save_steps=400,
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
        weight_decay=0.0,
        betas=(0.9, 0.98),
    )
    trainer = SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=data, loss=Imitation(model), optimizers=(optimizer, None)
    )
    trainer.train(resume_from_checkpoint=options.resume or None)
    model.max_seq_length = 256
    model.save_pretrained(str(options.out))


if __name__ == "__main__":
    main()
