"""A question that compares subjects, taken apart into one question for each of them.

Knows only the words of the question. In front of a cue (分别, 各有, 相比, 哪个……更, 比……多) stand
names joined by 和, 与, 跟, 、, 比 or 还是; what is asked may stand before the names, behind
each of them, or behind the cue.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.queries.subjects import find_subject

_DEGREES = "多少大小高低长短快慢早晚强"
_EARLY_LATE = "早晚"
_ALWAYS = re.compile(
    rf"[，,]?\s*(?:各(?:自|是|有|为|多少|几)|分别|相比|比起来|相差|差多少|差距|"
    rf"[多少][^，,]{{0,4}}(?:多少|几)|[高低大小早晚快慢长](?:了|出)?(?:多少|几)|"
    rf"比(?=[，,])|(?<!多)更?[{_DEGREES}]一?[些点]?$)"
)
_WITH_DEGREE = re.compile(r"[，,]?\s*(?:哪(?:边|个|家|方|所|座|一个|者|国|队|地)|谁)")
_HAS_DEGREE = re.compile(rf"更|最|先|(?<!多)[{_DEGREES}](?=[，,？?]|$)")
_LEAD = re.compile(r"^(?:请问|请)?(?P<verb>(?:对比|比较)(?:一下)?)?是?")
_JOINER = re.compile(r"[，,]?\s*(?:以及|还是|[和跟与同比])\s*是?|[、，,]\s*")
_COMPARING = re.compile(
    r"哪(?:边|个|家|方|所|座|一个|者|国|队|地)(?:的|更)?|谁(?:的|更)?|分别|各自|各|相比(?:之下)?|"
    r"比起来|比(?=[，,])|[，,？?]|都"
)
_DEGREE_AT_END = re.compile(rf"更?[{_DEGREES}]$")
_ASKS = re.compile(r"多少|几|什么|哪些|怎|多[大高长远久快]")
_NAME = re.compile(r"[^的，,、]+?(?=的|[，,、]|去年|今年|\d{4}年|上半年|下半年|第[一二三四]季度|$)")
_NAME_CHARS = range(2, 13)


class _Piece(NamedTuple):
    """What stands before a name, the name, and what of its own is asked about it."""

    before: str
    name: str
    own: str
    is_of_known_kind: bool


def split_comparison(question: str) -> tuple[str, ...]:
    """One stand-alone question for each compared subject; empty when nothing is compared."""
    bare = question.rstrip("？?。 ")
    lead = _LEAD.match(bare)
    head, tail = _around_cue(bare[lead.end() :] if lead else bare)
    if not tail and not (lead and lead["verb"]):
        return ()
    pieces = _pieces(head)
    if len(pieces) < 2:
        return ()
    first, asked = pieces[0], _asked(tail)
    if first.own and not any(piece.own or piece.is_of_known_kind for piece in pieces[1:]):
        # 甲的员工和客户: what is joined are two properties of one subject.
        properties = [first.own, *(f"的{piece.name}" for piece in pieces[1:])]
        return tuple(f"{first.before}{first.name}{own}{asked}？" for own in properties)
    shared = next((piece.own for piece in reversed(pieces) if piece.own), "")
    return tuple(
        f"{piece.before or first.before}{piece.name}{piece.own or shared}{asked}？"
        for piece in pieces
    )


def _around_cue(question: str) -> tuple[str, str]:
    """What stands before the cue of a comparison, and from it on; no tail without a cue."""
    cues = [_ALWAYS.search(question)]
    with_degree = _WITH_DEGREE.search(question)
    if with_degree and _HAS_DEGREE.search(question[with_degree.end() :]):
        cues.append(with_degree)
    starts = [cue.start() for cue in cues if cue]
    return (question[: min(starts)], question[min(starts) :]) if starts else (question, "")


def _pieces(head: str) -> list[_Piece]:
    """The compared names of the part before the cue, each with what belongs to it."""
    joins = list(_JOINER.finditer(head))
    for position, join in enumerate(joins):
        first = _last_name(head[: join.start()])
        rest = _joined(head, joins[position:])
        is_comma = join.group().strip() in ("，", ",")
        if not first or not rest:
            continue
        if not is_comma or (first.is_of_known_kind and rest[0].is_of_known_kind):
            return [first, *rest]
    return []


def _joined(head: str, joins: list[re.Match[str]]) -> list[_Piece]:
    """What follows the first joiner, cut at each later one that stands between two names."""
    starts, ends = [joins[0].end()], []
    for join in joins[1:]:
        between = _piece("", head[starts[-1] : join.start()])
        if between and not between.own and _piece("", head[join.end() :]):
            ends.append(join.start())
            starts.append(join.end())
    parts = [head[a:b] for a, b in zip(starts, [*ends, len(head)], strict=True)]
    pieces = [_piece("", part) for part in parts]
    return [piece for piece in pieces if piece] if all(pieces) else []


def _last_name(left: str) -> _Piece | None:
    """The name nearest to the first joiner, after the last comma, with what stands before it."""
    before, comma, clause = left.rpartition("，")
    subject = find_subject(clause)
    lead = clause[: clause.find(subject)] if subject else ""
    return _piece(f"{before}{comma}{lead}", clause.removeprefix(lead))


def _piece(before: str, text: str) -> _Piece | None:
    """The name that a text begins with, and the rest; None when it begins with none."""
    subject = find_subject(text)
    is_known = bool(subject) and text.startswith(subject)
    match = _NAME.match(text)
    name = subject if is_known else match.group() if match else ""
    if len(name) not in _NAME_CHARS or (not is_known and _ASKS.search(name)):
        return None
    own = _DEGREE_AT_END.sub("", text.removeprefix(name))
    return _Piece(before, name, "" if own == "的" else own, is_known)


def _asked(tail: str) -> str:
    """What is asked about each: the words from the cue on, without those that only compare."""
    rest = _COMPARING.sub("", tail).strip()
    if _ASKS.search(rest):
        return rest
    degree = _DEGREE_AT_END.search(rest)
    rest = _DEGREE_AT_END.sub("", rest)
    is_time = degree is not None and degree.group()[-1] in _EARLY_LATE
    return f"{rest}{'什么时候' if is_time else '多少'}"
