"""Averages the weights of two models of the same shape.

    python training/average.py --first build/distilled --second build/contrastive --share 0.7 --out build/encoder

Between a general model and the one that was trained on from it lies one that keeps most of both (Wortsman et al. 2022,
"Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"


def main() -> None:
    """Read both, average, save with the files of the second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=Path, required=True)
    parser.add_argument("--second", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.7, help="share of the second, 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    shutil.copytree(options.second, options.out, ignore=shutil.ignore_patterns("checkpoints"))
    first, second = (load_file(folder / WEIGHTS) for folder in (options.first, options.second))
    mixed = {
        name: ((1 - options.share) * first[name].float() + options.share * weight.float()).half()
        for name, weight in second.items()
    }
    save_file(mixed, options.out / WEIGHTS, metadata={"format": "pt"})


if __name__ == "__main__":
    main()
