"""A question that asks for several facts, taken apart into one part for each fact.

In goes a question in its standard form, out come its parts in its own words. Knows only these
words and the classes that rjieba's dictionary gives them: no passages, no turns before, no names.
What may be one fact stays whole, for whoever reads it finds two facts in one passage, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.ask.part import MOST_PARTS, Part, Parts
from rag.ask.word_lists import TIME, WORDS
from rag.text import tagged_words

_LABEL_CHARS = 12
_CLOSED = 0xE000  # private characters stand for what is enclosed while the question is cut
_W = WORDS
_TIME, _WHICH = TIME, rf"(?:{_W['which']})"
_DEGREE = (
    rf"(?:[更最]\w{{1,2}}|(?<!多)[{_W['degrees']}](?:一?[些点])?|(?<=得)\w{{1,2}}(?=[，？]|$)|"
    r"在?[先前后](?![进后生]))"
)
_ASKS, _EACH, _SUM, _DIFFER, _LEANS, _POLITE, _ENCLOSED, _PAST, _THAN = (
    re.compile(_W[name])
    for name in ("asks", "each", "sum", "differ", "lean", "polite", "enclosed", "past", "than")
)
_JOINS = frozenset(_W["join"].split("|"))
_JUDGES = re.compile(
    rf"{_WHICH}[^，？]*?(?:[更最]\w+|{_DEGREE}(?=[，？]|$)|先(?![进生])\w*)|最\w{{1,6}}的是?{_WHICH}$"
)
_KINDS = {_DIFFER: "compare", _JUDGES: "compare", _EACH: "each", _SUM: "sum"}
_DEGREE_AT_END = re.compile(rf"(?:是|要|会)?{_DEGREE}(?:的是?)?$|^先")
# By how much, and not how much: 高出多少, 早建成了几年.
_GAP = re.compile(rf"[更还]?(?<![增提])[{_W['degrees']}]\w{{0,3}}?(?=多少|几|多[大高长远久快])")
_SPAN = re.compile(rf"从(?P<first>\w{{0,3}}?{_TIME})[到至](?P<last>{_TIME})[，,]?")
_CHANGES = re.compile(
    rf"(?:又|还|{_W['sum']})*(?:{_W['changes']})(?!到)\w?了?(?:大约|大概)?(?=多少|几)"
)
_APART = re.compile(r"(?:相差|差距|差)\w{0,3}?(?:多少|几|多[大远久]|是)")
_TOGETHER = re.compile(rf"(?:[这那他她]们?)?[两三四五六几]大?[{_W['counters']}]{{1,2}}(?:之间)?")
_NAMES, _NOMINAL = ("nr", "ns", "nt", "nz", "eng"), set("nabjl")
_ARTICLE = re.compile(r"第\w+[条款章]$")
_CLAUSE = re.compile(r"[^，？；。！]*[，？；。！]|[^，？；。！]+$")
_SIGNS = "，？；。！ "


def parts_of(question: str) -> Parts:
    """The parts of a question; one, the question itself, where it asks for one fact."""
    enclosed = _ENCLOSED.findall(question)
    signs = iter(range(_CLOSED, _CLOSED + len(enclosed)))
    text = _ENCLOSED.sub(lambda _: chr(next(signs)), question)
    text = re.sub(r"(?<!\d),|,(?!\d)", "，", text).translate(str.maketrans("?;", "？；"))
    found: list[Part] = []
    kinds: set[str] = set()
    for turn in _turns(text):
        kind, things = _joined(turn, len(found))
        kinds |= {kind, "sum" if kind == "each" and _SUM.search(turn) else kind}
        found += _new(things or [_in_turn(turn, found)], found)
    if len(found) < 2:
        return Parts((Part(question, ""),))

    def opened(text: str) -> str:
        return re.sub(r"[\ue000-\uf8ff]", lambda sign: enclosed[ord(sign[0]) - _CLOSED], text)

    parts = [Part(opened(p.question), opened(p.label), p.before) for p in found[:MOST_PARTS]]
    compares = "compare" in kinds or bool(_JUDGES.search(text))
    by_how_much = compares and any(p.search(text) for p in (_GAP, _CHANGES, _APART))
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
        elif _ASKS.search(clause):
            turns.append(lead + clause)
            lead = ""
        else:
            lead += clause
    return [*turns[:-1], turns[-1] + lead] if turns else [text]


def _is_of_those_before(clause: str, turn: str) -> bool:
    """Whether a clause asks which of those before is more, by how much, or for each of them."""
    if not clause or _JUDGES.match(clause) or _DIFFER.match(clause):
        return True
    several = _JUDGES.search(turn) or any(word in _JOINS for word, _ in tagged_words(turn))
    return bool(several) and any(pattern.match(clause) for pattern in (_GAP, _EACH, _SUM))


def _in_turn(turn: str, before: list[Part]) -> Part:
    """One of several questions in turn; it leans on one before unless it names its own subject."""
    question = turn.strip(_SIGNS)
    bare = _JUDGES.sub("", question).strip(_SIGNS)
    question = bare if _ASKS.search(bare) else question
    asks = _ASKS.search(f"{question}？")
    label = re.sub(r"[是有在又还，]+$", "", question[: asks.start()]) if asks else ""
    if len(label) > _LABEL_CHARS or _LEANS.search(label) or _breaks_off(label):
        label = ""
    standing = [number for number, part in enumerate(before) if part.before is None]
    leans = standing and (not _is_named(question) or _LEANS.search(question))
    on = len(before) - 1 if question.startswith("其") else max(standing, default=0)
    return Part(f"{question}？", label, on if leans else None)


def _breaks_off(label: str) -> bool:
    """Whether words end in one that goes on to another: 王某最初 | 出海遇险该打."""
    words = tagged_words(label)
    return bool(words) and words[-1][1][0] in "dvfpcr"


class _Cue(NamedTuple):
    """What shows that things are asked about one by one, and what stands before and from it on."""

    kind: str  # each, compare, sum, or none where nothing shows it but the things
    head: str
    tail: str
    joins: frozenset[str] = _JOINS


def _cue(turn: str) -> _Cue:
    """The first cue of a question; where there is none, its head goes up to 多少."""
    words = {word for word, _ in tagged_words(turn)}
    sentence, _, more = turn.partition("？")
    gap, degree = _GAP.search(turn), _DEGREE_AT_END.search(sentence)
    than = _THAN.search(turn)
    if than and gap and than.start() < gap.start():
        return _Cue("compare", turn[: gap.start()], turn[gap.end() :], frozenset(["比"]))
    if "还是" in words and degree:
        tail = f"{degree[0]}，{more}"
        return _Cue("compare", sentence[: degree.start()], tail, frozenset(["还是"]))
    cues = [cue for pattern in _KINDS if (cue := pattern.search(turn))]
    if cues:
        start = min(cue.start() for cue in cues)
        return _Cue(_KINDS[cues[0].re], turn[:start], turn[start:])
    asks = re.search(r"[是有为]*(?:多少|几)\w{0,4}$", turn)
    start = asks.start() if asks else len(turn)
    return _Cue("none", turn[:start], turn[start:])


def _joined(turn: str, number: int) -> tuple[str, list[Part]]:
    """How one question holds its things together, and a part for each of them from a number on."""
    turn = re.sub(r"，(?=和|与|以及|还是|加上)", "", _POLITE.sub("", turn.rstrip(_SIGNS)))
    turn = re.sub(rf"(?<!比)，(?={_THAN.pattern}[^，]+{_GAP.pattern})", "", turn)
    turn = re.sub(r"^(比较|对比)(?:一下)?(.+)", r"\2对比", turn)
    span, changes = _SPAN.search(turn), _CHANGES.search(turn)
    if span and changes and span.end() <= changes.start():
        times = [span["first"], filled(span["first"], span["last"])]
        behind = turn[span.end() : changes.start()] + turn[changes.end() :]
        return "compare", _parts(turn[: span.start()], times, behind, number)
    cue = _cue(turn)
    (lead, comma, clause), moved = cue.head.rpartition("，"), ""
    while comma and len(_cut(clause, cue.joins)) < 2:
        moved = f"{clause}{moved}"
        lead, comma, clause = lead.rpartition("，")
    cut = _cut(re.sub(r"(?:之间|相|[里中])$", "", clause.removeprefix("是")), cue.joins)
    if len(cut) < 2:
        return "", []
    if "比" in cue.joins and cut[0][-2:] != cut[1][-2:] and not re.search(f"的|{_TIME}", cut[1]):
        cut[1] += cut[0][_end_of_thing(cut[1], cut[0]) :]  # 甲公司的产值 | 乙公司
    before, things, own = _aligned(cut)
    # 第3条和第5条规定了什么 asks of each; 甲2019年和2020年怎么样 may be one fact.
    rest = before + own + moved if cue.kind == "none" and not _ARTICLE.match(things[0]) else ""
    if not all(things) or any(map(_ASKS.search, [*things, rest])) or not _shown(cue, cut):
        return "", []
    behind = own + _asked(moved + cue.tail)
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


def _shown(cue: _Cue, things: list[str]) -> bool:
    """Whether a cue and the things that are joined show together that each is asked about."""
    first, last = things[0], things[-1]
    timed = re.match(_TIME, last) and re.search(_TIME, first)
    if cue.kind == "none":
        subject, _, attribute = first.rpartition("的")  # 枫林桥的长度 | 宽度
        is_of_one = _is_named(subject) and not _is_named(last)
        is_alike = is_of_one and _classes(attribute + last) <= _NOMINAL | {"v"}
        return is_alike or bool(timed and re.search(rf"(?:{_TIME})$", first))
    if cue.kind == "sum":  # the total of what has no names is one figure
        names = _TOGETHER.search(last) or _classes(first) <= _NOMINAL
        return bool(names or timed) or _is_named(last)
    if cue.kind == "compare" and _PAST.match(last):
        return bool(timed and re.match(r"\D?\d", last))  # 比去年 is told by the same sentence
    is_of_both = first[-2:] == last[-2:] or ("的" in first and last.endswith("的"))
    return "比" not in cue.joins or bool(timed) or is_of_both or _is_named(last)


def _cut(clause: str, joins: frozenset[str]) -> list[str]:
    """The things that a clause joins, with what stands around them; fewer than two: none."""
    things = _THAN.split(clause) if "比" in joins else [""]
    kind = ""
    for word, tag in tagged_words(clause if "比" not in joins else ""):
        is_of_name = kind == "a" and len(things[-1]) == 1  # 大和公司
        if word in joins and not is_of_name:
            things.append("")
        else:
            things[-1] += word
        kind = tag
    if len(things) == 1:
        things = _cut_within_word(clause)
    bare = [_DEGREE_AT_END.sub("", thing) if "还是" in joins else thing for thing in things]
    return [thing.removeprefix("是") for thing in bare] if all(bare) else []


def _cut_within_word(clause: str) -> list[str]:
    """Two names around a 和 that rjieba takes for the end of a word's: 林祥和 | 王芳."""
    start = 0
    for word, _ in tagged_words(clause):
        place = start + word.find("和")
        pair = [clause[:place], clause[place + 1 :]]
        start += len(word)
        if "和" in (word[0], word[-1]) and min(map(len, pair)) > 1 and any(map(_is_named, pair)):
            return pair
    return []


