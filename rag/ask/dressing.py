"""What people put around a question, taken off: 帮我查一下, 根据文章回答：, 谢谢.

In goes a question, out come the words that ask. ``把…列出来`` becomes ``…有哪些？``, the form in
which lists are asked for. What would leave nothing is left as it is. Knows nothing of what is
asked.
"""

from __future__ import annotations

import re

from rag.ask.asking import ASKS
from rag.text import Range, standard_form

_HELLO = r"(?:你好|您好|哈喽|嗨|hello|hi|(?:早上|上午|下午|晚上|大家)好)[啊呀哦]?[，,。.！!～~\s]+"
_KINDLY = r"(?:请|麻烦|劳烦|烦请|拜托|能否|能不能|可不可以|可以)?(?:你|您)?"
_ONCE = r"(?:一下|一查|一找|一看|下)?"
_SOURCE = r"(?:文章|材料|资料|文件|文档|报道|稿件|原文|上文|内容)"
_BEFORE = re.compile(
    rf"\s*(?:{_HELLO}"
    r"|[【\[]?(?:问题|提问|问|q)[】\]]?[：:]|[【\[](?:问题|提问|问)[】\]]"
    rf"|请?(?:根据|按照|依据|基于|结合)(?:这些|以上|上述|所给|给出的|提供的|库里的|上面的)*{_SOURCE}"
    r"(?:的?内容|里|中)?[，,]?(?:来|请)?(?:回答|作答|告诉我|说说)?(?:下列|以下|这个)?(?:问题)?[：:，,]"
    r"|请?用(?:中文|英文|一句话|一两句话|简短的?话|简洁的语言)(?:简[短要单])?"
    r"(?:回答|作答|告诉我|说明|说)(?:一下)?[：:，,]?"
    r"|请?(?:简[短要单]|详细|准确|直接|如实)地?(?:回答|作答|告诉我)(?:一下|我)?(?:问题)?[：:，,]?"
    rf"|{_KINDLY}(?:帮忙|帮我|替我|给我|帮)(?:查查|找找|看看|搜搜|问问|[查找看搜问]{_ONCE})[，,：:]?"
    rf"|(?:请|麻烦|劳烦|烦请)(?:你|您)?(?:查查|找找|[查找搜]{_ONCE})[，,：:]?"
    rf"|(?:请问|请教)(?:一下|下)?[，,：:]?|(?:我)?想(?:请)?问{_ONCE}[，,：:]?"
    rf"|我?想(?:要)?(?:知道|了解){_ONCE}[，,：:]?|请?告诉我[，,：:]?"
    r")",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:[，,。.！!～~\s]+|(?<=[？?]))(?:非常)?(?:谢谢?(?:你|您|啦|了)?|多谢|感谢|拜托了?|麻烦(?:你|您)?了?|辛苦了?"
    r"|好吗|可以吗|行吗|急|在线等|thanks|thank you)[啊呀哦哈]?[，,。.！!～~？?\s]*$",
    re.IGNORECASE,
)
_DO_YOU_KNOW = re.compile(
    r"(?:你|您|有人|谁)(?:知道|知不知道|晓得|清楚)(?P<asked>.+?)吗?[？?]?\s*$"
)
_ALL = r"(?:都|全都|全部|逐一|一一|分别)*"
_LISTED = r"(?:列举?|罗列|列一?下|写|找|数|说)"
_LIST_OF = (
    re.compile(rf"请?(?:把(?!握)|将(?![来军领士要]))(?P<of>.+?)(?:给我)?{_ALL}{_LISTED}(?:一下)?出?来?(?:给我)?[。！!]?$"),
    re.compile(rf"请?{_ALL}(?:列举|罗列|列出|列一下|列举出|写出)(?:一下)?(?:所有|全部)?的?(?P<of>.+?)[。！!]?$"),
    re.compile(rf"(?P<of>.+?)[，,](?:请)?{_ALL}{_LISTED}(?:一下)?出?来?[。！!]?$"),
)  # fmt: skip
_OF_LIST_END = re.compile(r"(?:都|全部|的?名单|的|[，,：:\s])+$")
_FEWEST_CHARS = 2
_LONGEST = 300  # a longer question is no form of words with something around it
_ASKS_FOR_LIST = re.compile(r"哪些|哪几|哪[两三四五六七八九十\d]|有什么|多少|几[个家种项条位名]")


def undressed(question: str) -> str:
    """The question without courtesies and orders on how to answer; a list asked for with 有哪些.

    What is left is as it was typed, in either script.

    >>> undressed("麻烦查下枫林桥长度，谢谢")
    '枫林桥长度'
    """
    if len(question) > _LONGEST:
        return question
    text = standard_form(question)
    asks = _asking_part(text)
    part, ending = _list_in(text, asks)
    if part == Range(0, len(text)) and not ending:
        return question
    return question[part.start : part.end].strip() + ending


def _asking_part(text: str) -> Range:
    """Where in a text, between courtesies, the words stand that ask."""
    start, end = 0, len(text)
    while True:
        behind = _BEHIND.search(text, start, end)
        first, last = start, behind.start() if behind else end
        if found := _BEFORE.match(text, start, last):
            first = found.end()
        if last - first < _FEWEST_CHARS or (first, last) == (start, end):
            break
        start, end = first, last
    known = _DO_YOU_KNOW.match(text, start, end)
    if known and ASKS.search(known["asked"]):
        return Range(*known.span("asked"))
    return Range(start, end)


def _list_in(text: str, part: Range) -> tuple[Range, str]:
    """What a list is ordered of, and 有哪些 to ask for it; what asks already needs no ending."""
    for pattern in _LIST_OF:
        found = pattern.match(text, part.start, part.end)
        if found is None:
            continue
        start, end = found.span("of")
        of = text[start:end]
        if ASKS.search(of):
            return (Range(start, end), "") if _ASKS_FOR_LIST.search(of) else (part, "")
        of = _OF_LIST_END.sub("", of)
        return (Range(start, start + len(of)), "有哪些？") if of else (part, "")
    return part, ""
