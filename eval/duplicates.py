"""Copies of a story found, and stories that only share a template kept apart.

Made from the news rows kept for measuring. Edited copies stand among all of these rows, and each
story is searched for by one of its sentences: the best hit from the pair has to name the other
copy, and no other hit may repeat it. A copy with one figure changed, and real reports of one
template with other figures, must not be named. Knows nothing of how copies are found.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import rag
from corpora.files import DataError
from corpora.news import NEWS_FILE, read_news
from eval.metrics import bootstrap_interval, fold

SEARCH_DEPTH = 10
MIN_CHARS = 200
MIN_SENTENCES = 6
CUT_SHARE = 0.2
TEMPLATE_SENTENCES = 2  # so many sentences alike but for their figures make a template
SHAPE_CHARS = 12
REPEATED = 0.7  # share of a hit's stretches of so many characters that better hits hold
STRETCH_CHARS = 6
_SENTENCE = re.compile(r"[^。！？]+[。！？]?”?")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SWAPS = (
    ("表示", "称"), ("目前", "现"), ("日前", "近日"), ("进行", "开展"), ("但是", "不过"),
    ("因为", "由于"), ("已经", "已"), ("并且", "而且"), ("大约", "约"), ("帮助", "协助"),
    ("非常", "十分"), ("认为", "指出"), ("其中", "当中"), ("以及", "和"), ("通过", "经由"),
    ("此次", "这次"), ("相关", "有关"), ("如果", "若"), ("开始", "着手"), ("获得", "取得"),
)  # fmt: skip


Edit = Callable[[list[str], Sequence[str], random.Random], str]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, by their places in the pool, and a sentence of the first to search for."""

    kind: str
    first: int
    second: int
    question: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the hits said of a pair: named together, and how many hits repeat a better one."""

    kind: str
    is_named: bool
    repeats: int


def sentences(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def cut(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    kept = sorted(dice.sample(range(len(story)), round(len(story) * (1 - CUT_SHARE))))
    return "".join(story[place] for place in kept)


def retitled(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    headline = re.split(r"[，。：]", dice.choice(story))[0]
    return f"{headline}\n本报综合消息 {''.join(story)}"


def reordered(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    return story[0] + "".join(dice.sample(story[1:], len(story) - 1))


def reworded(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    text = "".join(story)
    for old, new in _SWAPS:
        text = text.replace(old, new)
    return text


def extended(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    return "".join([*story, "\n", *sentences(dice.choice(others))[:3]])


def contained(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    before, after = dice.sample(others, 2)
    return f"{before}\n{''.join(story)}\n{after}"


def edited(story: list[str], others: Sequence[str], dice: random.Random) -> str:
    """Cut, reworded, with another headline and a paragraph more."""
    short = sentences(reworded(sentences(cut(story, others, dice)), others, dice))
    return retitled(sentences(extended(short, others, dice)), others, dice)


EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (cut, retitled, reordered, reworded, extended, contained, edited)
}


def with_a_figure_changed(text: str, dice: random.Random) -> tuple[str, str] | None:
    """The text with one figure changed, and the sentence in which it stood; None without one."""
    found = list(_FIGURE.finditer(text))
    if not found:
        return None
    figure = dice.choice(found)
    changed = str(int(figure[0][0]) % 9 + 1) + figure[0][1:]
    before = sentences(text[: figure.end()])[-1]
    question = next(one for one in sentences(text) if one.startswith(before))
    return f"{text[: figure.start()]}{changed}{text[figure.end() :]}", question


def template_pairs(rows: Sequence[str]) -> list[Pair]:
    """Pairs of rows with several sentences that are the same but for their figures."""
    shared: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for alike in _sentences_by_shape(rows):
        for (first, one), (second, other) in combinations(alike, 2):
            if first != second and one != other:
                shared[first, second].append(one)
    pairs: list[Pair] = []
    used: set[int] = set()
    for (first, second), questions in sorted(shared.items()):
        if len(questions) >= TEMPLATE_SENTENCES and not {first, second} & used:
            used |= {first, second}
            pairs.append(Pair("template", first, second, max(questions, key=len)))
    return pairs


def _sentences_by_shape(rows: Sequence[str]) -> Iterable[list[tuple[int, str]]]:
    """Sentences with figures, and the rows they stand in, by what is left without the figures."""
    by_shape: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for place, row in enumerate(rows):
        for one in dict.fromkeys(sentences(row)):
            shape, count = _FIGURE.subn("#", one)
            if count and len(shape) >= SHAPE_CHARS:
                by_shape[shape].append((place, one))
    return by_shape.values()


def make_pool(rows: Sequence[str], per_kind: int) -> tuple[list[str], list[Pair]]:
    """All rows and at most ``per_kind`` copies of each kind, and the pairs to be judged."""
    pool, pairs = list(rows), template_pairs(rows)
    stories = [
        place
        for place, row in enumerate(rows)
        if len(row) >= MIN_CHARS and len(sentences(row)) >= MIN_SENTENCES
    ]
    dice = random.Random(0)
    chosen = dice.sample(stories, min(len(stories), per_kind * (len(EDITS) + 1)))
    kinds = [*EDITS, "figure"]
    for number, place in enumerate(chosen):
        kind, story = kinds[number % len(kinds)], sentences(rows[place])
        if kind == "figure":
            made = with_a_figure_changed(rows[place], dice)
        else:
            text = EDITS[kind](story, rows, dice)
            kept = [one for one in story if one in text]
            made = (text, max(kept, key=len)) if kept else None
        if made:
            pairs.append(Pair(kind, place, len(pool), made[1]))
            pool.append(made[0])
    return pool, pairs


def measure(rows: Sequence[str], config: rag.Config, per_kind: int) -> list[Outcome]:
    """Search for each pair's sentence among all rows and copies."""
    pool, pairs = make_pool(rows, per_kind)
    bot = rag.Chatbot.from_articles([("", text) for text in pool], config)
    longest = config.max_question_chars
    return [judge(pair, bot.search(pair.question[:longest], SEARCH_DEPTH)) for pair in pairs]


