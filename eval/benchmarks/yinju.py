"""The project's own question sets: asked over their articles among other news, and counted.

``yinju`` asks about one article, ``yinju-cross`` about several. Of the texts of the sets nothing is
kept: the result has names, flags, ranks and figures. Knows nothing of what counts as right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, Protocol, get_args

import rag
from corpora.files import DataError
from corpora.held_out import HeldOut
from corpora.news import NEWS_FILE, read_news
from corpora.yinju import Split
from eval.benchmarks.retrieval import Say
from eval.benchmarks.sets import Limits, sampled
from eval.benchmarks.settings import UNHURRIED
from eval.benchmarks.yinju_judging import (
    Reply,
    hit_ranks,
    is_right_across,
    is_right_alone,
    parts_cited,
)
from eval.benchmarks.yinju_rows import YinjuRow, YinjuSet, read_across, read_alone
from eval.environment import describe_run
from eval.report import Figure, share

YinjuName = Literal["yinju", "yinju-cross"]
YINJU_NAMES: tuple[YinjuName, ...] = get_args(YinjuName)
OTHERS: Final = 1000
SMALL_KINDS: Final = "small kinds"
ALL_ANSWERABLE: Final = "all answerable"
ALL_ROWS: Final = "all rows"
_FEWEST_OF_A_KIND = 40
Groups = dict[str, dict[str, Figure]]


@dataclass(frozen=True, slots=True)
class AskedSet:
    """How a set is read from its folder, and its rule of what is right."""

    read: Callable[[Path, Split], YinjuSet]
    is_right: Callable[[YinjuRow, Reply], bool]


SETS: dict[YinjuName, AskedSet] = {
    "yinju": AskedSet(read_alone, is_right_alone),
    "yinju-cross": AskedSet(read_across, is_right_across),
}


class Answering(Protocol):
    """What answers questions about articles."""

    @property
    def articles(self) -> Sequence[rag.Article]: ...

    def answer(self, question: str, history: Sequence[rag.Message] = ()) -> rag.Answer: ...


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """How a row ended: ``cited`` and ``ranks`` have a member for each part of its answer."""

    id: str
    kind: str
    is_answerable: bool
    outcome: str
    is_right: bool
    cited: tuple[bool, ...]
    ranks: tuple[int | None, ...]
    probability: float | None

    @property
    def is_refused(self) -> bool:
        return self.outcome == "no_evidence"

    @property
    def is_wrong(self) -> bool:
        """Answered, not right, and none of its evidence shown to the reader."""
        return self.outcome == "answered" and not self.is_right and not any(self.cited)

    def is_found(self, within: int | None = None) -> bool:
        """Whether the hits, or the first of them, have the evidence of every part."""
        return all(rank is not None and (within is None or rank <= within) for rank in self.ranks)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: flags, ranks and a number, no text."""
        return {
            "id": self.id,
            "kind": self.kind,
            "outcome": self.outcome,
            "right": self.is_right,
            "cited": list(self.cited),
            "ranks": list(self.ranks),
            "probability": self.probability,
        }


