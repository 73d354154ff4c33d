"""Whether a sentence tells of a subject, or only names it in passing, and of whom else it tells.

A subject is told of where the headline names it, or where a clause begins with it: 与西安交大合作
names a university and tells of another. Knows nothing of scores.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import dropwhile, takewhile
from string import ascii_lowercase
from typing import NamedTuple

from rag.evidence.beside import tells_of_one_beside
from rag.evidence.candidates import Candidate, sentences_before, standard_text
from rag.queries import TITLE, Query, core_of, is_proper, names_by_ending, rivals_of
from rag.text import clauses, sentences, tagged_words

_LEAD_SENTENCES = 3
# What may stand before a subject although it is a verb or a preposition by its class.
_OF_TIME = re.compile(
    r"(?:截至|截止|到|至|据|自|从)?[^，,]{0,12}(?:年|月|日|底|初|末|季度|目前|来)$"
)
_IN_A_ROW = re.compile(
    r"第(?P<th>[一二三四五六七八九十\d]+)(?P<thing>[\u4e00-\u9fff]{2})|(?P<number>\d+)号(?P<what>[线楼])|"
    r"(?<![a-z\d])(?P<code>(?P<series>[a-z]{1,4})\d{2,5})(?![a-z\d])(?P<run>[次型])?"
)
_GOVERNING = ("v", "p", "c")
_PERSONS = frozenset({"nr", "nrt"})
_PLACES = frozenset({"ns", "nt", "nz"})
_NAMED = _PERSONS | _PLACES
_OF_FIRMS = "厂店社院局站场所行馆部会团队校园坊庄楼矿"  # what their names end in
_OF_TIMES = frozenset({"m", "t", "x", "q", "d"})


def tells_of(subject: str, candidate: Candidate) -> bool:
    """Whether the sentence, its passage, its headline or its article's lead is about a subject.

    Names are compared without what names of their kind end in.
    """
    core = core_of(subject)
    if core in candidate.headline or begins_with(core, candidate.standard):
        return True
    others = [name for name in names_by_ending(candidate.standard) if core not in name]
    if not others and any(
        begins_with(core, near) for near in (candidate.before, candidate.passage)
    ):
        return True
    text = standard_text(candidate.article.text)
    leads = (text[start:end] for start, end in sentences(text[:400])[:_LEAD_SENTENCES])
    return not others and any(begins_with(core, lead) for lead in leads)


def tells_of_another(query: Query, candidate: Candidate) -> bool:
    """Whether the sentence tells of another than the subject, which it does not name.

    Such another has a name of the subject's kind that begins a clause, a name that stands beside
    the subject's, another title or another number: of 东湾高新区 nothing is told by
    南岭高新区2013年升级, of 第三中学 nothing by 第一中学招生, whatever stands around it.
    """
    text = standard_text(candidate.article.text)
    if _has_another_title(query.text, candidate, text):
        return True
    if _has_another_number(query.text, candidate):
        return True
    core = core_of(query.subject)
    if not core or core in candidate.standard or core not in f"{candidate.headline} {text}":
        return False  # the article may call the subject otherwise
    return _begins_with_another(query.subject, core, candidate.standard) or tells_of_one_beside(
        core, text, candidate.start, candidate.end
    )


def _begins_with_another(subject: str, core: str, sentence: str) -> bool:
    ending = subject.removeprefix(core)
    if not ending:
        return False
    endings = (ending, *(rival.removeprefix(core) for rival in rivals_of(subject)))
    alike = [name for name in names_by_ending(sentence) if name.endswith(endings)]
    cores = [core_of(name) for name in alike if core_of(name) != name]
    # 高科公司 may be short for 咸阳高科公司, and 国家级高新区 is a kind of them.
    others = [one for one in cores if one not in core and is_proper(one)]
    return any(begins_with(other, sentence) for other in others)


def _has_another_title(question: str, candidate: Candidate, text: str) -> bool:
    """Whether a text names the titled work asked about, and its sentence only others.

    Not where the work is its headline: it may compare it with any others.
    """
    asked, told = set(TITLE.findall(question)), set(TITLE.findall(candidate.standard))
    is_named = any(
        title in text and title.strip("《》") not in candidate.headline for title in asked
    )
    return is_named and bool(told) and asked.isdisjoint(told)


def _has_another_number(question: str, candidate: Candidate) -> bool:
    """Whether one of a row is asked about, and only others of it are told of.

    A sentence without a code, as trains and flights have, is told of the one named last.
    """
    asked = _in_a_row(question)
    if not asked:
        return False
    told = _numbers(candidate.standard)
    for before in reversed(sentences_before(candidate)):
        told = _numbers(before, only_codes=True) | told
    return any(thing in told and number not in told[thing] for number, thing in asked)


def _numbers(text: str, *, only_codes: bool = False) -> dict[str, set[str]]:
    """The numbers of each thing that a text numbers."""
    told: dict[str, set[str]] = defaultdict(set)
    for number, thing in _in_a_row(text):
        if not only_codes or number[0] in ascii_lowercase:
            told[thing].add(number)
    return told


def _in_a_row(text: str) -> list[tuple[str, str]]:
    """What a text numbers, each with its number: 第二高中, 5号线, and T93次 as a T and as a 次."""
    found = list(_IN_A_ROW.finditer(text.lower()))
    in_words = [(m["th"] or m["number"], m["thing"] or m["what"]) for m in found if not m["code"]]
    in_codes = [
        (m["code"], kind) for m in found for kind in (m["series"], m["run"]) if m["code"] and kind
    ]
    return [*in_words, *in_codes]


def begins_with(core: str, text: str) -> bool:
    """Whether a clause of the text has the name before anything governs it."""
    return core in text and any(_stands_first(core, clause) for clause in _clauses(text))


@lru_cache(maxsize=4096)
def begins_with_other_name(subject: str, text: str) -> bool:
    """Whether a clause of the text begins with another name than the subject's.

    A person is no other to a place or an organisation: 镇长赵立新 speaks for his town.
    """
    core, is_person = core_of(subject), _has_person(tagged_words(subject))
    return any(
        core not in name.text and name.text not in subject and (is_person or not name.is_person)
        for name in map(_first_name, _clauses(text))
        if name.text
    )


def _clauses(text: str) -> Iterator[str]:
    for start, end in sentences(text):
        sentence = text[start:end]
        yield from (sentence[first:last] for first, last in clauses(sentence))


def _has_person(words: Sequence[tuple[str, str]]) -> bool:
    return any(word_class in _PERSONS for _, word_class in words)


class _Name(NamedTuple):
    """A name, and whether it is a person's."""

    text: str
    is_person: bool


