"""A question that compares subjects, taken apart into one question for each of them.

Knows only the words of the question. In front of a cue (分别, 各有, 相比, 哪个……更, 比……多) stand
names joined by 和, 与, 跟, 、, 比 or 还是; what is asked may stand before the names, behind
each of them, or behind the cue.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.queries.asking import content_of
from rag.queries.subjects import find_name, names_by_ending

_DEGREES = "多少大小高低长短快慢早晚强重轻远近贵深浅好"
_EARLY_LATE = "早晚先"
_ALWAYS = re.compile(
    rf"[，,]?\s*(?:各(?![种类项级方部区个位族国省市县界地式])|分别|相比|比起来|相差|差多少|差距|"
    rf"[多少][^，,]{{0,4}}(?:多少|几)|[高低大小早晚快慢长](?:了|出)?(?:多少|几)|"
    rf"比(?=[，,])|(?<!多)更?[{_DEGREES}]一?[些点]?$)"
)
_WITH_DEGREE = re.compile(r"[，,]?\s*(?:哪(?:边|个|家|方|所|座|部|一个|者|国|队|地)|谁)")
_HAS_DEGREE = re.compile(rf"更|最|先|(?<!多)[{_DEGREES}](?=[，,？?]|$)")
_LEAD = re.compile(r"^(?:请问|请)?(?P<verb>(?:对比|比较)(?:一下)?)?是?")
# The joining characters stand in longer words, too: 合同, 同比, 参与, 占比 join nothing.
_THAN = r"(?<![同环占对相配])比(?![例重赛率值分亚])"
_JOINING = (
    rf"以及|还是|有没有|和(?![谐睦解])|跟(?![踪进随])|(?<![参赋])与(?!会)|"
    rf"(?<![合共不相协会陪随])同(?![比期时样步等意])|{_THAN}"
)
_JOINER = re.compile(rf"[，,]?\s*(?:{_JOINING})\s*是?|[、，,]\s*")
_OPPOSES = re.compile(rf"还是|有没有|{_THAN}")
_COMPARING = re.compile(
    r"(?<!分别是)(?<![在由于])哪(?:边|个|家|方|所|座|部|一个|者|国|队|地)的?|(?<![是由])谁的?|分别|各自|各|相比(?:之下)?|"
    r"比起来|比(?=[，,])|[，,？?]|都"
)
_STILL_ASKS = re.compile(r"谁|哪")  # 分别是谁: it asks for each, not which of them
_DEGREE_AT_END = re.compile(rf"(?:更|最|比较)?[{_DEGREES}]$")
_DEGREE_FIRST = re.compile(rf"^(?:更|最|比较)[{_DEGREES}先]")
# 哪边人数多，各多少: without its comma the degree would run into the asking word.
_DEGREE_BEFORE_ASKING = re.compile(rf"更?[{_DEGREES}](?=是?(?:多少|几|多[大高长远久快]))")
_ASKS = re.compile(r"多少|几|什么|哪些|怎|多[大高长远久快]")
_NAME = re.compile(r"[^的，,、]+?(?=的|[，,、]|去年|今年|\d{4}年|上半年|下半年|第[一二三四]季度|$)")
_NAME_CHARS = range(2, 13)
_PART_OF_NAME = re.compile(r"^(?:第?[\d一二三四五六七八九十]+[号期]|号线)")
_TOGETHER = re.compile(
    r"^(?:[二两三四五六七八九十\d]|几)(?:家|地|市|个|所|座|者|国|省|队)[^的]{0,4}(?=的)|^之间"
)
_PERIOD = re.compile(r"^(?:去年|前年|今年|上年|上月|同期|往年|以往|之前|以前|\d{4}年)")


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
        return _around_two_names(bare) if _HAS_DEGREE.search(tail) or _ALWAYS.search(bare) else ()
    first, asked = pieces[0], _asked(tail)
    are_properties = not any(piece.own or piece.is_of_known_kind for piece in pieces[1:])
    if first.own and are_properties and not _OPPOSES.search(head):
        # 甲的员工和客户: what is joined are two properties of one subject.
        properties = [first.own, *(f"的{piece.name}" for piece in pieces[1:])]
        return tuple(f"{first.before}{first.name}{own}{asked}？" for own in properties)
    owns = (piece.own for piece in reversed(pieces))
    shared = next((own for own in owns if own and not _PART_OF_NAME.match(own)), "")
    return tuple(
        f"{piece.before or first.before}{piece.name}{piece.own or shared}{asked}？"
        for piece in pieces
    )


def _around_two_names(question: str) -> tuple[str, ...]:
    """The question cut before the second of two names, for wordings that no joiner shows."""
    names = names_by_ending(question)
    if len(names) != 2 or names[0] == names[1]:
        return ()
    first, second = names
    start = question.find(first)
    middle = question.find(second, start + len(first))
    own = question[start + len(first) : middle].strip("，,的 ")
    if middle < 0 or question[:middle].endswith((first, "的")):
        return ()  # the second belongs to the first: 甲建成的公园
    rest = question[middle + len(second) :]
    left = f"{question[:start]}{first}{own}"
    asked = "" if _ASKS.search(own) else rest if not content_of(own).strip() else "多少"
    return f"{left}{asked}？", f"{question[:start]}{second}{rest}？"


def _around_cue(question: str) -> tuple[str, str]:
    """What stands before the cue of a comparison, and from it on; no tail without a cue."""
    cues = [_ALWAYS.search(question)]
    with_degree = _WITH_DEGREE.search(question)
    if with_degree and _HAS_DEGREE.search(question[with_degree.end() :]):
        cues.append(with_degree)
    starts = [cue.start() for cue in cues if cue]
    if starts:
        return question[: min(starts)], question[min(starts) :]
    return (question, "？") if "还是" in question else (question, "")


def _pieces(head: str) -> list[_Piece]:
    """The compared names of the part before the cue, each with what belongs to it."""
    joins = list(_JOINER.finditer(head))
    for position, join in enumerate(joins):
        first = _last_name(head[: join.start()])
        rest = _joined(head, joins[position:])
        if not first or not rest:
            continue
        if not _is_comma(join) or (first.is_of_known_kind and rest[0].is_of_known_kind):
            return [first, *rest]
    return []


def _joined(head: str, joins: list[re.Match[str]]) -> list[_Piece]:
    """What follows the first joiner, cut at each later one that stands between two names."""
    starts, ends = [joins[0].end()], []
    for join in joins[1:]:
        between = _piece("", head[starts[-1] : join.start()])
        following = _piece("", head[join.end() :])
        is_name = following and (following.is_of_known_kind or not _is_comma(join))
        if between and not between.own and is_name:
            ends.append(join.start())
            starts.append(join.end())
    parts = [head[a:b] for a, b in zip(starts, [*ends, len(head)], strict=True)]
    pieces = [_piece("", part) for part in parts]
    return [piece for piece in pieces if piece] if all(pieces) else []


def _is_comma(join: re.Match[str]) -> bool:
    return join.group().strip() in ("，", ",")


def _last_name(left: str) -> _Piece | None:
    """The name nearest to the first joiner, after the last comma, with what stands before it."""
    before, comma, clause = left.rpartition("，")
    subject = find_name(clause)
    lead = clause[: clause.find(subject)] if subject else ""
    return _piece(f"{before}{comma}{lead.removesuffix('是')}", clause.removeprefix(lead))


def _piece(before: str, text: str) -> _Piece | None:
    """The name that a text begins with, and the rest; None when it begins with none."""
    subject = find_name(text)
    is_known = bool(subject) and text.startswith(subject)
    match = _NAME.match(text)
    name = subject if is_known else match.group() if match else ""
    if len(name) not in _NAME_CHARS or (not is_known and _ASKS.search(name)):
        return None
    if _PERIOD.match(name):
        return None  # a subject held against its own past
    own = _DEGREE_AT_END.sub("", _TOGETHER.sub("", text.removeprefix(name)))
    return _Piece(before, name, "" if own == "的" else own, is_known)


def _asked(tail: str) -> str:
    """What is asked about each: the words from the cue on, without those that only compare."""
    rest = _COMPARING.sub("", tail).strip()
    if _ASKS.search(rest) or _STILL_ASKS.search(rest):
        return _DEGREE_BEFORE_ASKING.sub("", rest)
    degree = _DEGREE_AT_END.search(rest) or _DEGREE_FIRST.match(rest)
    rest = _DEGREE_FIRST.sub("", _DEGREE_AT_END.sub("", rest))
    is_time = degree is not None and bool(set(degree.group()) & set(_EARLY_LATE))
    return f"{rest}{'什么时候' if is_time else '多少'}"
