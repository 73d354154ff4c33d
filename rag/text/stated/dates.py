"""Dates, periods and times of day, to parts that can be compared: 八月三号 is 8月3日.

Knows nothing of amounts. A relative word (今年, 昨天) stands for what it names when the article's
date is known, and for itself when it is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from rag.text.stated.numerals import value_of

# Parts of a date from large to small; each has a value, or several while it is not certain which.
GRAINS = ("year", "part", "month", "third", "day", "weekday", "half", "hour", "minute")

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_YEAR_NAMES = {"本年度": "本年", "上一年": "上年", "昨年": "去年", "过去的一年": "去年"}
_DAYS = {"今": 0, "昨": -1, "前": -2, "明": 1, "后": 2}
_PARTS = {
    "上半年": "H1",
    "下半年": "H2",
    "一": "Q1",
    "首": "Q1",
    "二": "Q2",
    "三": "Q3",
    "四": "Q4",
}
_PARTS |= {number: f"Q{number}" for number in "1234"}
# Looked at first: at most places of a text no date begins.
_FIRST = (
    r"(?=[\d〇零○一二两三四五六七八九十过本上中昨今去前明后下第首q当"
    r"年月初底末星周礼晚傍夜凌清早深])"
)
_TOKEN = re.compile(
    _FIRST + r"(?:"
    r"(?<!\d)(?P<iso_year>(?:1\d|20)\d\d)[-/.](?P<iso_month>1[0-2]|0?[1-9])[-/.](?P<iso_day>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<![\d.])(?P<year>\d{4}|[一二][〇零○一二三四五六七八九]{3}|\d\d(?=年\d{1,2}月))年(?!级|代)"
    r"|(?<![\d.])(?P<from_year>(?:19|20)\d\d)(?=\s*(?:-|—|–|~|至|到)+\s*(?:19|20)\d\d年)"
    r"|(?P<year_word>过去的一年|本年度|上一年|昨年|今年|本年|去年|上年|前年|明年|(?<![成之以前然随最落今往])后年)"
    r"|(?P<part>上半年|下半年)|第?(?P<quarter>[一二三四首1-4])(?:季度|季(?!节|赛|军))|(?P<quarter_latin>q[1-4])(?![a-z0-9])"
    rf"|(?<![\d.])(?P<month>{_MONTH})月(?![光球饼嫂子色老])"
    rf"|(?<![\d.])(?P<from_month>{_MONTH})(?=\s*(?:-|—|–|~|至|到|、)+\s*{_MONTH}月)"
    r"|(?P<month_word>[上下]个?月(?!球)|本月|当月)"
    r"|(?P<third>[上中下]旬|(?<=[年月])(?:初|底|末|中(?=[，。、；旬]))|年[初底末]|月[初底末])"
    rf"|(?<![\d.])(?P<day>{_DAY})日(?!本|元|报(?!道)|式)"
    # Of what is numbered, only what stands where a date does: no 卫星2号.
    rf"|(?:(?<![\d.\u4e00-\u9fff])|(?<=[至到于从月在]))(?P<day_sign>{_DAY})号"
    r"(?![线楼院机馆文店台风桥房门井矿坑令召])"
    rf"|(?<![\d.])(?P<from_day>{_DAY})(?=\s*(?:-|—|–|~|至|到|、)+\s*{_DAY}(?:日|号))"
    r"|(?P<day_word>[今昨明]日|[今昨前明后]天|[今昨明当]晚|[今明昨]早|当[日天])"
    r"|(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天末](?![刊年期]))"
    r"|(?<![\d.:])(?P<clock_hour>2[0-4]|[01]?\d):(?P<clock_minute>[0-5]\d)(?![\d.])"
    r"|(?P<half>上午|中午|下午|晚上|傍晚|夜间|凌晨|清晨|早上|晚间|早晨|深夜)?"
    r"(?<!分之)(?<![\d.])(?P<hour>2[0-4]|[01]?\d|十[一二]?|[二两三四五六七八九])(?:时(?![代期速候间]|常|刻|尚)|点钟?(?![名评击赞多燃几左]|\d))"
    r"(?:(?P<minute>[0-5]?\d|[二三四五]?十[一二三四五六七八九]?)分|(?P<half_hour>半))?"
    r"|(?P<half_day>上午|中午|下午|晚上|傍晚|夜间|凌晨|清晨|早上|晚间|早晨|深夜))"
)
_BETWEEN = re.compile(r"[\s的,度份]{0,2}")
_HALF_NAMES = ("凌晨", "清晨 早晨 早上", "上午", "中午", "下午", "傍晚", "晚上 晚间 夜间 深夜")
_HALVES = {word: half for half, words in enumerate(_HALF_NAMES) for word in words.split()}
_AFTERNOON = ("下午", "傍晚", "晚上", "晚间", "夜间", "深夜")
_LAST_NUMBERED = 12
Parts = dict[str, frozenset[str]]
Reader = Callable[[str, str | None], Parts]


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as printed, by its parts; ``parts`` holds only those that are printed.

    ``known`` has those of the text around it, too: the month of 5日 in 8月3日至5日.
    """

    start: int
    end: int
    printed: str
    parts: Parts
    known: Parts = field(default_factory=dict)

    def is_told_by(self, other: Moment) -> bool:
        """Whether every part of this date stands in the other; with an hour, 下午 need not."""
        return all(
            values & other.known.get(grain, frozenset())
            for grain, values in self.parts.items()
            if grain != "half" or "hour" not in self.parts
        )


def find_moments(folded: str, written: str | None = None) -> list[Moment]:
    """The dates of a folded text; ``written`` is the article's date, ``YYYY[-MM[-DD]]``."""
    return list(_with_context(bare_moments(folded, written), written))


