"""Follow-up questions to stand-alone ones, without a chat model.

Fills in what a follow-up leaves to the turns before: 它, 该区, 第二个, 那……呢, 前一年, 为什么,
还有吗, or no subject at all. A follow-up that brings a name of its own is a new topic and borrows
nothing; one that brings a predicate of its own borrows the subject alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.datatypes import Message
from rag.queries.antecedents import BOTH, PRONOUN, antecedent, compared, item_named_by
from rag.queries.asking import COUNTERS
from rag.queries.comparisons import split_comparison
from rag.queries.counterparts import counterpart, of_another
from rag.queries.frames import PERIOD, Frame, has_verb, own_asking
from rag.queries.periods import in_period
from rag.queries.script import as_typed, read_question
from rag.queries.subjects import (
    DESIGNATION,
    begins_with_noun,
    core_of,
    find_name,
    is_name,
    subject_of,
)
from rag.text import years_in

_ELLIPTIC_CHARS = 24  # a follow-up this short without a subject of its own borrows the last one
_FOLLOW_UP_START = re.compile(
    r"^(?:那么|那(?!(?:天|年|次|届|场|趟|时)[，,一共总的还有是又最]|[里儿个家些位座条所边])|还有|另外|然后|此外|再问|其中)[，,、\s]*"
)
_WHAT_ABOUT = re.compile(r"^(?P<topic>[^，,？?]{1,24}?)呢[，,、\s？?]*(?P<rest>.*)$")
_WHAT_ABOUT_AGAIN = re.compile(
    r"^(?P<topic>[^，,？?]{1,12}?)(?:又|则)(?:是|有)(?P<rest>)(?:多少|几|什么|谁|哪).{0,2}$"
)
_WHY = re.compile(
    r"^(?:这是)?(?:为什么|为啥|为何|什么原因|原因(?:是什么)?|怎么回事)(?:呢|啊)?[？?]*$"
)
_MORE = re.compile(
    r"^(?:还有|其他|其它|别的|除此之外|另外)(?:还有)?(?:别的|其他|其它|哪些|什么)?的?(?:吗|呢|么)?[？?]*$"
)
# 西坪村那边 is 西坪村; 它那里 is left to the pronoun.
_OVER_THERE = re.compile(
    r"(?<=[^\W该此它他她们在从到于去])(?:[那这](?:边|里|儿)|方面(?=[又也则呢，,]))"
)
_CHANGE = r"(?:[增涨降跌升减][了长幅加低少]{0,2}|提高了?|下[降滑]了?|翻了?|[多少高低]了?)"
_CHANGES = re.compile(
    rf"^(?:(?:同比|环比|比(?!较)|较(?=[上去前同往])|[与跟和同].{{1,8}}相?比).{{0,8}}?{_CHANGE}|"
    rf"(?![多少高低]){_CHANGE}|占(?!地)的?)(?:率|幅度)?(?:是|到)?(?:百分之)?(?:多少|几|吗)"
)
_HOW_MANY = re.compile(rf"^(?P<verb>\w?)(?:多少|几)[{COUNTERS}]?钱?[？?]*$")
_SAME_YEAR = re.compile(r"(?:同|那|当|这)一?年(?!级)")
_ASIDE = re.compile(r"[在从到往向于给跟和与]$")
# Said to the program, or about now, and not about what an article tells.
_TO_THE_PROGRAM = re.compile(
    r"你|您|我(?![市县区省国校院镇乡村州军党们])|^(?:谢|再见|今天|明天|现在|此刻)"
)


def stand_alone(question: str, history: Sequence[Message]) -> str:
    """The question with what it leaves to the turns before filled in, without a chat model.

    Works through the user's turns in order, so that a chain of follow-ups keeps its subject. Of
    the answers only the last one is read: its list for 第二个, and whom or what place it names
    for 他 and 那里, where that was asked for. The words are those that the user typed, in the
    user's script.
    """
    turns = [*(m.content.strip() for m in history if m.role == "user"), question.strip()]
    answers = _answers(history)
    earlier: list[str] = []  # what was asked of the articles, each to stand alone
    whole = ""
    for turn, answer in zip(map(read_question, turns), ["", *answers], strict=True):
        whole = resolve(turn, earlier, answer) if earlier else turn
        if not _TO_THE_PROGRAM.search(turn):
            earlier.append(whole)
    return as_typed(whole, [*turns[::-1], *answers[-1:]])


def _answers(history: Sequence[Message]) -> list[str]:
    """For each turn of the user what was answered, in its standard form, or empty."""
    answers: list[str] = []
    for message in history:
        if message.role == "user":
            answers.append("")
        elif answers:
            answers[-1] = read_question(message.content)
    return answers


def resolve(question: str, earlier: Sequence[str], answer: str = "") -> str:
    """One question made to stand alone after the ones before, which do already."""
    previous = earlier[-1]
    if _WHY.match(question):
        return Frame.of(previous).why()
    if _MORE.match(question):
        return Frame.of(previous).more()
    rest = _with_year(_FOLLOW_UP_START.sub("", question), previous)
    rest = _OVER_THERE.sub("", rest, count=1)
    item = item_named_by(rest, earlier, answer)
    if item:
        return _of_item(*item, rest, earlier)
    about = _WHAT_ABOUT.match(rest) or _WHAT_ABOUT_AGAIN.match(rest)
    if about:
        return _what_about(about["topic"], about["rest"], earlier)
    return _with_subject(rest, earlier, answer)


def _with_subject(question: str, earlier: Sequence[str], answer: str = "") -> str:
    """A whole sentence with its pronoun filled in, or with the last subject where it has none."""
    names = compared(earlier[-1])
    both = BOTH.search(question)
    if names and both:
        return question.replace(both.group(), "和".join(names), 1)
    pronoun = PRONOUN.search(question)
    if pronoun:
        return _filled_in(question, pronoun, earlier, answer)
    if _TO_THE_PROGRAM.search(question):
        return question
    if _names_its_own(question):
        return _with_the_same_thing(question, earlier[-1])
    if _CHANGES.match(question):
        return Frame.of(earlier[-1]).fact + question
    subject = subject_of(earlier[-1])
    # 扩建花了多少钱，镇财政出了多少: what one was about is no owner of what the next begins with.
    return question if not find_name(subject) and begins_with_noun(question) else subject + question


def _with_the_same_thing(question: str, previous: str) -> str:
    """What is asked of another is asked of the same thing of it: 西坪镇卖多少 after 云桥镇茶价.

    Where the last question says nothing that is done, it is the same question.
    """
    name, last = find_name(question), find_name(previous)
    how_many = _HOW_MANY.match(question.removeprefix(name)) if question.startswith(name) else None
    if not how_many or not is_name(name) or not is_name(last):
        return question
    frame = Frame.of(previous)
    says_what_is_done = has_verb(frame.predicate) or (frame.noun and not own_asking(frame.noun))
    if how_many["verb"] in ("", "是", "有", "为") or not says_what_is_done:
        return previous.replace(last, name, 1)
    return question.replace(name, subject_of(previous).replace(last, name, 1), 1)


def _filled_in(
    question: str, pronoun: re.Match[str], earlier: Sequence[str], answer: str = ""
) -> str:
    name = antecedent(pronoun.group(), earlier, answer)
    return f"{question[: pronoun.start()]}{name}{question[pronoun.end() :]}"


def _of_item(found: re.Match[str], name: str, question: str, earlier: Sequence[str]) -> str:
    """The question asked of an item of a list: one compared, or one that the subject has."""
    bare = question.replace(found.group(), "", 1).strip("？?，,呢")
    parts = [part for one in reversed(earlier) for part in split_comparison(one) if name in part]
    if parts:
        return f"{name}{bare}？" if bare else parts[0]
    return f"{subject_of(earlier[-1])}的{name}{bare or '怎么样'}？"


def _names_its_own(question: str) -> bool:
    """Whether a question has a subject of its own, or is too long to have left it out."""
    name = find_name(question)
    is_aside = bool(_ASIDE.search(question[: question.find(name)])) if name else False
    return (bool(name) and not is_aside) or len(question) > _ELLIPTIC_CHARS


def _with_year(question: str, previous: str) -> str:
    years = sorted(years_in(previous))
    return _SAME_YEAR.sub(f"{years[-1]}年", question) if years else question


def _what_about(topic: str, rest: str, earlier: Sequence[str]) -> str:
    """``X呢``: another period, another subject, or another property of the old subject."""
    previous = earlier[-1]
    period = PERIOD.match(topic)
    shifted = in_period(topic, previous)
    if shifted:
        return _in_that_period(topic, rest, shifted, earlier) if rest else shifted
    if period:  # 2020年的企业呢
        in_it = in_period(period.group(), previous)
        return _what_about(topic[period.end() :].lstrip("的"), rest, [*earlier[:-1], in_it])
    pronoun = PRONOUN.search(topic)
    if pronoun:
        subject = antecedent(pronoun.group(), earlier)
        return _of_property(topic.replace(pronoun.group(), "", 1), rest, subject, previous)
    topic = topic.removesuffix("的")
    like = counterpart(topic, previous)
    if like and not rest:
        return like
    if like.startswith(topic) or topic in Frame.of(like).subject:  # 二期呢，什么时候开工
        return like[: like.find(topic)] + topic + rest
    if is_name(DESIGNATION.sub("", topic)):
        return topic + rest if rest else of_another(topic, previous)
    owner, owned = _owner(topic)
    if owned and is_name(owner):
        return (
            f"{owner}的{owned}{rest}"
            if rest
            else Frame.of(of_another(owner, previous)).about(owned)
        )
    return _of_property(topic, rest, _subject_alone(previous), previous)


def _owner(topic: str) -> tuple[str, str]:
    """The name that a topic begins with, and what of it is asked about: 青禾公司(的)利税."""
    owner, _, owned = topic.partition("的")
    name = find_name(topic)
    if not owned and core_of(name) != name and topic.startswith(name):
        return name, topic.removeprefix(name)
    return owner, owned


def _subject_alone(previous: str) -> str:
    """What the last question is about, without the nouns that it asks about: 白沙市最低气温多少."""
    subject, frame, name = subject_of(previous), Frame.of(previous), find_name(previous)
    is_more = name and subject.startswith(name) and not frame.middle and not frame.noun
    return name if is_more else subject


def _in_that_period(topic: str, rest: str, shifted: str, earlier: Sequence[str]) -> str:
    """``前一年呢，2019年新增了几个``: what follows names the period again, or asks anew."""
    again = PERIOD.search(rest)
    if again and not Frame.of(rest).noun:
        return in_period(again.group(), earlier[-1])
    return _with_subject(rest if again else topic + rest, [*earlier[:-1], shifted])


def _of_property(topic: str, rest: str, subject: str, previous: str) -> str:
    """The last question's subject, asked about something else."""
    topic = topic.strip("的")
    if rest:
        return f"{subject}{topic}{rest}"
    names = compared(previous)
    if names:
        return f"{'和'.join(names)}的{topic}分别{'是' if topic else ''}多少？"
    frame = Frame.of(previous)
    if not frame.subject.endswith(subject):
        frame = Frame(subject, frame.middle, frame.asks, frame.noun)
    return frame.about(topic) if topic else f"{subject}{frame.middle}{frame.asks}{frame.noun}？"
