"""What a question is about: the place or organisation it names, by what such names end in."""

from __future__ import annotations

import re

# Kinds of places, organisations and undertakings, not any one of them; the longer kinds first.
_NAME = r"[^\W_的了在去跟到从对为把被由是有和与给向什么哪谁几]{1,20}?"
_ENDS = (
    (
        r"高新区|示范区|开发区|试验区|工业园区|产业园区?|软件园|科技园|园区|新区|自治区|自治州|特区|"
        r"集团|公司|银行|大学|学院|医院|中学|小学|研究院|研究所|实验室|工作站|中心|委员会|协会|"
        r"基金会|管委会|出版社|博物馆|图书馆|俱乐部|电视台|大桥|水库|机场|公园|项目|工程|平台|基地"
    ),
    r"[省市县区州镇乡村厂局院所馆站]",
)
_SUBJECTS = tuple(re.compile(rf"{_NAME}(?:{ends})") for ends in _ENDS)
_SUFFIX = re.compile(rf"(?:{'|'.join(_ENDS)})$")
_NOT_IN_NAMES = re.compile(r"[的是有在]")
# Kinds that are told apart by their endings alone: 柳湾小学 is not 柳湾中学.
_RIVAL_KINDS = (
    ("大学", "学院", "中学", "小学", "幼儿园"),
    ("高新区", "示范区", "开发区", "试验区", "新区", "工业园区", "软件园", "科技园"),
    ("公司", "集团", "银行", "医院"),
)
ASKS = re.compile(r"多少|几|哪|什么|谁|何时|何地|为何|如何|怎|吗|多[大高长远久快]")


def find_subject(text: str) -> str:
    """The first place or organisation named in a text, or empty."""
    for subject in _SUBJECTS:
        for match in subject.finditer(text):
            if "多少" not in match.group():
                return match.group()
    return ""


def core_of(subject: str) -> str:
    """What tells a subject from others of its kind: the name without what such names end in."""
    core = _SUFFIX.sub("", subject)
    return core if len(core) > 1 else subject


def rivals_of(subject: str) -> tuple[str, ...]:
    """Names of other kinds that differ from the subject in their ending alone."""
    for kinds in _RIVAL_KINDS:
        for kind in kinds:
            if subject.endswith(kind):
                core = subject.removesuffix(kind)
                return tuple(core + other for other in kinds if other != kind)
    return ()


def subject_of(question: str) -> str:
    """The place or organisation that a question is about, else what stands before it asks."""
    subject = find_subject(question)
    if subject:
        return subject
    asks = ASKS.search(question)
    before = question[: asks.start()] if asks else question.rstrip("？?。")
    return _NOT_IN_NAMES.split(before, maxsplit=1)[0] or before
