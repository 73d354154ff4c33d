"""The last question with a follow-up's topic in the place of its like: 北大呢 after 清华.

Knows only the words of both.
"""

from __future__ import annotations

import re

from rag.queries.comparisons import split_comparison
from rag.queries.frames import Frame, own_asking
from rag.queries.persons import is_person, person_asked_about
from rag.queries.subjects import TITLE, core_of, find_subject, is_name
from rag.text import tagged_words

_ORDER = r"第?[一二三四五六七八九十\d]+"
_NUMBERED = re.compile(rf"{_ORDER}(?P<what>期|批|届|次|轮|号线|阶段|标段)")
_ENDING_CHARS = 2
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+\-]*(?:\s[A-Za-z0-9.+\-]+)*")
_LETTER = re.compile(r"[A-Za-z]")
_IS_LIKE_A_MODEL = re.compile(r"[A-Za-z].*[a-z0-9]|[0-9].*[A-Za-z]")
_HAS_SHORT_NAME = re.compile(r"(?:大学|学院|银行|公司|集团)$")


def counterpart(topic: str, previous: str) -> str:
    """The last question with the topic in the place of its like; empty where nothing is like it.

    Alike are two numbers of one thing (一期, 二期), what two ends of a name show to be of a kind
    (院士工作站, 博士后工作站 asked for), subjects that end alike (博士, 硕士), two designations
    (Model 3, K42次), two persons, two names with what each makes (百川生物), and an abbreviation
    after a name of a kind that has one (北大 after 清华).
    """
    titled, title = TITLE.match(topic), TITLE.search(previous)
    if titled and title:
        whole = previous.replace(title.group(), titled.group(), 1)
        rest = topic[titled.end() :].strip("的")
        return whole if rest in whole else ""
    numbered = _NUMBERED.fullmatch(topic)
    if numbered:
        like = re.search(rf"{_ORDER}{numbered['what']}", previous)
        return previous.replace(like.group(), topic, 1) if like else ""
    designated = _designated(topic, previous)
    if designated:
        return designated
    frame = Frame.of(previous)
    noun, subject = frame.noun, frame.subject
    if core_of(noun) != noun and noun[-_ENDING_CHARS:] == topic[-_ENDING_CHARS:]:
        return f"{subject}{frame.middle}{frame.asks}{topic}？"
    if topic[-1:] == subject[-1:] and topic[-1:] != noun[-1:] and len(topic) > 1:
        return of_another(topic, previous)
    word = person_asked_about(previous) if is_person(topic) else _word_like(topic, previous)
    if word:
        return previous.replace(word, topic, 1)
    if _is_named_thing(topic) and _is_named_thing(subject):
        return of_another(topic, previous)
    is_short = _word_classes(topic) == ["j"] and is_name(subject)
    has_short = core_of(subject) == subject or _HAS_SHORT_NAME.search(subject)
    return of_another(topic, previous) if is_short and has_short else ""


def _designated(topic: str, previous: str) -> str:
    """The question with one Latin designation for another, and its maker's name with it."""
    mine, theirs = _latin(topic), _latin(previous)
    if not mine or not theirs:
        return ""
    maker, behind = topic[: mine.start()], topic[mine.end() :]
    if not (maker or _IS_LIKE_A_MODEL.search(mine.group()) or theirs.group().isupper()):
        return ""
    if not previous.startswith(behind, theirs.end()):
        return ""
    start, end = theirs.start(), theirs.end() + len(behind)
    if maker:
        start -= len(_name_before(previous[:start]))
    else:
        start += _like_part(mine.group(), theirs.group())
    return f"{previous[:start]}{topic}{previous[end:]}"


def _latin(text: str) -> re.Match[str] | None:
    """The first run of Latin words and figures that has a letter."""
    return next((run for run in _LATIN.finditer(text) if _LETTER.search(run.group())), None)


def _name_before(text: str) -> str:
    name = find_subject(text)
    return name if text.endswith(name) else ""


def _like_part(mine: str, theirs: str) -> int:
    """Where the last word of a designation starts, if it is shaped as another; else 0."""
    last = theirs.rfind(" ") + 1
    return last if _shape(theirs[last:]) == _shape(mine) else 0


def _shape(designation: str) -> str:
    return re.sub(r"\d+", "0", designation)


def _word_like(topic: str, previous: str) -> str:
    """The noun of a question that is as long as the topic and ends alike: 博士 for 硕士."""
    if [word_class[:1] for word_class in _word_classes(topic)] not in (["n"], ["b"]):
        return ""
    return next(
        (
            word
            for word, word_class in tagged_words(previous)
            if len(word) == len(topic) > 1 and word[-1] == topic[-1] and word_class[0] in "nb"
        ),
        "",
    )


def _is_named_thing(text: str) -> bool:
    """Whether it is a proper name and what it makes or does: 百川生物, but not 百川利润."""
    name = find_subject(text)
    rest = _word_classes(text.removeprefix(name))
    is_noun = len(rest) == 1 and rest[0].startswith("n")
    return bool(name) and text.startswith(name) and is_noun and not own_asking(text)


def _word_classes(topic: str) -> list[str]:
    return [word_class for _, word_class in tagged_words(topic)]


def of_another(name: str, previous: str) -> str:
    """The last question, asked of another subject."""
    parts = split_comparison(previous)
    frame = Frame.of(parts[-1] if parts else previous)
    return f"{name}{frame.middle}{frame.asks}{frame.noun}？"