def _first_name(clause: str) -> _Name:
    """The name that a clause begins with, times before it aside; empty where it begins with none.

    山西太原 is one, and 瑞祥印染厂, whose first word is a person's name by the dictionary.
    """
    words = list(dropwhile(lambda word: word[1] in _OF_TIMES, tagged_words(clause)))
    named = list(takewhile(lambda word: word[1] in _NAMED, words))
    name = "".join(word for word, _ in named)
    if len(name) < 2:
        return _Name("", False)
    behind, class_behind = words[len(named)] if len(words) > len(named) else ("", "")
    is_person = _has_person(named)
    ended = next(iter(names_by_ending(clause)), "")
    if name in ended:
        return _Name(ended, False)
    if is_person and class_behind == "n" and behind[-1] in _OF_FIRMS:
        return _Name(name + behind, False)
    return _Name(name, is_person)


def _stands_first(core: str, clause: str) -> bool:
    place = clause.find(core)
    if place < 0:
        return False
    before = clause[:place]
    if not before.strip() or _OF_TIME.fullmatch(before):
        return True
    return not any(word_class[:1] in _GOVERNING for _, word_class in tagged_words(before))


def owner_of(candidate: Candidate, subject: str) -> str:
    """The name of another, of whom the sentence tells; empty where none is named.

    One of the asked subject's kind comes first, then the sentence's own, then the headline's.
    """
    core = core_of(subject)
    ending = subject.removeprefix(core)
    places = (candidate.standard, candidate.headline, candidate.before)
    found = [name for place in places for name in names_by_ending(place)]
    names = [name for name in found if core not in name and core_of(name) not in core]
    alike = [name for name in names if ending and name.endswith(ending)]
    return next(iter([*alike, *names]), "")
