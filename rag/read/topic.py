"""A topic in words: whose it is, the matter itself, and of when.

In go the words of a topic, out comes what can be looked for in texts: 青川县的防汛工作 is 防汛 of
青川县. Knows nothing of articles' places or vectors.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rag.text import Periods, fold, periods_of, standard_form, tagged_words

_PERIOD = re.compile(
    r"(?:\d{4}年|[今去前]年)?(?:\d{1,2}月份?(?:\d{1,2}[日号])?|[上下]半年|[一二三四]季度)|\d{4}年(?:度|以来)?|[今去前]年"
)
_LISTS = resources.files("rag.read").joinpath("topic.toml").read_text(encoding="utf-8")
_WORDS: dict[str, list[str]] = tomllib.loads(_LISTS)
_GENERAL, _HEADS = frozenset(_WORDS["general"]), frozenset(_WORDS["heads"])
_NAME_ENDS = re.compile(f"(?:{'|'.join(_WORDS['name_ends'])})$")
_NAMES = ("nr", "ns", "nt", "nz", "eng", "x")
_JUST_NOW = re.compile(r"[昨今][天日晚]|日前|近日|本月|本周|上周|目前|如今")
_SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class Topic:
    """What is to be told of: ``matter`` of ``owner`` in ``periods``; each empty where not named.

    ``words`` are those of the matter that say something.
    """

    owner: str
    matter: str
    words: tuple[str, ...]
    periods: Periods

    def is_owner_in(self, text: str) -> bool:
        """Whether a text names whose it is, in either script; any text does where nobody is."""
        return not self.owner or _bare(self.owner) in _bare(text)

    def share_in(self, text: str) -> float:
        """Which share of the matter's words stands in a text; 0 where there are none."""
        told = _bare(text)
        return sum(word in told for word in self.words) / len(self.words) if self.words else 0.0

    def is_of_period(self, text: str, written: str | None) -> bool:
        """Whether a sentence of an article of some date can be of the period.

        What it says of its time counts first, then the article's date; without both it can not.
        """
        if not any(self.periods):
            return True
        told = periods_of(standard_form(text), written)
        of_article = periods_of_date(written)
        if _JUST_NOW.search(text):  # 建于1897年的老桥昨天开放 is of both years
            told = Periods(*(own | now for own, now in zip(told, of_article, strict=True)))
        pairs = (
            (self.periods.years, told.years or of_article.years),
            (self.periods.months, told.months or of_article.months),
            (self.periods.parts, told.parts or of_article.parts),
        )
        return all(not asked or asked & own for asked, own in pairs)


def topic_of(words: str, today: str | None = None) -> Topic:
    """The topic that some words of a question name; 去年 is seen from ``today``."""
    text = standard_form(words)
    found = _PERIOD.search(text)
    period = found[0] if found else ""
    rest = _PERIOD.sub("", text).strip("的，, 在")
    owner, matter = _parted(rest)
    told = telling_words(matter)
    told = tuple(word for word in told if word not in _HEADS) or told
    return Topic(owner, matter, told, periods_of(period, today))


def telling_words(words: str) -> tuple[str, ...]:
    """The words that say something of a matter, folded; none of the general nouns."""
    told = [word for word, _ in tagged_words(standard_form(words)) if len(word) >= _SHORTEST_WORD]
    return tuple(fold(word) for word in told if word not in _GENERAL)


def _parted(text: str) -> tuple[str, str]:
    """Whose a matter is and the matter: what stands before 的, or up to the last name before it."""
    owner, of, matter = text.partition("的")
    if of and matter and _is_name(owner):
        return owner, matter
    end = place = 0
    for word, tag in tagged_words(text):
        place += len(word)
        if _is_named(word, tag) or _ends_as_names_do(text[:place]):
            end = place
        elif not tag.startswith(("n", "m", "q", "b", "j", "f")):
            break
    return text[:end], text[end:].removeprefix("的")


def _is_name(text: str) -> bool:
    """Whether a text has a name in it, or ends as names do."""
    return any(_is_named(*word) for word in tagged_words(text)) or _ends_as_names_do(text)


def _is_named(word: str, tag: str) -> bool:
    return tag.startswith(_NAMES) and len(word) > 1


def _ends_as_names_do(text: str) -> bool:
    return len(text) > _SHORTEST_WORD and bool(_NAME_ENDS.search(text))


@lru_cache(maxsize=1024)
def periods_of_date(written: str | None) -> Periods:
    """Year, month, quarter and half of an article's date, as far as it says."""
    if not written:
        return Periods(frozenset(), frozenset(), frozenset())
    year, _, month = written.partition("-")
    if not month:
        return Periods(frozenset({year}), frozenset(), frozenset())
    number = int(month[:2])
    half = "上半年" if number <= 6 else "下半年"
    parts = frozenset({half, f"{'一二三四'[(number - 1) // 3]}季度"})
    return Periods(frozenset({year}), frozenset({f"{number}月"}), parts)


def _bare(text: str) -> str:
    return re.sub(r"[^\w]", "", fold(text))