def bare_moments(folded: str, written: str | None = None) -> list[Moment]:
    """The same without what stands around them: ``known`` is empty."""
    found: list[Moment] = []
    for start, end, parts in _tokens(folded, written):
        last = found[-1] if found else None
        if last and _BETWEEN.fullmatch(folded, last.end, start) and _is_finer(parts, last.parts):
            found[-1] = Moment(last.start, end, folded[last.start : end], last.parts | parts)
        else:
            found.append(Moment(start, end, folded[start:end], parts))
    return found


def _is_finer(parts: Parts, than: Parts) -> bool:
    return min(map(GRAINS.index, parts)) > max(map(GRAINS.index, than))


def _with_context(moments: list[Moment], written: str | None) -> Iterator[Moment]:
    """Each date with what the one before it leaves standing, and the article's year and month."""
    year = frozenset({written[:4]}) if written else frozenset()
    month = frozenset({_number(written[5:7])}) if written and written[5:7] else frozenset()
    known: Parts = {}
    for moment in moments:
        first = min(map(GRAINS.index, moment.parts))
        known = {grain: known[grain] for grain in GRAINS[:first] if grain in known} | moment.parts
        if "year" not in known and year and {"month", "part", "day"} & set(known):
            known["year"] = year
        if "month" not in known and month and "day" in known and "year" in known:
            known["month"] = month
        yield Moment(moment.start, moment.end, moment.printed, moment.parts, known)


def _tokens(folded: str, written: str | None) -> Iterator[tuple[int, int, Parts]]:
    for match in _TOKEN.finditer(folded):
        parts = _parts(match.groups(), written, is_spoken="点" in match[0])
        if parts:
            yield match.start(), match.end(), parts


@lru_cache(maxsize=1 << 14)
def _parts(values: tuple[str | None, ...], written: str | None, *, is_spoken: bool) -> Parts:
    """Worked out once: most dates of many texts are the same few. Nobody changes what comes out."""
    groups = {name: text for name, text in zip(_TOKEN.groupindex, values, strict=True) if text}
    parts: Parts = {}
    for name, text in groups.items():
        parts |= _READERS[name](text, written)
    if "hour" in groups:
        parts["hour"] = _of_day(groups.get("half", ""), groups["hour"], is_spoken=is_spoken)
    return parts


def _number(text: str) -> str:
    value = value_of(text)
    return str(value) if value is not None else text


def _one(grain: str) -> Reader:
    return lambda text, _: {grain: frozenset({_number(text)})}


def _year(text: str, _: str | None) -> Parts:
    short = len(text) == len("23")
    return {"year": frozenset({f"20{text}" if short else _number(text)})}


def _part(text: str, _: str | None) -> Parts:
    return {"part": frozenset({_PARTS.get(text, text.upper())})}


def _half_hour(_text: str, _: str | None) -> Parts:
    return {"minute": frozenset({"30"})}


def _half(text: str, _: str | None) -> Parts:
    return {"half": frozenset({str(_HALVES[text])})}


def _year_word(text: str, written: str | None) -> Parts:
    word = _YEAR_NAMES.get(text, text)
    shift = _YEARS[word]
    values = {f"year{shift:+d}"}
    if written:
        values.add(str(int(written[:4]) + shift))
    return {"year": frozenset(values)}


def _month_word(text: str, written: str | None) -> Parts:
    shift = {"上": -1, "下": 1}.get(text[0], 0)
    values = {f"month{shift:+d}"}
    if written and len(written) >= len("2023-08"):
        values.add(str((int(written[5:7]) - 1 + shift) % _LAST_NUMBERED + 1))
    return {"month": frozenset(values)}


def _day_word(text: str, written: str | None) -> Parts:
    if text[0] == "当":
        return {}
    shift = _DAYS[text[0]]
    names = frozenset({f"day{shift:+d}"})
    if not written or len(written) < len("2023-08-03"):
        return {"day": names}
    day = date.fromisoformat(written[:10]) + timedelta(days=shift)
    return {"day": names | {str(day.day)}}


def _third(text: str, _: str | None) -> Parts:
    return {"third": frozenset({text[-1].replace("末", "底") if text[-1] != "旬" else text})}


def _of_day(half: str, hour: str, *, is_spoken: bool) -> frozenset[str]:
    """The hour of the day: 下午3点 is 15, 3时 is 3, and 3点 may be either."""
    value = int(_number(hour))
    if value >= _LAST_NUMBERED or (half and half not in _AFTERNOON):
        return frozenset({str(value)})
    late = str(value + _LAST_NUMBERED)
    if half:
        return frozenset({late})
    return frozenset({str(value), late}) if is_spoken else frozenset({str(value)})


def _hour(text: str, _: str | None) -> Parts:
    return {"hour": frozenset({_number(text)})}


def _weekday(text: str, _: str | None) -> Parts:
    return {"weekday": frozenset({text.replace("天", "日")})}


_READERS: dict[str, Reader] = {
    "iso_year": _one("year"), "iso_month": _one("month"), "iso_day": _one("day"),
    "year": _year,
    "from_year": _one("year"), "year_word": _year_word,
    "part": _part, "quarter": _part, "quarter_latin": _part,
    "month": _one("month"), "from_month": _one("month"), "month_word": _month_word,
    "third": _third, "day": _one("day"), "day_sign": _one("day"), "from_day": _one("day"),
    "day_word": _day_word, "weekday": _weekday,
    "clock_hour": _hour, "clock_minute": _one("minute"), "half": _half, "half_day": _half,
    "hour": _hour, "minute": _one("minute"),
    "half_hour": _half_hour,
}  # fmt: skip
