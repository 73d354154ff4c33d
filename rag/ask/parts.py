"""A question that asks for several facts, taken apart into one part for each fact.

In goes a question in its standard form, out come its parts in its own words. Knows only these
words and the classes that rjieba's dictionary gives them: no passages, no turns before, no names.
What may be one fact stays whole, for whoever reads it finds two facts in one passage, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ask.cues import (
    APART,
    ASKS,
    CHANGES,
    DIFFER,
    EACH,
    ENCLOSED,
    GAP,
    JOINS,
    JUDGES,
    LEANS,
    POLITE,
    SPAN,
    SUM,
    THAN,
    asked_of_each,
    cue_of,
)
from rag.ask.part import MOST_PARTS, Part, Parts
from rag.ask.things import aligned, cut, filled, is_named, shown
from rag.text import tagged_words

_LABEL_CHARS = 12
_CLOSED = 0xE000  # private characters stand for what is enclosed while the question is cut
_ARTICLE = re.compile(r"第\w+[条款章]$")
_CLAUSE = re.compile(r"[^，？；。！]*[，？；。！]|[^，？；。！]+$")
_SIGNS = "，？；。！ "


def parts_of(question: str) -> Parts:
    """The parts of a question; one, the question itself, where it asks for one fact."""
    enclosed = ENCLOSED.findall(question)
    signs = iter(range(_CLOSED, _CLOSED + len(enclosed)))
    text = ENCLOSED.sub(lambda _: chr(next(signs)), question)
    text = re.sub(r"(?<!\d),|,(?!\d)", "，", text).translate(str.maketrans("?;", "？；"))
    found: list[Part] = []
    kinds: set[str] = set()
    for turn in _turns(text):
        kind, things = _joined(turn, len(found))
        kinds |= {kind, "sum" if kind == "each" and SUM.search(turn) else kind}
        found += _new(things or [_in_turn(turn, found)], found)
    if len(found) < 2:
        return Parts((Part(question, ""),))

    def opened(text: str) -> str:
        return re.sub(r"[\ue000-\uf8ff]", lambda sign: enclosed[ord(sign[0]) - _CLOSED], text)

    parts = [Part(opened(p.question), opened(p.label), p.before) for p in found[:MOST_PARTS]]
    compares = "compare" in kinds or bool(JUDGES.search(text))
    by_how_much = compares and any(p.search(text) for p in (GAP, CHANGES, APART))
    return Parts(tuple(parts), compares, "sum" in kinds, len(found) - len(parts), by_how_much)


def _new(parts: Sequence[Part], before: Sequence[Part]) -> list[Part]:
    """The parts that are not asked before, each once."""
    asked = {part.question for part in before}
    once = {part.question: part for part in parts if part.question not in asked}
    return list(once.values())


def _turns(text: str) -> list[str]:
    """The questions that are asked one after another, each with what leads to it."""
    turns: list[str] = []
    lead = ""
    for clause in _CLAUSE.findall(text):
        bare = clause.strip(_SIGNS)
        if turns and not lead and _is_of_those_before(bare, turns[-1]):
            turns[-1] += clause
        elif ASKS.search(clause):
            turns.append(lead + clause)
            lead = ""
        else:
            lead += clause
    return [*turns[:-1], turns[-1] + lead] if turns else [text]


def _is_of_those_before(clause: str, turn: str) -> bool:
    """Whether a clause asks which of those before is more, by how much, or for each of them."""
    if not clause or JUDGES.match(clause) or DIFFER.match(clause):
        return True
    several = JUDGES.search(turn) or any(word in JOINS for word, _ in tagged_words(turn))
    return bool(several) and any(pattern.match(clause) for pattern in (GAP, EACH, SUM))


def _in_turn(turn: str, before: list[Part]) -> Part:
    """One of several questions in turn; it leans on one before unless it names its own subject."""
    question = turn.strip(_SIGNS)
    bare = JUDGES.sub("", question).strip(_SIGNS)
    question = bare if ASKS.search(bare) else question
    asks = ASKS.search(f"{question}？")
    label = re.sub(r"[是有在又还，]+$", "", question[: asks.start()]) if asks else ""
    if len(label) > _LABEL_CHARS or LEANS.search(label) or _breaks_off(label):
        label = ""
    standing = [number for number, part in enumerate(before) if part.before is None]
    leans = standing and (not is_named(question) or LEANS.search(question))
    on = len(before) - 1 if question.startswith("其") else max(standing, default=0)
    return Part(f"{question}？", label, on if leans else None)


def _breaks_off(label: str) -> bool:
    """Whether words end in one that goes on to another: 王某最初 | 出海遇险该打."""
    words = tagged_words(label)
    return bool(words) and words[-1][1][0] in "dvfpcr"


def _joined(turn: str, number: int) -> tuple[str, list[Part]]:
    """How one question holds its things together, and a part for each of them from a number on."""
    turn = re.sub(r"，(?=和|与|跟|以及|还是|加上)", "", POLITE.sub("", turn.rstrip(_SIGNS)))
    turn = re.sub(rf"，(?={THAN.pattern}[^，]+{GAP.pattern})", "", turn)
    turn = re.sub(r"^(比较|对比)(?:一下)?(.+)", r"\2对比", turn)
    span, changes = SPAN.search(turn), CHANGES.search(turn)
    if span and changes and span.end() <= changes.start():
        times = [span["first"], filled(span["first"], span["last"])]
        behind = turn[span.end() : changes.start()] + turn[changes.end() :]
        return "compare", _parts(turn[: span.start()], times, behind, number)
    cue = cue_of(turn)
    (lead, comma, clause), moved = cue.head.rpartition("，"), ""
    while comma and len(cut(clause, cue.joins)) < 2:
        moved = f"{clause}{moved}"
        lead, comma, clause = lead.rpartition("，")
    pieces = cut(re.sub(r"(?:之间|相|[里中])$", "", clause.removeprefix("是")), cue.joins)
    if len(pieces) < 2:
        return "", []
    before, things, own = aligned(pieces)
    # 第3条和第5条规定了什么 asks of each; 甲2019年和2020年怎么样 may be one fact.
    rest = before + own + moved if cue.kind == "none" and not _ARTICLE.match(things[0]) else ""
    if not all(things) or any(map(ASKS.search, [*things, rest])) or not shown(cue, pieces):
        return "", []
    behind = own + asked_of_each(moved + cue.tail)
    size = re.search("[大高长重远快]", cue.tail)
    if behind == "多少" and size and "的" not in lead + before + things[0]:
        behind = f"多{size[0]}"  # 甲和乙哪个大
    return cue.kind, _parts(f"{lead}{comma}{before}", things, behind, number)


def _parts(lead: str, things: list[str], behind: str, number: int) -> list[Part]:
    """A part for each thing; one that says not whose it is, as the first does, leans on it."""
    # 校队对东山 | 对西山, 水库一期开工 | 二期竣工 begin otherwise.
    begins = [tagged_words(re.sub("^[一二三四五六]期", "2", thing))[0][1][0] for thing in things]
    leaning = [not lead and kind in "vpm" and kind != begins[0] for kind in begins]
    return [
        Part(f"{lead}{thing}{behind}？", thing.strip("的"), number if leans else None)
        for thing, leans in zip(things, leaning, strict=True)
    ]
