"""The subjects that a question compares, each with what of its own is asked about it.

Knows only what stands before the comparing words: names, or whole things and events, joined by 和,
与, 跟, 、, 比 or 还是. A property behind the last one is asked of all, except where the first has
one of its own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.queries.asked_of_each import DEGREES, TOGETHER
from rag.queries.frames import PERIOD, has_verb, own_asking
from rag.queries.subjects import DESIGNATION, begins_with_noun, core_of, find_name, is_name
from rag.text import tagged_words

# The joining characters stand in longer words, too: 合同, 同比, 参与, 占比 join nothing.
_THAN = r"(?<![同环占对相配])比(?![例重赛率值分亚])"
_JOINING = (
    rf"以及|还是|有没有|(?<![饱缓柔])和(?![谐睦解])|跟(?![踪进随])|(?<![参赋])与(?!会)|"
    rf"(?<![合共不相协会陪随])同(?![比期时样步等意])|{_THAN}"
)
_JOINER = re.compile(rf"[，,]?\s*(?P<word>{_JOINING})\s*是?|[、，,]\s*")
_OPPOSES = re.compile(rf"还是|有没有|{_THAN}")
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|「[^」]*」|\([^)]*\)|（[^）]*）")
ASKS_A_FACT = re.compile(r"多少|几|什么|哪些|怎|多[大高长远久快]")
_DEGREE_AT_END = re.compile(rf"(?:是|在)?(?:更|最|比较)?(?:(?<=.)[{DEGREES}]|(?<=在)[先前后])$")
_NAME = re.compile(
    rf"[^的，,、]+?(?=的|[，,、]|{PERIOD.pattern}|当[天日年月]|目前|一共|总共|(?<![存潜现实所])在|从|$)"
)
_NAME_CHARS = range(2, 31)
_PART = re.compile(r"^第?[\d一二三四五六七八九十]+(?P<what>号线|阶段|标段|[期批届次轮号])")
_TOGETHER_AT_END = re.compile(rf"[，,]?{TOGETHER}$")
_OF_TOGETHER = re.compile(rf"^{TOGETHER}[^的]{{0,4}}(?=的)|^之间")
_PAST = re.compile(r"^(?:上年|上月|同期|往年|以往|之前|以前)")
_SAME_CHARS = 2
_PROPERTY_CHARS = 6
_TOWARDS = "对向给在从由为"


class Piece(NamedTuple):
    """What stands before a name, the name, and what of its own is asked about it."""

    before: str
    name: str
    own: str
    is_of_known_kind: bool

    @property
    def is_whole(self) -> bool:
        """Whether it says itself what is done, as an event does: 云桥大桥通车."""
        return not self.own and not self.is_of_known_kind and has_verb(self.name)


def asked_about(head: str) -> tuple[str, ...]:
    """Each compared subject with what is asked about it; empty where fewer than two are joined."""
    head = _TOGETHER_AT_END.sub("", head.rstrip("，,？? "))
    pieces, is_opposed = _pieces(head)
    if len(pieces) < 2:
        return ()
    first, last = pieces[0], pieces[-1]
    if _are_properties(first, pieces[1:], is_opposed=is_opposed):
        # 甲的员工和客户: what is joined are two properties of one subject.
        period = PERIOD.match(first.own)
        of = f"{period.group() if period else ''}的"
        properties = [first.own, *(f"{of}{piece.name}" for piece in pieces[1:])]
        return tuple(f"{first.before}{first.name}{own}" for own in properties)
    shared = _of_last_for_all(first, last)
    if shared:
        bare = last.own.removesuffix(shared)
        owns = [f"{piece.own}{shared}" for piece in [*pieces[:-1], last._replace(own=bare)]]
    else:
        given = (p.own for p in reversed(pieces) if p.own and not _PART.match(p.own))
        inherited = next(given, "") if not any(piece.is_whole for piece in pieces) else ""
        owns = [piece.own or inherited for piece in pieces]
    named = [_with_whole(piece.name, first) for piece in pieces]
    return tuple(
        f"{piece.before or first.before}{name}{own}"
        for piece, name, own in zip(pieces, named, owns, strict=True)
    )


def _are_properties(first: Piece, others: list[Piece], *, is_opposed: bool) -> bool:
    """Whether what follows the joiner are further properties of the first name.

    Behind 比 and 还是 they have to end as its own property does, or be a measure.
    """
    if not first.own or any(piece.own or piece.is_of_known_kind for piece in others):
        return False
    like = all(_end_alike(first.own, piece.name) or own_asking(piece.name) for piece in others)
    if like:
        return True
    are_events = any(_is_event_beside(first, piece.name) for piece in others)
    return first.is_of_known_kind and not is_opposed and not are_events


def _is_event_beside(first: Piece, text: str) -> bool:
    """Whether a text says whole what is done, and not only of the first name: 二厂试产."""
    if not has_verb(text) or first.own[:_SAME_CHARS] == text[:_SAME_CHARS]:
        return False
    is_long = len(text) > _PROPERTY_CHARS and not first.own.startswith("的")
    return begins_with_noun(text) or is_long


def _of_last_for_all(first: Piece, last: Piece) -> str:
    """The property behind things of one kind: 的面积 of 甲建的厂房和乙的厂房的面积; or empty."""
    things, of, what = last.own.rpartition("的")
    whole = f"{first.name}{first.own}"
    is_own = not first.own or not things
    return of + what if not is_own and _end_alike(whole, things) and what else ""


def _end_alike(one: str, other: str) -> bool:
    return one[-_SAME_CHARS:] == other[-_SAME_CHARS:]


def _with_whole(name: str, first: Piece) -> str:
    """二期 with what the first name has before its 一期; 对甲 without the 对 that the first has."""
    if first.before[-1:] in tuple(_TOWARDS):
        return name.removeprefix(first.before[-1])
    part = _PART.match(name)
    whole = first.name + first.own
    like = part and re.search(rf"第?[\d一二三四五六七八九十]+{part['what']}", whole)
    return whole[: like.start()] + name if like else name


def _pieces(head: str) -> tuple[list[Piece], bool]:
    """The compared names, and whether the first joiner opposes them (比, 还是)."""
    joins = _joins(head)
    for position, join in enumerate(joins):
        first = _first(head[: join.start()])
        rest = _joined(head, joins[position:])
        if not first or not rest:
            continue
        if join["word"] or (first.is_of_known_kind and rest[0].is_of_known_kind):
            return [first, *rest], bool(_OPPOSES.search(head))
    return [], False


def _joins(head: str) -> list[re.Match[str]]:
    """Where names may be joined: neither within quotes nor as the beginning of a longer word.

    A word's end may be one by chance: 林祥和王芳 has 祥和.
    """
    inside = [match.span() for match in _QUOTED.finditer(head)]
    start = 0
    for word, _ in tagged_words(head):
        if len(word) > 1 and not _JOINER.fullmatch(word):
            inside.append((start, start + len(word) - 1))
        start += len(word)
    return [
        join
        for join in _JOINER.finditer(head)
        if not any(a <= join.start("word" if join["word"] else 0) < b for a, b in inside)
    ]


def _joined(head: str, joins: list[re.Match[str]]) -> list[Piece]:
    """What follows the first joiner, cut at each later one that stands between two names."""
    starts, ends = [joins[0].end()], []
    for join in joins[1:]:
        between = _piece(head[starts[-1] : join.start()])
        following = _piece(head[join.end() :])
        is_name = following and (following.is_of_known_kind or join["word"] or "、" in join.group())
        if between and not between.own and is_name:
            ends.append(join.start())
            starts.append(join.end())
    parts = [head[a:b] for a, b in zip(starts, [*ends, len(head)], strict=True)]
    pieces = [_piece(part) for part in parts]
    return [piece for piece in pieces if piece] if all(pieces) else []


def _first(left: str) -> Piece | None:
    """The name before the first joiner, after the last comma, with what stands before it.

    What stands before a name without 的 is said of all: 今年, 今年出口额, 暑期里.
    """
    before, comma, clause = left.rpartition("，")
    piece = _piece(clause)
    name = find_name(clause)
    start = clause.find(name) if name else 0
    stands_alone = core_of(name) != name or clause.endswith(name)
    if start > 0 and stands_alone and not clause[:start].endswith(("的", "·")):
        piece = _piece(clause[start:])
        piece = piece and piece._replace(before=clause[:start].removesuffix("是") + piece.before)
    return piece and piece._replace(before=f"{before}{comma}{piece.before}")


def _piece(text: str) -> Piece | None:
    """The name that a text begins with, and the rest; None when it begins with none.

    A period alone is none: a subject is held against its own past then.
    """
    text = text.removeprefix("是")
    period = PERIOD.match(text)
    before = period.group() if period else ""
    text = text.removeprefix(before)
    subject = find_name(text)
    is_known = text.startswith(subject) and is_name(subject)
    if _PAST.match(text) or (before and not is_known):
        return None
    match = _NAME.match(text)
    name = match.group() if match else ""
    if is_known:
        designation = DESIGNATION.match(text, len(subject))
        name = subject + (designation.group() if designation else "")
    if len(name) not in _NAME_CHARS or (not is_known and ASKS_A_FACT.search(name)):
        return None
    own = _DEGREE_AT_END.sub("", _OF_TOGETHER.sub("", text.removeprefix(name)))
    return Piece(before, name if own else _bare(name), "" if own == "的" else own, is_known)


def _bare(name: str) -> str:
    """A name without the degree that it is opposed by: 利税 of 还是利税高."""
    bare = _DEGREE_AT_END.sub("", name)
    return bare if len(bare) > 1 else name
