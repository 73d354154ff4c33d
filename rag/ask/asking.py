"""The words of a question that only ask, and what is left without them."""

from __future__ import annotations

import re

from rag.text import fold

COUNTERS = (
    "个家名位人户口次种类项条座所处件台套辆艘架栋幢间层亩元天年岁米度倍批届期场篇部本支只头颗棵"
    "株块片张份门组班级箱"
)
_MEASURES = "平方公里|平方米|立方米|公里|公顷|小时|分钟|架次|人次|个百分点|百分点|美元|吨|天|钱"
# Words that only ask; what remains of a question is what its evidence shares.
_ASKING = re.compile(
    rf"(?:多少|几)(?:{_MEASURES})|(?:多少|几)[{COUNTERS}](?![{COUNTERS}])|"
    r"请问|请告诉我|告诉我|我想知道|想知道|谁知道|有没有|是不是|是否|能不能|会不会|"
    r"为什么|为何|怎么样|怎样|怎么|如何|什么时候|什么时间|什么名字|什么|"
    r"多少|多久|多长时间|多长|多大|多高|多远|多快|"
    r"哪一年|哪一天|哪一|哪几|哪些|哪个|哪位|哪家|哪里|哪儿|哪年|哪天|哪|几|谁|"
    r"分别|一共|总共|具体|到底|究竟|大概|大约|各(?=[有是多])|各自|叫做|叫|"
    r"吗|呢|吧|啊|呀|了|的|是|有|在|被|把|都|也|就|还|和|与|跟|及|以及|等|这|那|之|其"
)

ASKS = re.compile(r"多少|几|哪|什么|谁|何时|何地|为何|如何|怎|吗|多[大高长远久快]")


def content_of(question: str) -> str:
    """The folded question with its asking words replaced by blanks."""
    return _ASKING.sub(" ", fold(question))
