"""What a question is about: the place, organisation or undertaking that it names.

Found by what such names end in, else by the word classes of rjieba's dictionary; no list of names.
"""

from __future__ import annotations

import re

import rjieba

from rag.text import encodable, tagged_words

_NAME_CHARACTER = r"(?:[^\W_的了在去跟到从对为把被由按坐乘是有和与给向什么哪谁几]|有(?=限))"
_ORGANISATIONS = (
    r"高新区|示范区|开发区|经开区|试验区|集聚区|保税区|自贸区|工业园区?|产业园区?|软件园|科技园|物流园|园区|"
    r"新区|自治区|自治州|特区|科学城|大学城|"
    r"集团|公司|银行|酒店|大学|学院|医院|中学|小学|幼儿园|研究院|研究所|委员会|协会|基金会|管委会|"
    r"出版社|博物馆|图书馆|俱乐部|电视台|大桥|水库|机场|铁路|高铁|高速公路|公园"
)
_UNDERTAKINGS = r"实验室|工作站|中心|项目|工程|平台|基地|号线"
_BY_ENDING = re.compile(rf"{_NAME_CHARACTER}{{1,20}}?(?:{_ORGANISATIONS})")
_BY_ENDING_OR_UNDERTAKING = re.compile(
    rf"{_NAME_CHARACTER}{{1,20}}?(?:{_ORGANISATIONS}|{_UNDERTAKINGS})"
)
TITLE = re.compile(r"《[^《》]+》")
_DIVISION = "省市县区州镇乡村"
_BY_DIVISION = re.compile(rf"{_NAME_CHARACTER}{{2,4}}?[{_DIVISION}]")
_ENDING = re.compile(rf"(?:{_ORGANISATIONS}|{_UNDERTAKINGS}|[{_DIVISION}])$")
_COUNTED = re.compile(
    r"^(?:[一二三四五六七八九十两这那每各某多少]*[个所家些座项种支条间名位款部]|这|那)"
)
_NAMED_CLASSES = frozenset({"ns", "nz", "nr", "nrt"})
_MEASURE = re.compile(r"..+[度率额量]$")  # 满意度 is a place by the dictionary
_CORE_CHARS = 3
# A designation continues a name, as that of a model does its maker's.
DESIGNATION = re.compile(r"\s?[A-Za-z][A-Za-z0-9.+\-]*(?:\s[A-Z0-9][A-Za-z0-9.+\-]*)*")
_NOMINAL_CLASSES = ("n", "b", "j", "l", "i", "f", "s")
_TIMES = re.compile(
    r"^(?:\d{4}年|[去今明前后]年|[上下]半年|第?[一二三四]季度|\d{1,2}月份?|目前|截至目前)+[，,]?"
)
_NOT_SUBJECTS = ("分别",)
_NOT_IN_NAMES = re.compile(r"[的了是有在，,]")
# Kinds that are told apart by their endings alone: 柳湾小学 is not 柳湾中学.
_RIVAL_KINDS = (
    ("大学", "学院", "中学", "小学", "幼儿园"),
    ("高新区", "示范区", "开发区", "经开区", "试验区", "新区", "工业园区", "软件园", "科技园"),
    ("公司", "集团", "银行", "医院"),
    ("铁路", "高速公路", "大桥", "水库", "机场"),
)
ASKS = re.compile(r"多少|几|哪|什么|谁|何时|何地|为何|如何|怎|吗|多[大高长远久快]")


def find_subject(text: str) -> str:
    """The first place or organisation named in a text, or empty."""
    return _by_ending(_BY_ENDING, text) or _by_word_class(text) or _by_ending(_BY_DIVISION, text)


def find_name(text: str) -> str:
    """The same, and titles, projects, works and platforms too."""
    title = TITLE.search(text)
    if title:
        return title.group()
    return _by_ending(_BY_ENDING_OR_UNDERTAKING, text) or find_subject(text)


def names_by_ending(text: str) -> list[str]:
    """All places and organisations that a text names by what such names end in, in order."""
    names: list[str] = []
    while name := _by_ending(_BY_ENDING, text):
        names.append(name)
        text = text[text.find(name) + len(name) :]
    return names


