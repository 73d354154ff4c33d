"""Numbers with their units, to values that can be compared: 1.2万 is 12000, 3公里 is 3000米.

Knows nothing of dates, which are taken out beforehand, nor of what is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rag.text.stated.numerals import value_of

# Units by dimension, each with how much of the dimension's first one it is.
_UNIT_TABLE = """
length: 米=1 m=1 公尺=1 公里=1000 千米=1000 km=1000 海里=1852 里=500 分米=1/10 厘米=1/100
公分=1/100 cm=1/100 毫米=1/1000 mm=1/1000 微米=1/1000000 纳米=1/1000000000
area: 平方米=1 平米=1 ㎡=1 平方公里=1000000 平方千米=1000000 公顷=10000 亩=2000/3 平方厘米=1/10000
volume: 立方米=1 升=1/1000 公升=1/1000 毫升=1/1000000 ml=1/1000000
mass: 公斤=1 千克=1 kg=1 吨=1000 斤=1/2 两重=1/20 克=1/1000 g=1/1000 毫克=1/1000000 mg=1/1000000
yuan: 元=1 元人民币=1 块=1 块钱=1 人民币=1 角=1/10 毛钱=1/10
dollar: 美元=1 美金=1 美分=1/100
hong-kong-dollar: 港元=1 港币=1
yen: 日元=1 日圆=1
ratio: %=1/100 ‰=1/1000 成=1/10
point: 个百分点=1 百分点=1
span: 秒=1 秒钟=1 分钟=60 小时=3600 个小时=3600 个多小时=3600 钟头=3600 个钟头=3600 毫秒=1/1000
days: 天=1 昼夜=1 周=7 星期=7 个星期=7 礼拜=7 个礼拜=7
months: 个月=1 个多月=1 年=12 周年=12 年度=12 个年头=12 世纪=1200 个世纪=1200
power: 千瓦=1 kw=1 瓦=1/1000 兆瓦=1000 mw=1000 吉瓦=1000000 gw=1000000
energy: 千瓦时=1 kwh=1 度电=1 兆瓦时=1000 mwh=1000 吉瓦时=1000000 gwh=1000000
persons: 人=1 名=1 位=1
degrees: 度=1 摄氏度=1 ℃=1 °c=1
store: gb=1 g内存=1 mb=1/1024 tb=1024
"""


def _read_units(table: str) -> dict[str, tuple[str, Fraction]]:
    units: dict[str, tuple[str, Fraction]] = {}
    dimension = ""
    for entry in table.split():
        if entry.endswith(":"):
            dimension = entry[:-1]
        else:
            unit, factor = entry.split("=")
            units[unit] = (dimension, Fraction(factor))
    return units


_PLAIN_UNITS = """
欧元 英镑 韩元 卢布 卢比 澳元 加元 瑞郎 泰铢 里拉 比特币 人次 架次 班次 车次 票次 小时 年代 倍 折
番 岁 周岁 公里/小时 千米/小时 米/秒 立方米/秒 毫米/小时 个基点 基点 立方 平方 海里 吨位 标准箱
光年 帕 千帕 赫兹 兆赫 伏 千伏 像素 字节 桶 盎司 蒲式耳 英里 英尺 英寸 磅
"""
_CLASSIFIERS = (
    "个家户口次种类项条座所处件台套辆艘架栋幢间层届期场篇部本册支只头颗棵株块片张份封路站门组队"
    "团班级代版轮步点分字寸箱号批回笔宗起例则道股根枚瓶盒袋包桶床盏面顶幅扇把双对副车船趟遍番集季"
    "章节款样国市省县区镇村校企党强地线环维星杆局盘胜负平球米"
)
# What 个 may stand for.
COUNTABLE = frozenset("个家项条座所处件台套辆艘架栋幢间部册支只头棵株块户种类国省市县区") | {
    "persons"
}
_UNITS = _read_units(_UNIT_TABLE)
_UNITS |= {unit: (unit, Fraction(1)) for unit in _PLAIN_UNITS.split() if unit not in _UNITS}
_UNITS |= {unit: (unit, Fraction(1)) for unit in _CLASSIFIERS if unit not in _UNITS}

_SCALE = r"(?:[十百万亿]|千(?![瓦米克伏卡赫帕]))"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHARACTERS = (
    r"(?:[零〇○一二两三四五六七八九]|"
    + _SCALE
    + r"|(?<=[一二三四五六七八九])点(?=[一二三四五六七八九]))+"
)
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
# At most places of a text no amount and no unit begins: that is looked at first.
_FIRST_OF_AMOUNT = r"(?=[\dn第零〇○一二两三四五六七八九十百千万亿点])"
_FIRST_OF_UNIT = f"(?=[{re.escape(''.join(sorted({unit[0] for unit in _UNITS})))}])"
_AMOUNT = re.compile(
    _FIRST_OF_AMOUNT + r"(?P<ordinal>第|no\.)?(?P<share>[百千万]分之)?"
    rf"(?P<number>{_DIGITS}(?:{_SCALE}+(?:\d+{_SCALE}+)*)?|{_CHARACTERS})"
    rf"(?P<vague>[余多来几]{{0,1}}(?P<late>[万亿]*))(?:\s?{_FIRST_OF_UNIT}(?P<unit>{_UNIT}))?"
)
_FIRST = re.compile(r"首(?=[届次个家批位条座例架艘款部台])")
_JOINT = re.compile(r"\s*(?:-|—|–|~|至|到|、|和|或|及|与|/|,)\s*")
_NO_TENTH = re.compile(r"成(?:[为立功都员果本交长绩熟就份分人品了型效年片因败语章千])")
_ROUNDED = re.compile(r"(?:约|近|超|逾|大概|左右|多于|不足|不到|余|多|以上|接近|几乎)")
_LATIN_BEFORE = re.compile(r"(?:(?<!\d)[a-z]|\d[a-wyz])[-.]?$")  # not of 4x100
_ROUNDED_BY = 20  # a rounded number is at most a twentieth off
_SHARES = {"百分之": Fraction(1, 100), "千分之": Fraction(1, 1000), "万分之": Fraction(1, 10000)}
_WORDS = ("十分", "万分", "百分", "一点", "一部分", "一些", "千万", "万一", "一番", "一度")
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as printed, with its possible values in its dimension's first unit.

    ``dimension`` is empty for a bare number. ``factor`` is what its unit is worth, ``scale`` its
    unit with the 万 or 亿 before it, ``step`` one in its last printed digit, for rounded values.
    """

    start: int
    end: int
    printed: str
    values: frozenset[Fraction]
    dimension: str
    is_ordinal: bool
    is_rounded: bool
    factor: Fraction
    scale: Fraction
    step: Fraction

    def equals(self, other: Amount) -> bool:
        """Whether the other says the same number of the same thing, as far as units tell."""
        if self.is_ordinal != other.is_ordinal or not _alike(self.dimension, other):
            return False
        if self.values & other.values:
            return True
        # 约3.6亿 for 35986万: the claim may be the coarser one, and must say so.
        return self.is_rounded and any(
            abs(mine - theirs) <= min(self.step / 2, mine / _ROUNDED_BY)
            for mine in self.values
            for theirs in other.values
            if other.step < self.step <= mine
        )