@dataclass(frozen=True, slots=True)
class YinjuBenchmark:
    """What was measured: the set, what it was measured on, the figures by group, and each row."""

    name: YinjuName
    split: Split
    seed: int
    articles: int
    others: int
    rows: tuple[RowOutcome, ...]

    def groups(self) -> Groups:
        return count_groups(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """As JSON, with the commit and the machine."""
        figures = {
            group: {name: asdict(figure) for name, figure in found.items()}
            for group, found in self.groups().items()
        }
        head = {key: getattr(self, key) for key in ("name", "split", "seed", "articles", "others")}
        rows = [row.to_dict() for row in self.rows]
        return {**describe_run(), **head, "questions": len(rows), "figures": figures, "rows": rows}


def measure_yinju(
    name: YinjuName, data: Path, *, split: Split, limits: Limits, say: Say = print
) -> YinjuBenchmark:
    """Each row asked with its history; DataError says what of the files is missing.

    Searched are all articles that the split's rows name, without titles, and the other news.
    """
    kind = SETS[name]
    read = kind.read(data, split)
    texts = read.texts
    others = other_news(data, texts.values(), limits.distractors, limits.seed)
    asked = sampled(_of_kinds(read.rows, limits.kinds), limits.questions, limits.seed)
    say(f"{name}.{split}：{len(texts)} 篇文章，另加 {len(others)} 篇新闻，{len(asked)} 题")
    bot = rag.Chatbot.from_articles((("", text) for text in (*texts.values(), *others)), UNHURRIED)
    outcomes = ask_rows(bot, asked, texts, kind.is_right)
    return YinjuBenchmark(name, split, limits.seed, len(texts), len(others), outcomes)


def _of_kinds(rows: Sequence[YinjuRow], kinds: Sequence[str]) -> Sequence[YinjuRow]:
    """The rows of these kinds, all where none is named; DataError when there are none of one."""
    known = {row.kind for row in rows}
    for kind in kinds:
        if kind not in known:
            raise DataError(f"没有 {kind} 这一种题；有的是：{'、'.join(sorted(known))}")
    return [row for row in rows if row.kind in kinds] if kinds else rows


def other_news(data: Path, articles: Iterable[str], count: int, seed: int) -> list[str]:
    """So many distinct news, by the seed, none of which shares a run of characters with an article
    (``corpora.held_out``); DataError when they are not there.

    Those kept for measuring come first. Where they are too few, news that models learned from stand
    beside them: nothing is asked about any of these.
    """
    if not count:
        return []
    try:
        kept = list(dict.fromkeys(read_news(data, measuring=True)))
        known = set(kept)
        learned = [
            one
            for one in dict.fromkeys(read_news(data, held_out=HeldOut.from_texts(())))
            if one not in known
        ]
    except OSError as error:
        raise DataError(
            f"读不到 {data / NEWS_FILE}（{type(error).__name__}）；不要别的新闻请用 --others 0"
        ) from error
    Random(seed).shuffle(kept)
    Random(seed).shuffle(learned)
    asked_about = HeldOut.from_texts(articles)
    found: list[str] = []
    for text in chain(kept, learned):
        if len(found) == count:
            break
        if not asked_about.shares_run(text):
            found.append(text)
    if len(found) < count:
        raise DataError(f"{NEWS_FILE} 里可用的只有 {len(found)} 篇，不到 {count} 篇")
    return found


def ask_rows(
    bot: Answering,
    rows: Iterable[YinjuRow],
    texts: Mapping[str, str],
    is_right: Callable[[YinjuRow, Reply], bool],
) -> tuple[RowOutcome, ...]:
    """How each row ended, by the rule given."""
    names = {text: doc for doc, text in texts.items()}
    doc_of = {article.id: names.get(article.text, "") for article in bot.articles}
    outcomes = []
    for row in rows:
        answer = bot.answer(row.question, as_messages(row.history))
        reply = as_reply(answer, doc_of)
        outcomes.append(
            RowOutcome(
                id=row.id,
                kind=row.kind,
                is_answerable=row.is_answerable,
                outcome=answer.outcome,
                is_right=is_right(row, reply),
                cited=parts_cited(row, reply),
                ranks=hit_ranks(row, reply),
                probability=getattr(answer, "probability", None),
            )
        )
    return tuple(outcomes)


def as_messages(history: Sequence[str]) -> tuple[rag.Message, ...]:
    """A history of questions and answers in turns."""
    return tuple(
        rag.Message("assistant" if place % 2 else "user", said)
        for place, said in enumerate(history)
    )


def as_reply(answer: rag.Answer, doc_of: Mapping[str, str]) -> Reply:
    """An answer as it is judged, its places in the names of the set's articles."""
    passages = [hit.passage for hit in answer.hits]
    return Reply(
        outcome=answer.outcome,
        text=answer.text,
        short=answer.short or "",
        cited=tuple((doc_of[one.article_id], one.start, one.end) for one in answer.citations),
        hits=tuple((doc_of[one.article_id], one.start, one.end) for one in passages),
    )


def count_groups(rows: Sequence[RowOutcome]) -> Groups:
    """The figures of each kind, of the small kinds together, of what can be answered, of all."""
    kinds: dict[str, list[RowOutcome]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    answerable = [row for row in rows if row.is_answerable]
    small = [row for row in answerable if len(kinds[row.kind]) < _FEWEST_OF_A_KIND]
    groups = {kind: _figures(own) for kind, own in kinds.items()}
    groups |= {SMALL_KINDS: _figures(small), ALL_ANSWERABLE: _figures(answerable)}
    groups[ALL_ROWS] = {"wrong": share([row.is_wrong for row in rows])} if rows else {}
    return {group: found for group, found in groups.items() if found}


def _figures(rows: Sequence[RowOutcome]) -> dict[str, Figure]:
    """Of rows of one sort: what was refused and wrong, and of answerable ones the rest, too."""
    if not rows:
        return {}
    values = {
        "refused": [row.is_refused for row in rows],
        "wrong": [row.is_wrong for row in rows],
    }
    if all(row.is_answerable for row in rows):
        values |= {
            "right": [row.is_right for row in rows],
            "right and all cited": [row.is_right and all(row.cited) for row in rows],
            "found": [row.is_found() for row in rows],
            "found@1": [row.is_found(1) for row in rows],
            "found@8": [row.is_found(8) for row in rows],
        }
    return {name: share(found) for name, found in values.items()}