def _aligned(things: list[str]) -> tuple[str, list[str], str]:
    """What is said before all things, the bare things, and what is said behind all of them."""
    first, *middle, last = things
    *_, one = [None, *re.finditer(_TIME, first)]
    other = re.match(_TIME, last)
    own = first[one.end() :] if one else ""
    if one and other and not (own and other.end() < len(last)):  # 甲2019年的产值 | 2020年
        times = [one[0], *(filled(one[0], time) for time in [*middle, other[0]])]
        return first[: one.start()], times, own or _TOGETHER.sub("", last[other.end() :], count=1)
    lead = re.match(rf"{_TIME}(?<![届期])(?=.)", first)  # 2019年甲的产值 | 乙的税收
    before = lead[0] if lead and not re.search(_TIME, last) else ""
    first = first.removeprefix(before)
    if last.endswith("的") and "的" in first:  # 甲的产值 | 乙的
        last += first.rpartition("的")[2]
    if together := _TOGETHER.search(last):
        return before, [first, *middle, last[: together.start()]], last[together.end() :]
    if "的" in first and "的" not in last and not _is_named(last):  # 甲的员工 | 客户
        of, _, first = first.rpartition("的")
        return f"{before}{of}的", [first, *middle, last], ""
    place = _end_of_thing(first, last)
    return before, [first, *middle, last[:place]], last[place:]


def _end_of_thing(first: str, last: str) -> int:
    """Where in the last thing begins what is said of all: 乙高新区 | 2019年的产值."""
    if (end := last.find(first[-2:], 1)) > 0:
        return end + 2
    if "的" in first:
        return len(last)
    timed = None if re.search(_TIME, first) else re.search(_TIME, last)
    place = 0
    for word, tag in tagged_words(last):
        rest = last[place + len(word) :]
        begins = bool(rest) and tag[0] in set("tpvd") - _classes(first)
        if word == "的":
            begins = _is_named(last[:place]) or not _is_named(rest)
        if place and (begins or (timed and timed.start() == place)):
            return place
        place += len(word)
    return place


def _classes(text: str) -> set[str]:
    """The classes of the words of a text, each by its first letter."""
    return {tag[0] for _, tag in tagged_words(text)}


def _is_named(text: str) -> bool:
    """Whether a text has a proper name, a title or a quote in it."""
    words = tagged_words(text)
    return any(tag.startswith(_NAMES) or "\ue000" <= word[0] <= "\uf8ff" for word, tag in words)


def filled(first: str, last: str) -> str:
    """A time with what an earlier one says for both: 3月9日 for the 9日 behind 3月5日."""
    unit = re.match(r"\d+(\D)", last)
    same = unit and re.search(rf"\d+{unit[1]}", first)
    return first[: same.start()] + last if same else last


def _asked(tail: str) -> str:
    """What is asked of each thing: the words from the cue on without those that only join them."""
    topic = asks = ""
    for clause in re.split("[，？；]", tail):
        rest = re.sub(rf"{_WHICH}的?", "", clause) if _JUDGES.search(clause) else clause
        rest = re.sub("^几(?=[百千万亿])", "多少", rest)
        bare = re.sub(rf"^{_TOGETHER.pattern}", "", rest)
        rest = bare if _ASKS.search(bare) or not _ASKS.search(rest) else rest
        rest = _DIFFER.sub("", _SUM.sub("", _EACH.sub("", rest)))
        if _ASKS.search(rest):
            return topic + _GAP.sub("", rest)
        if degree := _DEGREE_AT_END.search(rest):
            is_time = re.search("[早晚先前后]", degree[0])
            asks = asks or ("是什么时候" if is_time else "多久" if "久" in degree[0] else "多少")
        topic = topic or re.sub(
            "(?:上|方面|发生得?|得)$", "", _DEGREE_AT_END.sub("", rest).strip("的")
        )
    return f"{topic}{asks or '多少'}" if tail else ""
