"""What each step between the search and the answer is worth: a question set asked without it.

A step is taken out by a stand-in that does nothing, in the module that calls it. What the reader
made of a passage is kept from one asking to the next, so that a step costs its own time alone.
Knows nothing of what counts as right.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import rag
from corpora.yinju import Split
from eval.benchmarks.retrieval import Say
from eval.benchmarks.sets import Limits, sampled
from eval.benchmarks.settings import UNHURRIED
from eval.benchmarks.yinju import SETS, RowOutcome, YinjuName, ask_rows, other_news
from eval.environment import describe_run

WHOLE = "nothing left out"


class _Step(NamedTuple):
    """Where a step is called, by what names, and what stands in its place."""

    module: str
    names: str
    stand_in: Callable[..., Any]


def _yes(*_: object) -> bool:
    return True


def _no(*_: object) -> bool:
    return False


def _none(*_: object) -> None:
    return None


def _nothing(*_: object) -> list[object]:
    return []


def _same(*given: Any) -> Any:
    """The last argument: what the step would have changed."""
    return given[-1]


_JUDGE, _QUOTE = "rag.read.judge", "rag.answer.quote"
STEPS: Mapping[str, _Step] = {
    "period": _Step(_JUDGE, "is_of_period", _yes),
    "day": _Step(_JUDGE, "is_of_day", _yes),
    "places": _Step(_JUDGE, "is_of_places", _yes),
    "designators": _Step(_JUDGE, "is_of_designators", _yes),
    "provision": _Step(_JUDGE, "is_of_provision", _yes),
    "count": _Step(_JUDGE, "is_of_count", _yes),
    "named": _Step(_JUDGE, "is_of_named", _yes),
    "figure of the named clause": _Step(_JUDGE, "pointed_at", _same),
    "subject of the turn before": _Step(_JUDGE, "is_of_subject_before", _yes),
    "parts told apart": _Step(_JUDGE, "told_apart", lambda _, kept, __: kept),
    "parts held alike": _Step(_JUDGE, "held_alike", _same),
    "cells of other heads": _Step(_JUDGE, "without_other_cells", _same),
    "cell named": _Step(_JUDGE, "is_named", _no),
    "cell of another matter": _Step(_JUDGE, "is_of_other_matter", _no),
    "the second sentence": _Step(_QUOTE, "rival_of quoted_rival", _none),
    "more of a list": _Step(_QUOTE, "further", _nothing),
    "lists of several articles": _Step(_QUOTE, "from_several", _none),
    "figures of several days": _Step(_QUOTE, "of_several_days", _none),
    "items of an outline": _Step(_QUOTE, "listed_answer", _none),
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a set ends without a step: right of all rows, and the rows that this won and lost."""

    right: int
    wrong: int
    won: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ablation:
    """A set asked whole and without each step; ``changes`` by the name of what was left out."""

    name: YinjuName
    split: Split
    rows: int
    changes: Mapping[str, Change]

    def to_dict(self) -> dict[str, Any]:
        """As JSON, with the commit and the machine; rows by their names."""
        changes = {name: asdict(one) for name, one in self.changes.items()}
        head = {"name": self.name, "split": self.split, "questions": self.rows}
        return {**describe_run(), **head, "changes": changes}


def measure_ablation(
    name: YinjuName, data: Path, *, split: Split, limits: Limits, say: Say = print
) -> Ablation:
    """Each row asked with all steps and without each; DataError says what files are missing."""
    kind = SETS[name]
    read = kind.read(data, split)
    others = other_news(data, read.texts.values(), limits.distractors, limits.seed)
    rows = sampled(read.rows, limits.questions, limits.seed)
    texts = (("", text) for text in (*read.texts.values(), *others))
    with _remembering_reader() as memory:
        bot = rag.Chatbot.from_articles(texts, UNHURRIED)
    found: dict[str, list[RowOutcome]] = {step: [] for step in (WHOLE, *STEPS)}
    for count, row in enumerate(rows, 1):
        memory.clear()
        for step, outcomes in found.items():
            with without(step):
                outcomes += ask_rows(bot, [row], read.texts, kind.is_right)
        if count % 50 == 0:
            say(f"{name}.{split}：{count}/{len(rows)}")
    whole = found[WHOLE]
    changes = {step: _change(whole, outcomes) for step, outcomes in found.items()}
    return Ablation(name, split, len(rows), changes)


@contextmanager
def without(step: str) -> Iterator[None]:
    """Leave a step out until the block is left; ``WHOLE`` leaves out none."""
    if step == WHOLE:
        yield
        return
    module, names, stand_in = STEPS[step]
    with ExitStack() as patches:
        for name in names.split():
            patches.enter_context(patch.object(import_module(module), name, stand_in))
        yield


def _change(whole: Sequence[RowOutcome], outcomes: Sequence[RowOutcome]) -> Change:
    pairs = list(zip(whole, outcomes, strict=True))
    return Change(
        right=sum(one.is_right for one in outcomes),
        wrong=sum(one.is_wrong for one in outcomes),
        won=tuple(new.id for old, new in pairs if new.is_right and not old.is_right),
        lost=tuple(new.id for old, new in pairs if old.is_right and not new.is_right),
    )


@dataclass(slots=True)
class _RememberingReader:
    """A reader that reads each passage for a question once, until its memory is cleared."""

    reader: Any
    memory: dict[Hashable, Any] = field(default_factory=dict)

    def read(self, turn: Hashable, passages: Sequence[Hashable]) -> list[Any]:
        return self.read_all([(turn, passage) for passage in passages])

    def read_all(self, asked: Sequence[Hashable]) -> list[Any]:
        new = [one for one in dict.fromkeys(asked) if one not in self.memory]
        self.memory.update(zip(new, self.reader.read_all(new), strict=True))
        return [self.memory[one] for one in asked]

    def clear(self) -> None:
        self.memory.clear()


@contextmanager
def _remembering_reader() -> Iterator[_RememberingReader]:
    """Chatbots made in the block read with this reader."""
    judge = import_module(_JUDGE)
    reader = _RememberingReader(judge.builtin_reader())
    with patch.object(judge, "builtin_reader", lambda: reader):
        yield reader
