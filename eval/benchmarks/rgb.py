"""RGB in Chinese: questions with passages that hold the answer and others that only look alike.

Chen et al. 2024, "Benchmarking Large Language Models in Retrieval-Augmented Generation". Right is
an answer that holds every part of the gold one; with noise alone the right thing is to decline.
Knows nothing of how an answer is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import rag
from corpora.files import DataError, json_rows
from eval.metrics import fold
from eval.report import Figure, share

PASSAGES = 5
NOISE = (0.0, 0.4, 0.8)
_FIELDS = ("id", "query", "answer", "positive", "negative")


@dataclass(frozen=True, slots=True)
class RgbCase:
    """A question with its passages; ``parts`` are what an answer needs, each in any form."""

    id: str
    question: str
    parts: tuple[tuple[str, ...], ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]


class Answering(Protocol):
    """What answers questions."""

    def answer(self, question: str) -> rag.Answer: ...


class MakesBots(Protocol):
    """Passages to something that answers from them."""

    def __call__(self, passages: Sequence[str]) -> Answering: ...


def read_rgb(path: Path) -> list[RgbCase]:
    """The cases of a file of JSON lines; DataError when it is none."""
    cases = []
    for place, row in json_rows(path):
        missing = [name for name in _FIELDS if not isinstance(row, dict) or name not in row]
        if missing:
            raise DataError(
                f"{path.name} {place}缺 {'、'.join(missing)}；"
                "RGB 的一行要有 id、query、answer、positive、negative"
            )
        parts = tuple(filter(None, map(_forms, _listed(row["answer"]))))
        if not parts:
            raise DataError(f"{path.name} {place}的 answer 是空的；请核对文件")
        cases.append(
            RgbCase(
                str(row["id"]),
                str(row["query"]),
                parts,
                tuple(_flat(row["positive"])),
                tuple(_flat(row["negative"])),
            )
        )
    if not cases:
        raise DataError(f"{path.name} 里没有题目；请核对文件")
    return cases


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _forms(part: Any) -> tuple[str, ...]:
    return tuple(_flat(part))


def _flat(value: Any) -> Iterator[str]:
    """The texts in a value, however nested: two-fact questions have a list for each fact."""
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    elif str(value).strip():
        yield str(value)


def measure_rgb(cases: Sequence[RgbCase], make_bot: MakesBots) -> dict[str, Figure]:
    """The share of right answers from five passages at each share of noise, and of refusals.

    A case without enough passages of a kind is asked with those it has; one without any is left
    out.
    """
    figures: dict[str, Figure] = {}
    for noise in NOISE:
        given = [(case, mixed(case, noise)) for case in cases if case.positive]
        right = [is_right(make_bot(texts).answer(case.question), case) for case, texts in given]
        figures |= {f"right at noise {noise:g}": share(right)} if right else {}
    refused = [
        make_bot(case.negative[:PASSAGES]).answer(case.question).outcome == "no_evidence"
        for case in cases
        if case.negative
    ]
    return figures | ({"refused on noise": share(refused)} if refused else {})


def mixed(case: RgbCase, noise: float) -> list[str]:
    """The first five passages, noise first: this share of them without the answer."""
    noisy = round(PASSAGES * noise)
    return [*case.negative[:noisy], *case.positive[: PASSAGES - noisy]]


def is_right(answer: rag.Answer, case: RgbCase) -> bool:
    """Whether it was answered and every part stands in the text in one of its forms."""
    text = fold(answer.text)
    holds = all(any(fold(form) in text for form in forms) for forms in case.parts)
    return answer.outcome == "answered" and holds
