"""All of a kind that articles tell of, one article after another: each is asked for its own.

In go the wordings for one member, hits and articles, out come the members in the order of the
articles. A reader that learned lists looks for them in one passage; asked for one member, it knows
whether an article has one. Knows nothing of how members are worded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.ask import Roll, content_of
from rag.citations import denial_words
from rag.datatypes import Article, Hit
from rag.models.reader import Turn
from rag.read.judge import Judge
from rag.read.readings import Reading
from rag.text import bigrams, find_quantities, fold, standard_form, tagged_words

_BATCH = 8  # articles read before it is asked whether more of them may tell
_MOST = 64  # articles
_LEAST = 0.12  # probability of a member whose kind its name shows (eval/asked, tune half)
_FEWEST_ARTICLES = 2
_NEAR = 0.6  # of what stands in the likeliest sentence of its passage
_LEAST_SHARED = 0.2  # of what the question says
_CLAUSE = re.compile(r"[，,。；;！!？?\n]")
_LONGEST_MEMBER = 20
_MOSTLY = 0.5  # of the members have the end that their kind shows
_OTHERS = re.compile(r"等(?:\w{0,6})$")
_SHORTEST_PART = 3
_JOINS = ("和", "与", "同", "及")
_EDGES = "，。、；：（）()《》“” "
_ASKS_WHETHER = re.compile(r"有没有|是不是|是否|能不能")


@dataclass(frozen=True, slots=True)
class Member:
    """One of a kind, with the reading that tells it and how sure that is."""

    name: str
    reading: Reading
    probability: float


@dataclass(frozen=True, slots=True)
class Called:
    """The members, each once; whether all articles that may tell of one were read.

    ``are_of_kind``: the names show that they are of the kind.
    """

    members: tuple[Member, ...]
    is_whole: bool
    are_of_kind: bool

    def tells_more_than(self, told: Sequence[str], ends: tuple[str, ...]) -> bool:
        """Whether the members are a better answer than what one article was read to tell.

        Of one article they are so only where they show their kind and the others do not.
        """
        own = sum(one.endswith(ends) for one in told) if self.are_of_kind else len(told)
        if len({one.reading.article.id for one in self.members}) < _FEWEST_ARTICLES:
            return bool(self.members) and self.are_of_kind and not own
        return len(self.members) > own - self.are_of_kind


class RollCall:
    """Asks article after article for its member; its verb is ``call``."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def call(
        self,
        roll: Roll,
        search: Callable[[str, int], Sequence[Hit]],
        articles: Mapping[str, Article],
    ) -> Called:
        """The members that the articles among the best hits tell; read until a batch tells none."""
        content = _content(roll)
        found_hits = _one_of_each(search(roll.questions[0], 2 * _MOST))
        hits = [one for one in found_hits if _share(content, one) >= _LEAST_SHARED]
        turns = [Turn(one) for one in roll.questions]
        found: list[tuple[Reading, float]] = []
        is_whole = True
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            likely = [
                one
                for turn in turns
                for one in _likely(roll, self._judge.read_each(turn, batch, articles))
            ]
            found += likely
            is_whole = not likely or start + _BATCH >= len(hits)
            if not likely or start + _BATCH >= _MOST:
                break
        of_kind = _kind_of(
            roll.ends, [name for one, _ in found for name in names_of(one, roll.kind)]
        )
        members = _members(roll, found, of_kind, self._judge.threshold)
        return Called(members, is_whole, of_kind is not None)


def _likely(roll: Roll, read: Sequence[tuple[Reading, float]]) -> list[tuple[Reading, float]]:
    """The likeliest sentences of each passage, if they are likely and say it as it is asked."""
    most: dict[int, float] = {}
    for reading, _ in read:
        most[id(reading.hit)] = max(most.get(id(reading.hit), 0.0), reading.share)
    return [
        (reading, probability)
        for reading, probability in read
        if probability >= _LEAST
        and reading.share >= _NEAR * most[id(reading.hit)]
        and is_of_side(roll, reading)
    ]


def is_of_side(roll: Roll, reading: Reading) -> bool:
    """Whether the clause that tells of what is asked denies it only where the question does."""
    content = _content(roll)
    clauses = [one for one in _CLAUSE.split(fold(standard_form(reading.told))) if one]
    nearest = max(clauses, key=lambda one: len(content & set(bigrams(one))), default="")
    question = _ASKS_WHETHER.sub("", roll.questions[0])
    return bool(denial_words(nearest)) == bool(denial_words(question))


