"""A question for all of a kind over many articles, put so that each article can answer for itself.

In goes a question in its standard form, out comes what one of them would be asked for: 哪些镇建成了
菜园 asks of each article 哪个镇建成了菜园. Knows nothing of articles.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from rag.ask.asking import COUNTERS
from rag.text import tagged_words

_MANY = re.compile(
    rf"(?:一共|总共|共)?(?:都|分别)?(?:有|是)?(?P<many>哪些|哪几[{COUNTERS}笔]?|(?P<counted>(?:多少|几)[{COUNTERS}笔]))"
)
_BEHIND = re.compile(
    rf"的(?P<kind>[^的，]{{1,6}}?)(?:一共|总共|共|都|分别)*"
    rf"(?:[有是](?P<many>哪些|哪几[{COUNTERS}]?)|有(?P<counted>(?:多少|几)[{COUNTERS}]?))$"
)
# What only asks which ones are named anywhere: 都提到了哪些高新区.
_NAMED = re.compile(
    r"(?:这些|这里的?|各篇|所有|全部)?(?:文章|材料|报道|新闻|资料)?(?:里面?|中)?"
    r"(?:一共|总共|都|分别)*(?:提到|提及|说到|写到|讲到|涉及|出现)(?:了|过)?"
)
_COUNTER = re.compile(rf"(?<=[几少])[{COUNTERS}笔]")
_SIGNS = "？?。！! "
_UNITS = "省市县区乡镇村街"  # 乡镇 are 乡 or 镇
_LONGEST_KIND = 6
_KINDS = tomllib.loads(
    resources.files("rag.ask").joinpath("kinds.toml").read_text(encoding="utf-8")
)
# How much or many of each: 各条路的改造花了多少钱.
_EACH = re.compile(
    rf"^(?:各|每一?)(?:[{COUNTERS}])?(?P<kind>[^，的各多几有]{{1,4}}?)(?:的|(?=[建修投花用产占有面]))"
    r"(?:各自?|分别|都)*(?P<rest>[^，]*?(?:多少|多[大高长宽远久]|几)[^，]*)$"
)
_ASPECTS = ("了", "过")  # they stand behind verbs


@dataclass(frozen=True, slots=True)
class Roll:
    """What each article is asked (one wording or more), of which kind, and whether to count.

    ``counter`` is the word that counts them.
    """

    questions: tuple[str, ...]
    kind: str
    counts: bool
    counter: str
    names_alone: bool = False  # it asks for no more than that they are named
    asks_how_much: bool = False  # members are the figures of each, told by whose they are

    @property
    def ends(self) -> tuple[str, ...]:
        """What names of the kind may end with: 镇 and 乡 for 乡镇, 小学 for 学校."""
        if len(_single(self.kind)) > 1:
            return tuple(self.kind)
        known = _KINDS["ends"].get(self.kind, ())
        return (*known, self.kind) if known else (self.kind[-1:],)

    @property
    def may_be_bare(self) -> bool:
        """Whether names of the kind need not end as such names do: firms are called 云帆."""
        return self.kind in _KINDS["bare"]["names"]


def roll_of(question: str) -> Roll | None:
    """The roll that a question calls; None where it is for one thing or for how much."""
    text = question.strip(_SIGNS)
    if each := _EACH.match(text):
        return Roll((f"{each['rest']}？",), each["kind"], False, "", asks_how_much=True)
    if found := _BEHIND.search(text):
        kind, rest = found["kind"], text[: found.start()]
        asked = tuple(f"{rest}的是哪个{one}？" for one in _single(kind)) if rest else ()
    elif found := _MANY.search(text):
        kind = _kind_before(text[found.end() :])
        before, behind = text[: found.start()], text[found.end() + len(kind) :].removeprefix("的")
        asked = tuple(f"{before}哪个{one}{behind}？" for one in _single(kind))
        if not kind or not (before or behind):
            return None
    if not found or not asked:
        return None
    counter = _COUNTER.search(found["many"] or found["counted"])
    rest = text[: found.start()] + text[found.end() :].removeprefix(kind)
    named = bool(_NAMED.fullmatch(rest))
    return Roll(asked, kind, bool(found["counted"]), counter[0] if counter else "个", named)


def _kind_before(text: str) -> str:
    """The noun that a text begins with; of 村通了, which is cut as one word, its first sign."""
    nouns: list[str] = []
    for word, tag in tagged_words(text):
        if word in _ASPECTS and nouns:
            verb = nouns.pop()
            return "".join(nouns) or verb[: len(verb) // 2]
        if (
            not tag.startswith(("n", "z", "j", "b"))
            or len(word) + len("".join(nouns)) > _LONGEST_KIND
        ):
            break
        nouns.append(word)
    return "".join(nouns)


def _single(kind: str) -> tuple[str, ...]:
    """The kind; each of its signs by itself where it joins two units of places."""
    joined = len(kind) > 1 and all(sign in _UNITS for sign in kind)
    return tuple(kind) if joined else (kind,)