def core_of(subject: str) -> str:
    """What tells a subject from others of its kind: the name without what such names end in."""
    core = _ENDING.sub("", subject)
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
    """What a question is about: a name and the nouns behind it, else what stands before asking."""
    name = _by_ending(_BY_ENDING_OR_UNDERTAKING, question)
    if name:
        behind = question[question.find(name) + len(name) :]
        return name + (_owned(behind) or _member(behind))
    asks = ASKS.search(question)
    before = question[: asks.start()] if asks else question.rstrip("？?。")
    name, nouns = find_subject(question), _nominal_start(before)
    # 博士每人可获得多少安家补贴: what stands behind the asking word is asked for.
    if name and (name in before or not nouns):
        behind = question[question.find(name) + len(name) :]
        designation = DESIGNATION.match(behind)
        return name + (designation.group() if designation else _nouns_behind(behind))
    return nouns or _NOT_IN_NAMES.split(before, maxsplit=1)[0] or before


def is_name(text: str) -> bool:
    """Whether a text is a name and nothing more: 青禾公司, but neither 停车位 nor 研发中心."""
    tagged = tagged_words(text)
    if not text or find_name(text) != text:
        return False
    is_undertaking = bool(re.search(rf"(?:{_UNDERTAKINGS})$", text))
    has_named_word = any(word_class in _NAMED_CLASSES for _, word_class in tagged)
    return has_named_word or not is_undertaking


def begins_with_noun(text: str) -> bool:
    """Whether a text has nouns of its own to begin with: 镇财政出了多少, but not 花了多少."""
    return len(_nominal_start(text)) > 1


def is_proper(core: str) -> bool:
    """Whether a name's core names one of its kind: 青禾, 清源, but neither 国家级 nor 下属."""
    tagged = tagged_words(core)
    is_noun = len(tagged) == 1 and tagged[0][1].startswith("n") and len(core) <= _CORE_CHARS
    return is_noun or any(word_class in _NAMED_CLASSES for _, word_class in tagged)


def _owned(text: str) -> str:
    """A proper name that a name is followed by, with 的 before it: 的冠捷科技 behind 咸阳高新区."""
    nouns = _nouns_behind(text.removeprefix("的")) if text.startswith("的") else ""
    first_class = tagged_words(nouns)[0][1] if nouns else ""
    return f"的{nouns}" if first_class in _NAMED_CLASSES else ""


def _member(text: str) -> str:
    """A name that a name is followed by at once: 可喜安集团 behind 延吉高新区."""
    name = _by_ending(_BY_ENDING, text)
    return name if name and text.startswith(name) and is_name(name) else ""


def _nominal_start(text: str) -> str:
    """The nouns that a text starts with, times left out: 汽车 of 今年汽车卖了."""
    nouns = ""
    for word, word_class in tagged_words(_TIMES.sub("", text)):
        if word_class[:1] not in _NOMINAL_CLASSES or word in _NOT_SUBJECTS:
            break
        nouns += word
    return nouns


def _nouns_behind(text: str) -> str:
    """The nouns that continue a name: 电池 behind 海恩."""
    nouns = ""
    for word, word_class in tagged_words(text):
        if not word_class.startswith("n") or word_class == "ns":
            break
        nouns += word
    return nouns


def _by_ending(pattern: re.Pattern[str], text: str) -> str:
    for match in pattern.finditer(text):
        name = match.group()
        is_asked = ASKS.search(name) or text[: match.start()].endswith(("哪", "几", "多少"))
        if not is_asked and not _COUNTED.match(name):
            return _from_named_word(name)
    return ""


def _from_named_word(name: str) -> str:
    """The name from its first named word on: 暑期里延吉机场 is 延吉机场."""
    start = 0
    for word, word_class in tagged_words(name):
        rest = name[start:]
        is_more_than_ending = core_of(rest) != rest  # the dictionary takes 高新区 itself for a name
        if word_class in _NAMED_CLASSES and len(word) > 1 and is_more_than_ending:
            return rest
        start += len(word)
    return name


def _by_word_class(text: str) -> str:
    before, class_before = "", ""
    for word, word_class in tagged_words(text):
        if len(word) > 1 and not ASKS.search(word) and _is_named(word, word_class):
            behind = text[text.find(word) + len(word) :][:1]
            if word[-1] in _DIVISION:  # 白沙市 is cut behind its first character
                return before + word if len(before) == 1 and class_before == "a" else word
            return f"{word}{behind}" if behind and behind in _DIVISION else word
        before, class_before = word, word_class
    return ""


def _is_named(word: str, word_class: str) -> bool:
    """Whether a word of the dictionary names one thing: 西安交大, but neither 党组织 nor 满意度."""
    if word_class == "nt":
        parts = rjieba.cut_for_search(encodable(word))
        return any(c in _NAMED_CLASSES for part in parts for _, c in tagged_words(part))
    return word_class in _NAMED_CLASSES and not _MEASURE.fullmatch(word)