def _content(roll: Roll) -> set[str]:
    """What the question says beside the kind, in bigrams."""
    return set(bigrams(content_of(roll.questions[0]))) - set(bigrams(fold(roll.kind)))


def _share(content: set[str], hit: Hit) -> float:
    """Which share of this the hit says, its title included; all of nothing."""
    passage = hit.passage
    told = fold(f"{passage.title}\n{passage.heading}\n{passage.told or passage.text}")
    return sum(one in told for one in content) / len(content) if content else 1.0


def _one_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """The best hit of each article."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit)
    return list(best.values())


def _members(
    roll: Roll,
    found: Sequence[tuple[Reading, float]],
    of_kind: Callable[[str], str] | None,
    threshold: float,
) -> tuple[Member, ...]:
    """The names of the best reading of each article that can be of the kind, each once.

    None where not one of them is believed.
    """
    least = _LEAST if of_kind else threshold
    kept: list[Member] = []
    told: set[str] = set()
    for reading, probability in sorted(found, key=lambda one: -one[1]):
        names = names_of(reading, roll.kind)
        names = list(filter(None, map(of_kind, names))) if of_kind else names
        if reading.article.id in told or not names or probability < least:
            continue
        told.add(reading.article.id)
        for name in names:
            if not any(_are_one(name, one.name, roll.ends) for one in kept):
                kept.append(Member(name, reading, probability))
    if not kept or kept[0].probability < threshold:
        return ()
    order = {id_: place for place, id_ in enumerate(dict.fromkeys(r.article.id for r, _ in found))}
    return tuple(sorted(kept, key=lambda one: order[one.reading.article.id]))


def _are_one(name: str, known: str, ends: tuple[str, ...]) -> bool:
    """Whether two names are one's: 东湖化工 is 东湖化工公司, 江城大学 not 江城大学附属中学."""
    short, long = sorted((fold(name), fold(known)), key=len)
    is_part = len(short) >= _SHORTEST_PART and (long.startswith(short) or long.endswith(short))
    return short == long or (is_part and not short.endswith(ends))


def names_of(reading: Reading, kind: str) -> list[str]:
    """The single names among the words that answer.

    Of 职教中心学生李小茹, where students are asked for, the name is what stands behind the kind.
    """
    text, start = reading.article.text, reading.sentence.start
    sentence = reading.text
    found: list[str] = []
    facts = list(reading.facts)
    for place, fact in enumerate(facts):
        shown = reading.shown(fact)
        behind = sentence[fact.end - start : fact.end - start + _LONGEST_MEMBER]
        if person := _person_behind(shown, behind, kind):
            shown = person
        before = facts[place - 1] if place else None
        if before and len(found[-1]) == 1 and text[before.end : fact.start] in _JOINS:
            shown = f"{found.pop()}{text[before.end : fact.start]}{shown}"  # 瑞和印染厂 is one
        found += [_OTHERS.sub("", one).strip(_EDGES) for one in shown.split("、")]
    return [one for one in found if 0 < len(one) <= _LONGEST_MEMBER and one != kind]


def _person_behind(shown: str, behind: str, kind: str) -> str:
    """The name of a person right behind the word for the kind; empty where there is none."""
    if not shown.endswith(kind) and not behind.startswith(kind):
        return ""
    words = tagged_words(behind if shown.endswith(kind) else behind.removeprefix(kind))
    return words[0][0] if words and words[0][1].startswith("nr") else ""


def _kind_of(ends: tuple[str, ...], names: Sequence[str]) -> Callable[[str], str] | None:
    """What is left of a name that is of a kind, empty of others; None where names show no kind.

    Most of them have its end, as 柳坪镇 and 南屏乡 have that of 乡镇, or one unit, as sums of money
    have: then the figure is the name.
    """
    units = [_figure(name)[1] for name in names]
    usual = max(set(units), key=units.count, default="")

    def by_end(name: str) -> str:
        return name if name.endswith(ends) else ""

    def by_unit(name: str) -> str:
        printed, unit = _figure(name)
        return printed if unit == usual else ""

    tests = ((by_end, 1), (by_unit, 2)) if usual else ((by_end, 1),)
    for test, least in tests:
        if sum(map(bool, map(test, names))) >= max(_MOSTLY * len(names), least):
            return test
    return None


def _figure(name: str) -> tuple[str, str]:
    """The figure in a name with its unit, and the unit; both empty where there is none."""
    found = find_quantities(standard_form(name))
    return (name[found[0].start : found[0].end], found[0].unit) if found else ("", "")
