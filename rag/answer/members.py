"""The answer to which ones there are, where several articles tell of some: each once, each cited.

Knows nothing of how a member was found or judged.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from rag.answer.bounds import Bound, bound_in
from rag.answer.draft import Draft
from rag.answer.figures import figures_in
from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS, SIGNS
from rag.answer.reply import Reply
from rag.ask import Question
from rag.read import Judged, Reading, quoted_evidence
from rag.text import Range, fold, standard_form, tagged_words

_MOST_SOURCES = 4
_NEAR = 2.0  # log-odds under the likeliest at which another article still answers
_LONGEST_MEMBER = 30  # characters; what is longer is no name
_FEWEST_CHARS = 30  # of a quote that is worth its place
_GATHERED = "由各篇引文汇总"
_ENUMERATED = re.compile(rf"(?:、[^，。；：、]{{1,{_LONGEST_MEMBER}}})*、")
_OTHERS = re.compile(r"等(?:\w{0,6})$")
_SIGNS = "，。、；：（）() "


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    source: Reading


def from_several(question: Question, judged: Judged) -> Generator[str, None, Reply] | None:
    """The reply line by line, or None where one article alone tells of members.

    The first line names the members with their count, each with its citation; the quotes follow
    as far as there is room: ``150 + 80 (n - 1)`` characters for ``n`` articles.
    """
    members = _members(question, _sources(judged))
    told = {id(member.source): member.source for member in members}
    return _gathered(members, list(told.values())) if len(told) > 1 else None


def _sources(judged: Judged) -> list[Reading]:
    """The believed readings that answer nearly as likely as any, one of an article and sentence.

    Where the search found them says nothing here: all of them are asked for.
    """
    likeliest = max((reading.answers for reading in judged.believed), default=0.0)
    found: dict[str, Reading] = {}
    for reading in judged.believed:
        is_told = any(reading.text == other.text for other in found.values())
        if likeliest - reading.answers <= _NEAR and not is_told:
            found.setdefault(reading.article.id, reading)
    return list(found.values())[:_MOST_SOURCES]


def _members(question: Question, sources: Sequence[Reading]) -> list[_Member]:
    """All that the sources name, each once; nothing that the question itself names."""
    kept: list[_Member] = []
    bound = bound_in(question.text)
    for source in sources:
        for name in _names(source, bound):
            is_asked = standard_form(name) in question.text
            is_known = any(_are_one(one.name, name, source.article.text) for one in kept)
            if not is_asked and not is_known and len(name) <= _LONGEST_MEMBER:
                kept.append(_Member(name, source))
    return kept


def _names(source: Reading, bound: Bound | None) -> list[str]:
    """The single names among the words that answer, within the bound where there is one."""
    start = source.sentence.start
    found: list[str] = []
    for fact in _with_those_between(source):
        place = Range(fact.start - start, fact.end - start)
        if bound and not bound.holds(figures_in(source.text, [place], source.article.date)):
            continue
        found += _OTHERS.sub("", source.text[place.start : place.end]).split("、")
    return [name for one in found if (name := one.strip(_SIGNS))]


def _with_those_between(source: Reading) -> list[Range]:
    """The words that answer, whole, with what is enumerated between two of them: 甲、乙、丙."""
    found: list[Range] = []
    for fact in (_whole(source, one) for one in source.facts):
        if found and found[-1].end <= fact.start:
            between = source.article.text[found[-1].end : fact.start]
            if _ENUMERATED.fullmatch(between):
                fact = Range(found.pop().start, fact.end)
        found.append(fact)
    return found


def _whole(source: Reading, fact: Range) -> Range:
    """A member with all of the words at its ends: 马里 where the reader pointed at 马."""
    start, (first, last) = source.sentence.start, fact
    for word, _ in tagged_words(source.text):
        end = start + len(word)
        if start < fact.start < end:
            first = start
        if start < fact.end < end:
            last = end
        start = end
    return Range(first, last)


def _are_one(known: str, name: str, text: str) -> bool:
    """Whether two names are one's: the same, or one ends the other, whose beginning is near by.

    西安高新区 and 高新区 in an article on 西安 are one.
    """
    one, other = sorted((fold(known), fold(name)), key=len)
    if one == other or not one:
        return True
    return other.endswith(one) and other.removesuffix(one) in fold(text)


def _gathered(
    members: Sequence[_Member], sources: Sequence[Reading]
) -> Generator[str, None, Reply]:
    draft = Draft()
    budget = FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (len(sources) - 1)
    foreseen = len(_head(members, sources, dict.fromkeys(map(id, sources), 1), budget))
    room = max((budget - foreseen) // len(sources) - SIGNS, _FEWEST_CHARS)
    quotes = [quoted_evidence(source, room)[0] for source in sources]
    numbers = {
        id(source): draft.number_of(quote) for source, quote in zip(sources, quotes, strict=True)
    }
    yield draft.claimed(_head(members, sources, numbers, budget), _GATHERED, list(numbers.values()))
    for quote in quotes:
        if draft.length + len(quote.text) + SIGNS <= budget:
            yield draft.quoted("", quote)
    return draft.reply("、".join(one.name for one in members))


def _head(
    members: Sequence[_Member], sources: Sequence[Reading], numbers: Mapping[int, int], most: int
) -> str:
    """The members with their citations, as many as there is room for, and how many there are."""
    told = f"，共{len(members)}项（见{len(sources)}篇文章）。"
    named: list[str] = []
    for member in members:
        name = f"{member.name}[{numbers[id(member.source)]}]"
        if len("、".join([*named, name, told])) > most:
            return f"{'、'.join(named)}等{told}"
        named.append(name)
    return f"{'、'.join(named)}{told}"
