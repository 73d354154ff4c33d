"""The comparing words of a question, and what they ask of each subject that is compared.

Knows only what stands behind the subjects: 哪边人数多，各多少 asks 人数多少 of each, and
谁更早，都是哪天 asks 是哪天. The subjects are told by ``rag.queries.compared``.
"""

from __future__ import annotations

import re

DEGREES = "多少大小高低长短快慢早晚强重轻远近贵深浅好"
_WHICH = (
    r"(?:哪一?(?:个人|个|边|家|方|所|座|部|者|国|队|地|款|件事?|种|项|趟|支|条|台|位|名|届|场|处|年|"
    r"月|季度)|谁|孰)"
)
_DEGREE = rf"(?:更|最|比较|较)?(?<!多)[{DEGREES}]{{1,2}}(?:一?[些点]|得多)?|在?[先前后]"
_AT_END = re.compile(rf"(?:是|要|会)?(?:{_DEGREE})$")
_FIRST = re.compile(rf"^(?:更|最|比较)[{DEGREES}先]|^先(?![进生锋])")
_JUDGES = re.compile(
    rf"{_WHICH}[^，,？?；;]*?(?:更|最|先(?![进生锋])|孰|(?<!多)[{DEGREES}](?:一?[些点]|得多)?(?=[，,？?；;]|$)|"
    r"在?[先前后](?=[，,？?；;]|$))|是(?:不是|否)?同一[年月天日个][^，,？?；;]*"
)
_EARLY_LATE = frozenset("早晚先前后")
_COUNTED = "(?:个人|个|者|人|家|地|市|所|座|国|省|队|位|方|边|款|趟|种|项|件事?)"
TOGETHER = rf"(?:他们|她们|它们|这|那)?(?:[两二三四五六]|几){_COUNTED}(?:之间)?"
_EACH = re.compile(
    rf"(?:{TOGETHER})?(?:分别|各自|各|都(?=[是在有于为]?(?:哪|几|谁|什么|多)))|相比(?:之下)?|比起来|"
    r"对比(?:一下)?|比较(?:一下)?$|比一[比下]|^比$|如何$"
)
_GAP = re.compile(r"(?:相差|差距|差)(?:了|是|有)?(?=多|几|$)")
_ASKS = re.compile(r"多少|几|什么|谁|哪|怎|多[大高长远久快]")
# 高多少: the degree would run into the asking word.
_DEGREE_BEFORE_ASKING = re.compile(rf"更?[{DEGREES}](?:了|出)?(?=是?(?:多少|几|多[大高长远久快]))")
_IN_RESPECT_OF = re.compile(r"(?:方面|上)$")
_HAPPENS = re.compile(r"(?:发生|出现)$")
_MARKS = re.compile(r"[，,？?；;]")


def judges(text: str) -> re.Match[str] | None:
    """Where it is asked which of the subjects is more, less, earlier: 哪个总投资大, 谁更早."""
    return _JUDGES.search(text)


def only_judges(clause: str) -> bool:
    """Whether a clause asks nothing but which is more: 哪个时间长, but not 分别是谁."""
    return bool(judges(clause)) and not _ASKS.search(_without_which(clause))


def asked_of_each(tail: str) -> str:
    """What is asked about each: the words from the cue on, without those that only compare."""
    topic = asks = ""
    is_time = False
    for clause in filter(None, (one.strip() for one in _MARKS.split(tail))):
        rest = _EACH.sub("", _GAP.sub("", _without_which(clause))).lstrip("的 ")
        if _ASKS.search(rest):
            asks = _DEGREE_BEFORE_ASKING.sub("", rest)
            continue
        degree = _AT_END.search(rest) or _FIRST.match(rest)
        is_time |= bool(degree and _EARLY_LATE & set(degree.group()))
        topic = topic or _topic(rest)
    return f"{topic}{asks or ('什么时候' if is_time else '多少')}"


def _without_which(clause: str) -> str:
    """A clause without 哪个 and 谁, where these ask which is more: not 分别是谁."""
    found = judges(clause)
    if not found or _EACH.search(clause[: found.start()]):
        return clause
    if found.group().startswith("是"):
        return clause[: found.start()]
    return re.sub(rf"{_WHICH}的?", "", clause)


def _topic(rest: str) -> str:
    """What the subjects are compared in: 人数 of 人数多, 跑得多远 of 跑得更远, nothing of 更早."""
    bare = _FIRST.sub("", _AT_END.sub("", rest)).strip("的")
    return _HAPPENS.sub("", _IN_RESPECT_OF.sub("", bare.removesuffix("得")))