def judge(pair: Pair, hits: Sequence[rag.Hit]) -> Outcome:
    """Whether the best hit from one of the pair names the other, and the hits that repeat."""
    both = {f"memory/{place + 1}" for place in (pair.first, pair.second)}
    best = next((hit for hit in hits if hit.source in both), None)
    named = {copy.source for copy in best.also_in} if best else set()
    seen: set[str] = set()
    repeats = 0
    for hit in hits:
        text = fold(hit.passage.text)
        pieces = {text[start : start + STRETCH_CHARS] for start in range(len(text))}
        repeats += bool(seen) and len(pieces & seen) / len(pieces) >= REPEATED
        seen |= pieces
    return Outcome(pair.kind, bool(best and named & (both - {best.source})), repeats)


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Of one kind: pairs, the share named together with its interval, repeating hits a search."""

    kind: str
    pairs: int
    named: float
    interval: tuple[float, float]
    repeats: float


def figures(outcomes: Sequence[Outcome]) -> list[KindFigures]:
    """One line a kind; of ``figure`` and ``template`` none should be named together."""
    lines = []
    for kind in [*EDITS, "figure", "template"]:
        of_kind = [one for one in outcomes if one.kind == kind]
        if of_kind:
            named = [float(one.is_named) for one in of_kind]
            repeats = sum(one.repeats for one in of_kind) / len(of_kind)
            interval = bootstrap_interval(named)
            lines.append(KindFigures(kind, len(named), sum(named) / len(named), interval, repeats))
    return lines


def read_rows(folder: Path) -> list[str]:
    """The news rows kept for measuring, in file order; DataError when the file is not there."""
    if not (folder / NEWS_FILE).is_file():
        raise DataError(f"{folder} 里没有 {NEWS_FILE}；请用 --data 指到训练数据的文件夹")
    return list(read_news(folder, measuring=True))
