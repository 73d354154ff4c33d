"""A question taken apart into what it is about, what it says of it, and how it asks.

Knows only the words of one question, in their standard form; nothing of the turns around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.queries.subjects import subject_of
from rag.text import tagged_words

_UNIT = (
    r"(?:平方公里|平方米|立方米|公里|公顷|小时|分钟|架次|人次|个百分点|百分点|美元|"
    r"[万亿]?[个家名位人户口次种类项条座所处件台套辆艘架栋幢间层亩元吨天年岁米度倍批届期场篇部本册支只头棵块片张份门组])?"
)
_ASKS = re.compile(
    rf"(?:分别|各|一共|总共|具体)?(?:[是有为达叫在]|达到|位于)?"
    rf"(?:多少|几|多[大高长远久快重])(?:{_UNIT})|"
    r"(?:分别|各|具体)?(?:[是有为叫在]|位于|都有)?(?:什么时候|什么时间|何时|哪一?年|哪一?天|几月|"
    r"哪里|哪儿|何处|什么地方|哪些|哪几[个家项种]|哪[个家位所座种]|谁|什么|怎么样?|如何|为什么|为何)"
)
_PERIOD_WORDS = (
    r"(?:(?:(?:1[5-9]|20)\d{2}|[一二][〇零一二三四五六七八九]{3})年(?!级|代)|"
    r"[去今明前后上]年|本年度?)"
)
_PART_WORDS = r"(?:[上下]半年|第?[一二三四1-4首]季度|\d{1,2}月份?(?:-|—|~|至|到)\d{1,2}月份?)"
_MONTH_WORDS = r"(?:(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?)"
GRAINS = (re.compile(_PERIOD_WORDS), re.compile(_PART_WORDS), re.compile(_MONTH_WORDS))
PERIOD = re.compile(rf"(?:{_PERIOD_WORDS}|{_PART_WORDS}|{_MONTH_WORDS}){{1,3}}(?:初|底|末)?")
_ATTRIBUTE = re.compile(
    r"(?:[率额值量价费款度期比重龄营收]|数量?|价格|长度|面积|投资|资金|收入|利润|利税|产值|规模|人口|成本|市值|寿命)$"
)
_SAYS_AT_END = re.compile(r"(?:达到了?|达|[是为有])$")
_TIME = re.compile(r"(?:时间|日期|年份|时候)$")
_PLACE = re.compile(r"(?:地点|地址|位置|总部|所在地|产地)$")
_PERSON = re.compile(
    r"(?:书记|主任|经理|总裁|董事长|校长|院长|所长|局长|[省市县区镇村部处厂队班站社馆行团]长|负责人|创始人|法人|"
    r"秘书长|工程师|院士|教练|导演|作者|记者)$"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A question as ``subject + middle + asks + noun``: 云桥镇 2019年新建了 多少亩 茶园.

    ``asks`` is empty where nothing was found that asks; the rest is then ``middle``.
    """

    subject: str
    middle: str
    asks: str
    noun: str

    @classmethod
    def of(cls, question: str) -> Frame:
        """The frame of a stand-alone question, its end sign dropped."""
        bare = question.rstrip("？?。 ")
        subject = subject_of(bare)
        before, _, rest = bare.partition(subject) if subject else ("", "", bare)
        subject = before + subject
        match = _ASKS.search(rest)
        if not match:
            return cls(subject, rest, "", "")
        return cls(subject, rest[: match.start()], match.group(), rest[match.end() :])

    @property
    def period(self) -> str:
        """The first period named behind the subject, or empty."""
        match = PERIOD.search(self.middle)
        return match.group() if match else ""

    @property
    def predicate(self) -> str:
        """The middle without its period."""
        return self.middle.replace(self.period, "", 1) if self.period else self.middle

    def about(self, topic: str) -> str:
        """The question asked of another property: ``topic`` in the place that it fits.

        What is asked for is replaced, 多少亩茶园 by 多少果园. A topic that says itself what is done
        (入驻企业), or is a measure of its own (总投资), replaces the old predicate too.
        """
        own = own_asking(topic)
        if own:
            return f"{self.subject}{self.period}{topic}{own}？"
        if has_verb(topic):
            return f"{self.subject}{self.period}{topic}{self._plain_asking()}？"
        if self.noun and not has_verb(self.noun):
            asks = self.asks if self.noun[-1] == topic[-1] else _without_unit(self.asks)
            return f"{self.subject}{self.middle}{asks}{topic}？"
        if has_verb(self.predicate) and not self.asks:
            return f"{self.subject}{topic}{self.predicate}？"
        # 甲的董事长是谁: one property takes the place of the other.
        return f"{self.subject}{self.period}{topic}{self._plain_asking()}？"

    def why(self) -> str:
        """The reason for what the question takes for granted."""
        return f"{self.subject}为什么{self._told()}？"

    def more(self) -> str:
        """The same question, asked for what was left out."""
        rest = self.middle.removeprefix(self.period)
        return f"{self.subject}{self.period}还{rest}{self.asks}{self.noun}？"

    @property
    def fact(self) -> str:
        """What the question takes for granted, with its subject: a figure without its amount."""
        return self.subject + _SAYS_AT_END.sub("", self._told())

    def _told(self) -> str:
        verb = self.asks[0] if self.asks[:1] in ("有", "在") else ""
        return f"{self.middle}{verb if self.noun else ''}{self.noun}".removesuffix("的")

    def _plain_asking(self) -> str:
        """How the question asks, without the unit and the verb of what it asked for."""
        asks = _without_unit(self.asks)
        if re.search(r"多少|几|多.", asks):
            return "有多少"
        if "哪些" in asks or "哪几" in asks:
            return "有哪些"
        return asks if asks[:1] in ("是", "在", "有") else f"是{asks}" if asks else "怎么样"


def has_verb(text: str) -> bool:
    """Whether a phrase says itself what is done: 入驻企业, but not 停车位."""
    return any(word_class == "v" and len(word) > 1 for word, word_class in tagged_words(text))


def own_asking(topic: str) -> str:
    """How one asks for a measure, a date, a place or a person by its name; empty for a thing."""
    for pattern, asks in (
        (_TIME, "是什么时候"),
        (_PLACE, "在哪里"),
        (_PERSON, "是谁"),
        (_ATTRIBUTE, "是多少"),
    ):
        if pattern.search(topic):
            return asks
    return ""


def _without_unit(asks: str) -> str:
    """How many of it, whatever it is counted in: 多少亩 and 几家 as 多少."""
    return re.sub(r"(?:多少|几).*$", "多少", asks)
