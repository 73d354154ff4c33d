"""Whether a sentence tells of a subject, or only names it in passing, and of whom else it tells.

A subject is told of where the headline names it, or where a clause begins with it: 与西安交大合作
names a university and tells of another. Knows nothing of scores.
"""

from __future__ import annotations

import re
from collections import defaultdict

from rag.evidence.beside import tells_of_one_beside
from rag.evidence.candidates import Candidate, standard_text
from rag.queries import TITLE, Query, core_of, is_proper, names_by_ending, rivals_of
from rag.text import clauses, sentences, tagged_words

_LEAD_SENTENCES = 3
# What may stand before a subject although it is a verb or a preposition by its class.
_OF_TIME = re.compile(
    r"(?:截至|截止|到|至|据|自|从)?[^，,]{0,12}(?:年|月|日|底|初|末|季度|目前|来)$"
)
_IN_A_ROW = re.compile(
    r"(?:第(?P<th>[一二三四五六七八九十\d]+)(?P<thing>[\u4e00-\u9fff]{2})|(?P<number>\d+)号(?P<what>[线楼]))"
)
_GOVERNING = ("v", "p", "c")


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
    if _has_another_number(query.text, candidate.standard):
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


def _has_another_number(question: str, sentence: str) -> bool:
    """Whether one of a row is asked about, and only others of it are told of."""
    told: dict[str, set[str]] = defaultdict(set)
    for number, thing in _in_a_row(sentence):
        told[thing].add(number)
    return any(thing in told and number not in told[thing] for number, thing in _in_a_row(question))


def _in_a_row(text: str) -> list[tuple[str, str]]:
    """What a text numbers, each with its number: 第二高中, 5号线."""
    found = _IN_A_ROW.finditer(text)
    return [(m["th"] or m["number"], m["thing"] or m["what"]) for m in found]


def begins_with(core: str, text: str) -> bool:
    """Whether a clause of the text has the name before anything governs it."""
    return core in text and any(
        _stands_first(core, text[start:end][first:last])
        for start, end in sentences(text)
        for first, last in clauses(text[start:end])
    )


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
