"""Follow-up questions to stand-alone ones, without a chat model.

Fills in what a follow-up leaves to the turns before: 它, 该区, 那……呢, 同年, or no subject at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.datatypes import Message
from rag.queries.script import as_typed, read_question
from rag.queries.subjects import find_name, subject_of
from rag.text import years_in

_ELLIPTIC_CHARS = 24  # a follow-up this short without a subject of its own borrows the last one
_FOLLOW_UP_START = re.compile(
    r"^(?:那么|那(?!(?:天|年|次|届|场|趟|时)[，,一共总的还有是又最]|[里个家些位座条所边])|还有|另外|然后|此外|再问|其中)[，,、\s]*"
)
_WHAT_ABOUT = re.compile(r"^(?P<topic>[^，,？?]{1,24}?)呢[，,、\s？?]*(?P<rest>.*)$")
_WHAT_ABOUT_AGAIN = re.compile(
    r"^(?P<topic>[^，,？?]{1,12}?)(?:又|则)(?:是|有)(?P<rest>)(?:多少|几|什么|谁|哪).{0,2}$"
)
_PRONOUN = re.compile(
    r"它们?|他们?|她们?|(?:该|这|那|此|本)(?:个|家|座|所|条|位)?(?:地方|高新区|开发区|示范区|区|市|县|镇|省|园区|园|公司|集团|企业|"
    r"项目|机构|学校|医院|平台|单位|地|家)|这里|那里|当地|(?<![极尤])其(?![他它余中实])"
)
_SAME_YEAR = re.compile(r"(?:同|那|当|这)一?年(?!级)")
_PERIOD = re.compile(r"\d{4}年?|[去今明前后]年|[前后上下]一年|第二年|(?:\d{4}年)?[上下]半年")
_YEAR = re.compile(r"\d{4}年?")
_WITH_PERIOD = re.compile(r"\d{4}年|[上下]半年|[一二三四]季度|\d{1,2}月")
_UP_TO_ASKING = re.compile(r"^.*?(?:多少|几[^\s，,？?]?|哪些|什么|谁|何时)")
_ASKING = re.compile(r"(?:是|有)?(?:多少|几|哪些|什么|谁|何时)[^\s，,？?]{0,2}")
_ASIDE = re.compile(r"[在从到往向于给跟和与]$")


def stand_alone(question: str, history: Sequence[Message]) -> str:
    """The question with what it leaves to the turns before filled in, without a chat model.

    Works through the user's turns in order, so that a chain of follow-ups keeps its subject. The
    words are those that the user typed, in the user's script.
    """
    turns = [*(m.content.strip() for m in history if m.role == "user"), question.strip()]
    resolved = ""
    for turn in map(read_question, turns):
        resolved = resolve(turn, resolved) if resolved else turn
    return as_typed(resolved, turns[::-1])


def resolve(question: str, previous: str) -> str:
    """One question made to stand alone after the one before, which does already."""
    subject = subject_of(previous)
    rest = _FOLLOW_UP_START.sub("", question)
    rest = _with_year(rest, previous)
    about = _WHAT_ABOUT.match(rest) or _WHAT_ABOUT_AGAIN.match(rest)
    if about:
        return _what_about(about["topic"], about["rest"], subject, previous)
    if _PRONOUN.search(rest):
        return _PRONOUN.sub(subject, rest, count=1)
    return rest if _names_its_own(rest) else subject + rest


def _names_its_own(question: str) -> bool:
    """Whether a question has a subject of its own, or is too long to have left it out."""
    name = find_name(question)
    is_aside = bool(_ASIDE.search(question[: question.find(name)])) if name else False
    return (bool(name) and not is_aside) or len(question) > _ELLIPTIC_CHARS


def _with_year(question: str, previous: str) -> str:
    years = sorted(years_in(previous))
    return _SAME_YEAR.sub(f"{years[-1]}年", question) if years else question


def _what_about(topic: str, rest: str, subject: str, previous: str) -> str:
    """``X呢``: X takes the place of the old subject if it is one, else it narrows the question."""
    topic = topic.removesuffix("的")
    if _PERIOD.fullmatch(topic):
        return _in_period(topic, rest, subject, previous)
    if topic and find_name(topic) == topic:
        if rest:
            return topic + rest
        name = find_name(previous) or subject
        return previous.replace(name, topic, 1) if name in previous else topic + previous
    topic = _PRONOUN.sub("", topic)
    if rest:
        return f"{subject}{topic}{rest}"
    asking = _ASKING.search(previous)
    owner = topic.partition("的")[0]
    if owner != topic and find_name(owner) == owner:  # another's property
        return f"{topic}{asking.group() if asking else previous}"
    if _WITH_PERIOD.search(topic):
        return f"{subject}{topic}{asking.group() if asking else ''}"
    after = previous[previous.find(subject) + len(subject) :]
    asks = _UP_TO_ASKING.search(after)
    return f"{subject}{topic}{asks.group() if asks else after}"


def _in_period(period: str, rest: str, subject: str, previous: str) -> str:
    """``2020年呢``: the last question about another period, or the new one if it is whole."""
    year = _YEAR.search(rest)
    if year and _YEAR.search(previous):
        return _YEAR.sub(year.group(), previous, count=1)
    if rest:
        return f"{subject}{'' if year else period}{rest}"
    if _YEAR.search(previous):
        return _YEAR.sub(period, previous, count=1)
    return f"{period}{previous}"
