"""A question that asks which of all articles' subjects something holds for.

哪些高新区提到了院士工作站, 列出所有建有孵化器的园区, 哪个高新区的党员最多: the subjects are
not named but to be found. Knows only the words of the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.queries.subjects import find_subject, names_by_ending

_ZONES = (
    "高新技术产业开发区|高新区|示范区|开发区|经开区|试验区|集聚区|保税区|自贸区|工业园区?|产业园区?|"
    "软件园|科技园|物流园|园区|新区"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("高新区|国家高新区", "高新技术产业开发区|高新区"),
    ("园区|区|地区|开发区|经开区|示范区|地方", _ZONES),
    ("公司|企业|集团|厂家", "公司|集团|银行"),
    ("学校|高校|大学|院校", "大学|学院|中学|小学|学校"),
    ("医院", "医院"),
    ("县|市|县市|城市|镇|乡镇|省|省份|村", "[省市县镇乡村]"),
    ("文章|报道|新闻|稿件|材料", ""),
)
_PLACE_ENDINGS = frozenset(ending for words, ending in _KINDS if "区" in words or "县" in words)
_KIND = "|".join(
    sorted((w for words, _ in _KINDS for w in words.split("|")), key=len, reverse=True)
)
_ALL = r"(?:所有|全部|一共)?"
_WHICH = re.compile(
    rf"^(?:请问|请)?(?:在?(?:材料|文章|语料|这些文章|这些材料)(?:里|中)?)?[，,]?(?:一共|总共|都|还)?有?"
    rf"(?:哪些|哪几[个家座所]|哪[两二三四五六][个家座所]|哪[个家座所](?=.*最)|哪(?=[两二三四五六个家]?(?:{_KIND}).*最)|什么)"
    rf"(?:不同的)?(?P<kind>{_KIND})(?P<condition>.+)$"
)
_LISTED = re.compile(
    rf"^(?:请)?(?:帮我)?(?:列出|列举|找出|说出|举出)(?:一下)?{_ALL}(?P<condition>.+?)的{_ALL}(?P<kind>{_KIND})$"
)
_ARE_WHICH = re.compile(
    rf"^(?:请问)?{_ALL}(?P<condition>.+?)的{_ALL}(?P<kind>{_KIND})(?:分别|都|一共|总共)?(?:有|是)哪些$"
)
_MENTIONS = re.compile(
    r"^(?:里面|当中|中|都|曾经?|分别|还)*(?:有)?(?:提到|提及|说到|讲到|谈到|写到|涉及|介绍|说起|报道|关于|有)(?:了|过)?"
)
_MOST = re.compile(r"最(?P<degree>[多少大小高低长短早晚快慢强]).*$")


@dataclass(frozen=True, slots=True)
class Collection:
    """A question for every subject whose name ends in ``ending`` (a pattern; empty: articles).

    ``condition`` is what is to hold for it, ``topic`` the same without a word like 提到. ``degree``
    is that of 最多, or empty.
    """

    ending: str
    condition: str
    topic: str
    degree: str

    def asked_of(self, subject: str) -> str:
        """The question for one subject that is found."""
        if self.degree:
            asks = "是什么时候" if self.degree in "早晚" else "有多少"
            return f"{subject}{self.condition}{asks}？"
        return f"{subject}{self.condition}"

    @property
    def is_of_places(self) -> bool:
        """Whether it asks for zones or places, of which whole articles tell."""
        return self.ending in _PLACE_ENDINGS

    def is_of_kind(self, name: str) -> bool:
        """Whether a name ends as those that are asked for do."""
        return bool(self.ending and re.search(rf"(?:{self.ending})$", name))

    def names_in(self, text: str) -> list[str]:
        """The names of the kind in a text, in order, each once."""
        return list(dict.fromkeys(name for name in names_by_ending(text) if self.is_of_kind(name)))


def collection_of(question: str) -> Collection | None:
    """What a question asks of all subjects of a kind; None when it names a subject of its own."""
    bare = question.rstrip("？?。！ ")
    match = _WHICH.match(bare) or _LISTED.match(bare) or _ARE_WHICH.match(bare)
    if not match:
        return None
    condition, kind = match["condition"], match["kind"]
    subject = find_subject(condition) if match.re is not _WHICH else ""
    if subject and condition.startswith(subject):
        return None  # 云桥镇建成的公园有哪些
    most = _MOST.search(condition)
    if most:
        condition = condition[: most.start()].strip("的")
    topic = _MENTIONS.sub("", condition)
    if len(topic) < 2:
        return None
    ending = next(pattern for words, pattern in _KINDS if kind in words.split("|"))
    return Collection(ending, condition, topic, most["degree"] if most else "")
