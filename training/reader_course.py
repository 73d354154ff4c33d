"""The course of one trainer: lists are read, learned from until the clock says stop, tried, kept.

In go the file of `training.list_hits` and the start of `training.encoder_start`, out come a
checkpoint and the averaged weights, anew every ten minutes. Knows nothing of other trainers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from safetensors.torch import load_file

from rag.models.pairing import Pairing
from training import encoder_start, question_lists
from training.machine import device
from training.question_lists import QuestionList, read_lists
from training.reader_batches import Batch, batches
from training.reader_network import Encoder, ReaderNetwork
from training.reader_trainer import Report, Schedule, Trainer, save_whole
from training.reader_trial import tried

CHECKPOINT = "reader.checkpoint.safetensors"
FILE = "reader.safetensors"
_PASSAGES = 3  # of a question in a batch
_PIECES = 4600  # of a batch
_CHECKPOINT_SECONDS = 600
_TRIED = 100  # held-out questions at a checkpoint
_TOLD_STEPS = 100
_AGAIN = 0.7  # of the full rate, for a reader that was trained before


@dataclass(frozen=True, slots=True)
class Course:
    """What a trainer is to do.

    ``work`` holds the lists and the start, ``folder`` what is kept; the rate falls over
    ``minutes``, the course ends after ``until`` of them, both counted from the beginning of the
    checkpoint that it goes on from (``beginning``; none: from pretrained weights, or from those of
    a reader that was trained before, ``taught``). ``threads`` 0 leaves their number to torch,
    ``device`` "" takes a GPU where there is one.
    """

    work: Path
    folder: Path
    minutes: float
    until: float
    seed: int
    beginning: Path | None = None
    taught: Path | None = None
    threads: int = 0
    device: str = ""

    @property
    def name(self) -> str:
        """How it is called beside others."""
        return self.folder.name


class Clock:
    """Seconds of a course, those before a checkpoint counted in."""

    def __init__(self, spent: float) -> None:
        self._began = time.monotonic() - spent

    @property
    def spent(self) -> float:
        """The seconds so far."""
        return time.monotonic() - self._began


def run(course: Course) -> Path:
    """Follow a course to its end; the file of its averaged weights."""
    if course.threads:
        torch.set_num_threads(course.threads)
    torch.manual_seed(course.seed)
    start = course.work / encoder_start.FOLDER
    pairing = Pairing.load(start / encoder_start.TOKENIZER)
    kept, held = parted(read_lists(course.work / question_lists.FILE))
    network = ReaderNetwork(Encoder.load(start))
    if course.taught:
        network.load_state_dict(load_file(course.taught))
    network.to(device(course.device or None))
    trainer = Trainer(network, Schedule(course.minutes, _AGAIN if course.taught else 1.0))
    if course.beginning:
        trainer.resume(course.beginning)
    _say(course, f"{len(kept)} lists, {len(held)} held out tried, from step {trainer.step}")
    course.folder.mkdir(parents=True, exist_ok=True)
    # Another seed after each checkpoint: else the same questions would be met again.
    seed = course.seed + trainer.step
    lessons = batches(kept, pairing, passages=_PASSAGES, pieces=_PIECES, seed=seed)
    _follow(course, trainer, lessons, held, pairing)
    return course.folder / FILE


def parted(lists: Iterable[QuestionList]) -> tuple[list[QuestionList], list[QuestionList]]:
    """The lists to learn from, and of the held-out ones the first hand-written ones, to try."""
    kept: list[QuestionList] = []
    held: list[QuestionList] = []
    for one in lists:
        (held if one.is_held_out else kept).append(one)
    return kept, list(islice((one for one in held if one.set == "yinju"), _TRIED))


def _follow(
    course: Course,
    trainer: Trainer,
    lessons: Iterator[Batch],
    held: list[QuestionList],
    pairing: Pairing,
) -> None:
    """Learn until the end of the course; a checkpoint every ten minutes and at the end."""
    place = next(trainer.network.parameters()).device
    clock, report, saved_at = Clock(trainer.spent), Report(), time.monotonic()

    def keep() -> None:
        _keep(trainer, course.folder)
        trial = tried(trainer.average.network, held, pairing)
        _say(course, f"{trainer.step} averaged: {trial}")

    while (spent := clock.spent) < course.until * 60:
        trainer.spent = spent
        given = next(lessons).to(place)
        report.add(trainer.learn(given), len(given.pieces))
        if trainer.step % _TOLD_STEPS == 0:
            _say(course, f"{trainer.step} {spent / 60:.1f} min {report}")
        if time.monotonic() - saved_at > _CHECKPOINT_SECONDS:
            saved_at = time.monotonic()
            keep()
    trainer.spent = clock.spent
    keep()


def _keep(trainer: Trainer, folder: Path) -> None:
    trainer.save(folder / CHECKPOINT)
    save_whole(trainer.average.network.state_dict(), folder / FILE)


def _say(course: Course, told: str) -> None:
    print(f"{course.name}: {told}", flush=True)
