"""The mean of the weights of several readers: one that is better than each, and no larger.

In go weights files of one form, trained apart from one beginning, out comes a file of the same form
("Model soups", Wortsman et al. 2022). Knows nothing of what the weights are for.

`python -m training.soup A.safetensors B.safetensors … --out reader.safetensors`
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.reader_trainer import save_whole


def soup(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight; ValueError where two differ in a name or a shape."""
    first, *others = states
    for other in others:
        if other.keys() != first.keys():
            raise ValueError(f"weights of other names: {sorted(other.keys() ^ first.keys())[:3]}")
        for name, value in other.items():
            if value.shape != first[name].shape:
                raise ValueError(f"{name} has shapes {[*value.shape]} and {[*first[name].shape]}")
    return {name: _mean([one[name] for one in states]) for name in first}


def _mean(values: Sequence[Tensor]) -> Tensor:
    # In double precision: the mean of equal weights is these weights.
    return torch.stack([one.double() for one in values]).mean(0).to(values[0].dtype)


def cook(files: Sequence[Path], out: Path) -> None:
    """Write the mean of weights files."""
    from safetensors.torch import load_file

    save_whole(soup([load_file(file) for file in files]), out)


def main() -> None:
    """Read the arguments and write the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    cook(given.files, given.out)


if __name__ == "__main__":
    main()
