"""The names of a kind among the words that answer a roll, made whole.

In go readings and a roll, out come names: 柳坪镇 of 柳坪镇的菜园, where towns are asked for. Knows
nothing of how sure a reading is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.ask import Roll
from rag.citations.places import PLACES
from rag.read.context import lead_of
from rag.read.readings import Reading
from rag.text import Range, find_quantities, standard_form, tagged_words

_LONGEST_MEMBER = 20
_SHORTEST_NAME = 2
_MOSTLY = 0.5  # of the members have the end that their kind shows
_OTHERS = re.compile(r"等(?:\w{0,6})$")
_JOINS = ("和", "与", "同", "及")
_PROPER, _COMMON = ("nr", "ns", "nt", "nz", "eng"), ("n", "j", "b")
_LONG_KIND = 2  # signs of a word that names of its kind end in as a whole: 高新区
_EDGES = "，。、；：（）()《》“” "
_BARE_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9·]{2,12}")
_OF_NAMES = ("n", "j", "b", "m", "eng", "x", "vn", "an", "z", "a")


def names_of(reading: Reading, roll: Roll) -> list[str]:
    """The single names among the words that answer.

    Of 职教中心学生李小茹, where students are asked for, the name is what stands behind the kind.
    """
    text, start = reading.article.text, reading.sentence.start
    sentence, kind = reading.text, roll.kind
    found: list[str] = []
    facts = list(reading.facts)
    for place, fact in enumerate(facts):
        shown = reading.shown(fact)
        behind = sentence[fact.end - start : fact.end - start + _LONGEST_MEMBER]
        if person := _person_behind(shown, behind, kind):
            shown = person
        elif not roll.asks_how_much:
            shown = _whole(shown, behind, roll.ends)
        before = facts[place - 1] if place else None
        if before and len(found[-1]) == 1 and text[before.end : fact.start] in _JOINS:
            shown = f"{found.pop()}{text[before.end : fact.start]}{shown}"  # 瑞和印染厂 is one
        found += [_OTHERS.sub("", one).strip(_EDGES) for one in shown.split("、")]
    names = [_until_end(one, roll.ends) for one in found] if not roll.asks_how_much else found
    if owner := _owner(reading, roll, names):
        return [owner]
    return [one for one in names if 0 < len(one) <= _LONGEST_MEMBER and one != kind]


def _owner(reading: Reading, roll: Roll, names: Sequence[str]) -> str:
    """Whose what was pointed at is, where a kind is asked for that names are called by: 高新区.

    The first name of the kind in the sentence, the title or the lead; empty where there is none,
    and where one was pointed at.
    """
    kind = roll.kind
    is_pointed_at = any(one.endswith(roll.ends) for one in names)
    if roll.asks_how_much or len(kind) < _LONG_KIND or is_pointed_at:
        return ""
    for text in (reading.text, reading.article.full_title, lead_of(reading.article)):
        if place := next(places_of(text, kind), None):
            return text[place.start : place.end]
    return ""


def _whole(shown: str, behind: str, ends: tuple[str, ...]) -> str:
    """A name with the nouns behind it up to an end of its kind: of 松溪 in 松溪实验小学 all."""
    if "、" in shown or any(end in shown for end in ends):
        return shown
    if end := next((one for one in ends if behind.startswith(one)), ""):
        return shown + end
    name = shown
    for word, tag in tagged_words(behind):
        if not tag.startswith(("n", "j", "b", "vn", "f")) or len(name) > _LONGEST_MEMBER:
            return shown
        name += word
        if name.endswith(ends):
            return name
    return shown


def _until_end(name: str, ends: tuple[str, ...]) -> str:
    """A name up to the first end of its kind: 沙溪村 of 沙溪村村史馆; itself where it has none."""
    if name.endswith(tuple(end for end in ends if len(end) > 1)):
        return name
    found = re.match(rf".{{{_SHORTEST_NAME},}}?(?:{'|'.join(map(re.escape, ends))})", name)
    return found[0] if found else name


def _person_behind(shown: str, behind: str, kind: str) -> str:
    """The name of a person right behind the word for the kind; empty where there is none."""
    if not shown.endswith(kind) and not behind.startswith(kind):
        return ""
    words = tagged_words(behind if shown.endswith(kind) else behind.removeprefix(kind))
    return words[0][0] if words and words[0][1].startswith("nr") else ""


def kind_of(roll: Roll, named: Sequence[tuple[str, float]]) -> Callable[[str], str] | None:
    """What is left of a name that is of a kind, empty of others; None where names show no kind.

    Most of them, the likelier counting more, have its end, as 柳坪镇 and 南屏乡 have that of 乡镇,
    or one unit, as sums of money have: then the figure is the name. Firms may have a bare name.
    """
    units = [_figure(name)[1] for name, _ in named]
    usual = max(set(units), key=units.count, default="")

    def by_end(name: str) -> str:
        return name if name.endswith(roll.ends) else ""

    def by_unit(name: str) -> str:
        printed, unit = _figure(name)
        return printed if unit == usual else ""

    def by_looks(name: str) -> str:
        return name if _looks_like_a_name(name) else ""

    usual_tests = [(by_unit, 2)] if usual else []
    tests = usual_tests if roll.asks_how_much else [(by_end, 1), *usual_tests]
    for test, least in [(by_looks, 2)] if roll.may_be_bare else tests:
        passed = [probability for name, probability in named if test(name)]
        all_told = sum(probability for _, probability in named)
        if len(passed) >= least and sum(passed) >= _MOSTLY * all_told:
            return test
    return None


def _looks_like_a_name(name: str) -> bool:
    """Whether a word is short and made of nouns and names alone, without figures."""
    is_short = bool(_BARE_NAME.fullmatch(name)) and not _figure(name)[1]
    return is_short and all(tag.startswith(_OF_NAMES) for _, tag in tagged_words(name))


def _figure(name: str) -> tuple[str, str]:
    """The figure in a name with its unit, and the unit; both empty where there is none."""
    found = find_quantities(standard_form(name))
    return (name[found[0].start : found[0].end], found[0].unit) if found else ("", "")


def places_of(text: str, kind: str) -> Iterator[Range]:
    """Where the names that end in a kind stand in a sentence."""
    at = text.find(kind)
    while at >= 0:
        start = _begin(text[:at])
        if start < at:
            yield Range(start, at + len(kind))
        at = text.find(kind, at + len(kind))


def _begin(before: str) -> int:
    """Where the name begins that these words lead to; their end where none does.

    Names, and at most one noun behind them (厦门火炬高新区): of 王明代表青岛 it is 青岛.
    """
    start = begin = len(before)
    for place, (word, tag) in enumerate(reversed(tagged_words(before))):
        is_name = word in PLACES or (tag.startswith(_PROPER) and len(word) > 1)
        if not is_name and (place or not tag.startswith(_COMMON)):
            break
        start -= len(word)
        begin = start if is_name else begin
    return begin