def _alike(claimed: str, other: Amount) -> bool:
    """个 counts anything that another classifier counts; a bare number claims no unit."""
    if not claimed:
        return not other.dimension or other.printed[0].isdigit()  # 10 is not said by 十字
    both = {claimed, other.dimension}
    return len(both) == 1 or ("个" in both and both <= COUNTABLE)


def find_amounts(folded: str) -> list[Amount]:
    """The amounts of a folded text in order; a lone Chinese numeral without a unit is none."""
    found = [amount for match in _AMOUNT.finditer(folded) if (amount := _read(match, folded))]
    found.extend(
        Amount(
            m.start(), m.end(), "首", frozenset({_ONE}), folded[m.end()], True, False, *[_ONE] * 3
        )
        for m in _FIRST.finditer(folded)
    )
    found.sort(key=lambda amount: amount.start)
    for place in range(len(found) - 2, -1, -1):
        found[place] = _with_unit_of(found[place], found[place + 1], folded)
    return found


def _read(match: re.Match[str], folded: str) -> Amount | None:
    number, unit = match["number"], match["unit"] or ""
    if _is_part_of_a_name(match, folded):
        return None
    if match[0] in _WORDS:
        return None
    if unit == "成" and _NO_TENTH.match(folded, match.start("unit")):
        unit = ""
    has_sign = bool(unit or match["share"] or match["ordinal"])
    worth = _worth(number, match["late"], unit, match["share"])
    if worth is None or not (number[0].isdigit() or has_sign or _is_long(number)):
        return None
    near = folded[max(0, match.start() - 2) : match.start()] + folded[match.end() : match.end() + 2]
    return Amount(
        match.start(),
        match.end(),
        match[0],
        worth.values,
        worth.dimension,
        bool(match["ordinal"]),
        bool(match["vague"].strip("万亿") or _ROUNDED.search(near)),
        worth.factor,
        worth.scale,
        worth.step,
    )


