"""One trainer of the reader: a network, what moves its weights, and what is kept of it.

In go batches, out come a checkpoint to go on from and the mean of the weights along the way.
Knows nothing of where batches come from, nor of other trainers.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from training.reader_batches import Batch
from training.reader_loss import loss_of
from training.reader_network import ReaderNetwork

_RATE = 1e-4
_HEAD_RATE = 5e-4
_WARM_STEPS = 100
_LEAST_RATE = 0.05
_AVERAGED = 0.998
_LONGEST_STEP = 1.0  # norm of the gradient
# Written by safetensors: torch's own checkpoints are pickle, which this house does not load.
_NETWORK, _MEAN, _OPTIMIZER = "network.", "averaged.", "optimizer."


@dataclass(frozen=True, slots=True)
class Schedule:
    """How fast is learned at which minute: rising by steps, then falling with the clock.

    By the clock, so that a course takes the minutes that it is given on any machine; ``most`` is
    the share of the full rate at its highest.
    """

    minutes: float
    most: float = 1.0

    def share(self, step: int, spent: float) -> float:
        """The share of the full rate at a step, from 1, after so many seconds."""
        warmed = min(1.0, step / _WARM_STEPS)
        return self.most * warmed * max(_LEAST_RATE, 1 - spent / (self.minutes * 60))


class Average:
    """The running mean of a network's weights, of the last few hundred steps above all."""

    def __init__(self, network: ReaderNetwork) -> None:
        self.network = copy.deepcopy(network)

    @torch.no_grad()
    def follow(self, network: ReaderNetwork, step: int) -> None:
        """Move towards the network's weights: at first quickly, since the beginning is no good."""
        decay = min(_AVERAGED, (1 + step) / (10 + step))
        pairs = zip(self.network.parameters(), network.parameters(), strict=True)
        for mean, value in pairs:
            if value.requires_grad:
                mean.lerp_(value, 1 - decay)


class Trainer:
    """Moves a network's weights; its verb is ``learn``.

    ``step`` counts the batches learned from, ``spent`` the seconds of the course so far, which
    whoever calls ``learn`` keeps up to date. The table of pieces stays as it was pretrained: a
    third of the weights, most of them of pieces that hardly any question has.
    """

    def __init__(self, network: ReaderNetwork, schedule: Schedule) -> None:
        network.encoder.words.requires_grad_(False)
        self.network = network
        self.average = Average(network)
        self.step = 0
        self.spent = 0.0
        self._schedule = schedule
        self._heads = [*network.pieces.parameters(), *network.whole.parameters()]
        self._body = [p for p in network.encoder.parameters() if p.requires_grad]
        self._optimizer = torch.optim.AdamW(
            [{"params": self._body, "rate": _RATE}, {"params": self._heads, "rate": _HEAD_RATE}],
            lr=_RATE,
            weight_decay=0.01,
            betas=(0.9, 0.98),
            fused=True,
        )

    def learn(self, given: Batch) -> dict[str, float]:
        """Move the weights by one batch; what it cost, part by part."""
        self.step += 1
        share = self._schedule.share(self.step, self.spent)
        for group in self._optimizer.param_groups:
            group["lr"] = group["rate"] * share
        cost, parts = loss_of(self.network, given)
        self._optimizer.zero_grad()
        cost.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._body + self._heads, _LONGEST_STEP)
        self._optimizer.step()
        self.average.follow(self.network, self.step)
        return parts

    def save(self, file: Path) -> None:
        """Write all that ``resume`` needs."""
        moments = self._optimizer.state_dict()["state"]
        tensors = {
            **_named(_NETWORK, self.network.state_dict()),
            **_named(_MEAN, self.average.network.state_dict()),
            **{
                f"{_OPTIMIZER}{number}.{name}": value
                for number, state in moments.items()
                for name, value in state.items()
            },
        }
        save_whole(tensors, file, {"step": str(self.step), "spent": repr(self.spent)})

    def resume(self, file: Path) -> None:
        """Go on from a checkpoint of ``save``."""
        from safetensors import safe_open
        from safetensors.torch import load_file

        tensors = load_file(file)
        with safe_open(file, framework="pt") as opened:
            told = opened.metadata()
        self.step, self.spent = int(told["step"]), float(told["spent"])
        self.network.load_state_dict(_part(_NETWORK, tensors))
        self.average.network.load_state_dict(_part(_MEAN, tensors))
        moments: dict[int, dict[str, Tensor]] = {}
        for name, value in _part(_OPTIMIZER, tensors).items():
            number, _, kind = name.partition(".")
            moments.setdefault(int(number), {})[kind] = value
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": moments, "param_groups": groups})


class Report:
    """The running mean of what batches cost, part by part, and how many passages they held."""

    _KEPT = 0.98

    def __init__(self) -> None:
        self._passages = 0
        self._means: dict[str, float] = {}

    def add(self, parts: dict[str, float], passages: int) -> None:
        """One more batch."""
        self._passages += passages
        for name, value in parts.items():
            mean = self._means.get(name, value)
            self._means[name] = self._KEPT * mean + (1 - self._KEPT) * value

    def __str__(self) -> str:
        told = " ".join(f"{name} {value:.3f}" for name, value in self._means.items())
        return f"{self._passages} passages {told}"


def save_whole(
    tensors: dict[str, Tensor], file: Path, metadata: dict[str, str] | None = None
) -> None:
    """Write tensors to a file that is at no time half of what it was or will be."""
    from safetensors.torch import save_file

    fresh = file.with_name(f"{file.name}.new")
    save_file(tensors, fresh, metadata)
    fresh.replace(file)


def _named(prefix: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {prefix + name: value for name, value in state.items()}


def _part(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }
