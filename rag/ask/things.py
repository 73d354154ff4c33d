"""The things that a question joins, told from what is said of all of them.

In go the words before and behind a cue, out come bare things: 东湾高新区 | 西湾高新区.
Knows nothing of what is asked of them.
"""

from __future__ import annotations

import re

from rag.ask.cues import DEGREE_AT_END, PAST, THAN, TOGETHER, Cue
from rag.ask.word_lists import TIME
from rag.text import tagged_words

_NAMES, _NOMINAL = ("nr", "ns", "nt", "nz", "eng"), set("nabjl")


def shown(cue: Cue, things: list[str]) -> bool:
    """Whether a cue and the things that are joined show together that each is asked about."""
    first, last = things[0], things[-1]
    timed = re.match(TIME, last) and re.search(TIME, first)
    if cue.kind == "none":
        subject, _, attribute = first.rpartition("的")  # 枫林桥的长度 | 宽度
        is_of_one = is_named(subject) and not is_named(last)
        is_alike = is_of_one and classes(attribute + last) <= _NOMINAL | {"v"}
        return is_alike or bool(timed and re.search(rf"(?:{TIME})$", first))
    if cue.kind == "sum":  # the total of what has no names is one figure
        names = TOGETHER.search(last) or classes(first) <= _NOMINAL
        return bool(names or timed) or is_named(last)
    if cue.kind == "compare" and PAST.match(last):
        return bool(timed and re.match(r"\D?\d", last))  # 比去年 is told by the same sentence
    is_of_both = first[-2:] == last[-2:] or ("的" in first and last.endswith("的"))
    return "比" not in cue.joins or bool(timed) or is_of_both or is_named(last)


def cut(clause: str, joins: frozenset[str]) -> list[str]:
    """The things that a clause joins, with what stands around them; fewer than two: none."""
    things = THAN.split(clause) if "比" in joins else [""]
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
    bare = [DEGREE_AT_END.sub("", thing) if "还是" in joins else thing for thing in things]
    found = [thing.removeprefix("是") for thing in bare] if all(bare) else []
    return _of_both(*found) if "比" in joins and len(found) == 2 else found


def _of_both(one: str, other: str) -> list[str]:
    """What is held against another, with the attribute that only the first names."""
    if one[-2:] != other[-2:] and not re.search(f"的|{TIME}", other):
        other += one[end_of_thing(other, one) :]  # 甲公司的产值 | 乙公司
    return [one, other]


def _cut_within_word(clause: str) -> list[str]:
    """Two names around a 和 that rjieba takes for the end of a word's: 林祥和 | 王芳."""
    start = 0
    for word, _ in tagged_words(clause):
        place = start + word.find("和")
        pair = [clause[:place], clause[place + 1 :]]
        start += len(word)
        if "和" in (word[0], word[-1]) and min(map(len, pair)) > 1 and any(map(is_named, pair)):
            return pair
    return []


def aligned(things: list[str]) -> tuple[str, list[str], str]:
    """What is said before all things, the bare things, and what is said behind all of them."""
    first, *middle, last = things
    *_, one = [None, *re.finditer(TIME, first)]
    other = re.match(TIME, last)
    own = first[one.end() :] if one else ""
    if one and other and not (own and other.end() < len(last)):  # 甲2019年的产值 | 2020年
        times = [one[0], *(filled(one[0], time) for time in [*middle, other[0]])]
        return first[: one.start()], times, own or TOGETHER.sub("", last[other.end() :], count=1)
    lead = re.match(rf"{TIME}(?<![届期])(?=.)", first)  # 2019年甲的产值 | 乙的税收
    before = lead[0] if lead and not re.search(TIME, last) else ""
    first = first.removeprefix(before)
    if last.endswith("的") and "的" in first:  # 甲的产值 | 乙的
        last += first.rpartition("的")[2]
    if together := TOGETHER.search(last):
        return before, [first, *middle, last[: together.start()]], last[together.end() :]
    if "的" in first and "的" not in last and not is_named(last):  # 甲的员工 | 客户
        of, _, first = first.rpartition("的")
        return f"{before}{of}的", [first, *middle, last], ""
    place = end_of_thing(first, last)
    return before, [first, *middle, last[:place]], last[place:]


def end_of_thing(first: str, last: str) -> int:
    """Where in the last thing begins what is said of all: 乙高新区 | 2019年的产值."""
    if (end := last.find(first[-2:], 1)) > 0:
        return end + 2
    if "的" in first:
        return len(last)
    timed = None if re.search(TIME, first) else re.search(TIME, last)
    place = 0
    for word, tag in tagged_words(last):
        rest = last[place + len(word) :]
        begins = bool(rest) and tag[0] in set("tpvd") - classes(first)
        if word == "的":
            begins = is_named(last[:place]) or not is_named(rest)
        if place and (begins or (timed and timed.start() == place)):
            return place
        place += len(word)
    return place


def classes(text: str) -> set[str]:
    """The classes of the words of a text, each by its first letter."""
    return {tag[0] for _, tag in tagged_words(text)}


def is_named(text: str) -> bool:
    """Whether a text has a proper name, a title or a quote in it."""
    words = tagged_words(text)
    return any(tag.startswith(_NAMES) or "\ue000" <= word[0] <= "\uf8ff" for word, tag in words)


def filled(first: str, last: str) -> str:
    """A time with what an earlier one says for both: 3月9日 for the 9日 behind 3月5日."""
    unit = re.match(r"\d+(\D)", last)
    same = unit and re.search(rf"\d+{unit[1]}", first)
    return first[: same.start()] + last if same else last