class _Worth(NamedTuple):
    """What a number with its unit comes to; the fields are those of ``Amount``."""

    values: frozenset[Fraction]
    dimension: str
    factor: Fraction
    scale: Fraction
    step: Fraction


@lru_cache(maxsize=1 << 15)
def _worth(number: str, late: str, unit: str, share: str | None) -> _Worth | None:
    """Worked out once: exact fractions take long, and most numbers of prose are small ones."""
    value = value_of(number + late)
    if value is None:
        return None
    dimension, factor = _UNITS.get(unit, ("", _ONE))
    if share:
        dimension, factor = "ratio", _SHARES[share]
    scale = _scale(number, value) * factor
    return _Worth(frozenset({value * factor}), dimension, factor, scale, _digit(number) * scale)


def _is_part_of_a_name(match: re.Match[str], folded: str) -> bool:
    """Whether Latin letters stand right before, as in C919 and PM2.5."""
    return bool(_LATIN_BEFORE.search(folded[max(0, match.start() - 3) : match.start()]))


def _is_long(number: str) -> bool:
    return len(number) > 1 and number[0] not in "百千万亿"


def _printed_digits(number: str) -> str:
    digits = re.match(_DIGITS, number)
    return digits[0].replace(",", "") if digits else ""


def _scale(number: str, value: Fraction) -> Fraction:
    """The 万 or 亿 of a number in digits."""
    plain = Fraction(_printed_digits(number) or 0)
    return value / plain if plain else _ONE


def _digit(number: str) -> Fraction:
    """What one in the last printed digit that is not a zero is worth: 0.1 for 1.2万."""
    plain = _printed_digits(number)
    decimals = len(plain.partition(".")[2])
    zeros = len(plain) - len(plain.rstrip("0")) if plain and not decimals else 0
    return Fraction(10) ** (zeros - decimals)


def _with_unit_of(one: Amount, other: Amount, folded: str) -> Amount:
    """3—5万元 and 3、5和7家: a bare number takes the unit, and perhaps the scale, of the next."""
    if one.dimension or not _JOINT.fullmatch(folded, one.end, other.start):
        return one
    factors = {other.factor} if one.scale > 1 else {other.factor, other.scale}
    values = frozenset(value * factor for value in one.values for factor in factors)
    return replace(
        one, values=values, dimension=other.dimension, factor=other.factor, scale=other.scale
    )
