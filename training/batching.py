"""Batches of texts of about the same length, so that little is spent on padding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from sentence_transformers.base.sampler import DefaultBatchSampler
from torch.utils.data import SequentialSampler

POOL = 50
"""So many batches are drawn by chance together and then sorted by length."""


class LengthBatchSampler(DefaultBatchSampler):  # type: ignore[misc]
    """Draws rows by chance, in batches whose rows are about as long; the batches come in any order."""

    def __init__(self, dataset: Any, *, batch_size: int, drop_last: bool, seed: int = 0, **others: Any) -> None:
        super().__init__(SequentialSampler(dataset), batch_size=batch_size, drop_last=drop_last, seed=seed, **others)
        texts = [name for name, kind in dataset.features.items() if getattr(kind, "dtype", "") == "string"]
        columns = dataset.with_format(None).select_columns(texts)
        self._lengths = torch.tensor([sum(map(len, row.values())) for row in columns])

    def __iter__(self) -> Iterator[list[int]]:
        generator = torch.Generator().manual_seed(self.seed + self.epoch)
        order = torch.randperm(len(self._lengths), generator=generator)
        batches: list[torch.Tensor] = []
        for pool in order.split(POOL * self.batch_size):  # type: ignore[no-untyped-call]
            batches += pool[self._lengths[pool].argsort()].split(self.batch_size)
        if self.drop_last:
            batches = [batch for batch in batches if len(batch) == self.batch_size]
        for place in torch.randperm(len(batches), generator=generator).tolist():
            yield batches[place].tolist()
