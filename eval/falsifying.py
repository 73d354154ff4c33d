"""Sentences with one thing changed by rule: what they claim is false of their evidence.

A rule takes a sentence, its evidence, the pool of names of other articles and a random generator;
it gives the changed sentence, or None where it finds nothing to change. What is put in stands
nowhere in the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

import rjieba

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万"
    "钱严覃武戴莫孔向汤"
)
_PERSON = re.compile(
    rf"(?:(?<=记者)|(?<=主任)|(?<=教授)|(?<=局长)|(?<=经理)|(?<=董事长)|(?<=书记)|(?<=市长)"
    rf"|(?<=院长)|(?<=医生)|(?<=总裁)|(?<=负责人)|(?<=主席)|(?<=民警)|(?<=研究员)|(?<=专家)|(?<=，)|^)"
    rf"([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=表示|介绍|告诉|说[，：]|认为|指出|称[，：]|透露|坦言|在接受|获得|摄[影)]|报道[)])"
)
_ORGANISATION = re.compile(
    r"(?:(?<=[，。、（“])|(?<=由)|(?<=与)|(?<=在)|(?<=据)|(?<=向)|(?<=为)|^)"
    r"((?!据|由|在|与|向|从|对|为|经|该|其|这|此|一)[\u4e00-\u9fff]{2,8}"
    r"(?:公司|集团|大学|学院|医院|银行|协会|研究院|委员会|法院|公安局|证券|中学|小学|管理局|卫视|日报))"
    r"(?![\u4e00-\u9fff]?(?:公司|集团|医院))"
)
_TITLE = re.compile(r"《([\u4e00-\u9fff]{2,12})》")
_PLACES = """
北京 上海 天津 重庆 广州 深圳 成都 杭州 武汉 西安 南京 苏州 长沙 郑州 青岛 济南 沈阳 大连 哈尔滨
长春 昆明 贵阳 南宁 福州 厦门 合肥 南昌 太原 石家庄 兰州 西宁 银川 乌鲁木齐 拉萨 海口 三亚 宁波
无锡 佛山 东莞 珠海 温州 绍兴 烟台 洛阳 宜昌 桂林 扬州 泉州 河北 山西 辽宁 吉林 黑龙江 江苏 浙江
安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南 陕西 甘肃 青海 宁夏 新疆 西藏
内蒙古 香港 澳门 台湾 中国 美国 日本 韩国 俄罗斯 乌克兰 英国 法国 德国 意大利 印度 巴西 泰国 越南
新加坡 澳大利亚 加拿大
"""
PLACES = frozenset(_PLACES.split())
_SUBJECT = re.compile(
    r"^(?:[^，]{2,9}，)?((?!据|在|对|从|为|经|由|以|当|随着|根据|此外|同时|目前|近日|今年|去年|他|她|它|这|那|其|该|不|但|而|也)"
    r"[\u4e00-\u9fff]{2,9}?)(?=表示|指出|认为|介绍|宣布|将|已经|已|正在|是|共有|获得|达到|位于|拥有|实现|负责|成为)"
)
_UNIT_SWAPS = {
    "亿元": ("万元", "亿美元"),
    "万元": ("亿元", "万美元"),
    "元": ("美元", "万元"),
    "公里": ("米", "海里"),
    "米": ("公里", "厘米"),
    "吨": ("公斤", "万吨"),
    "%": ("‰", "个百分点"),
    "个百分点": ("%",),
    "小时": ("分钟", "天"),
    "分钟": ("小时", "秒"),
    "亩": ("平方米", "公顷"),
    "平方米": ("亩", "平方公里"),
    "万人": ("人", "亿人"),
    "万": ("亿",),
    "亿": ("万",),
    "天": ("个月", "小时"),
    "岁": ("个月",),
    "毫米": ("厘米",),
    "万千瓦": ("千瓦",),
    "平方公里": ("平方米", "亩"),
    "美元": ("元", "欧元"),
}
_MEASURED = re.compile(
    r"(?<![\d.])(\d[\d,]*(?:\.\d+)?)("
    + "|".join(sorted(map(re.escape, _UNIT_SWAPS), key=len, reverse=True))
    + r")(?![0-9])"
)
_NUMBER = re.compile(r"(?<![\d.A-Za-z第—-])(\d[\d,]*(?:\.\d+)?)(?![\d.A-Za-z年月日时点分号/-])")
_DATE = re.compile(
    r"(?<!\d)(?:(?P<year>20\d\d|19\d\d)(?=年)|(?P<month>\d{1,2})(?=月(?:\d|份|底|初))"
    r"|(?<=月)(?P<day>\d{1,2})(?=[日号])|(?P<word>今年|去年|前年|上半年|下半年|昨日|昨天|今日|明年|上月|本月))"
)
_OTHER_TIMES = {
    "今年": "去年",
    "去年": "前年",
    "前年": "去年",
    "明年": "今年",
    "上半年": "下半年",
    "下半年": "上半年",
    "昨日": "今日",
    "昨天": "今天",
    "今日": "昨日",
    "上月": "本月",
    "本月": "上月",
}
_NEGATED = {
    "是": "不是", "将": "将不", "可以": "不可以", "能够": "不能够", "已": "尚未",
    "已经": "尚未", "有": "没有", "会": "不会", "允许": "不允许", "支持": "不支持",
    "同意": "不同意", "发现": "未发现", "完成": "未完成", "实现": "未实现", "通过": "未通过",
    "获得": "未获得", "达到": "未达到", "属于": "不属于", "符合": "不符合", "影响": "不影响",
    "存在": "不存在", "参加": "没有参加", "没有": "有", "不是": "是", "不能": "能",
    "不会": "会", "未": "已", "尚未": "已经", "无法": "可以", "不得": "可以", "并未": "已经",
    "不再": "仍然", "未能": "成功", "不": "",
}  # fmt: skip


@dataclass(slots=True)
class Names:
    """Names that stand in other articles, by kind, to be put in the place of one."""

    persons: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sentences: Iterable[str]) -> Names:
        """All names the patterns find, each once, sorted."""
        texts = list(sentences)

        def found(pattern: re.Pattern[str]) -> list[str]:
            names = {name for text in texts for name in pattern.findall(text)}
            return sorted(filter(_is_nominal, names))

        return cls(found(_PERSON), found(_ORGANISATION), found(_TITLE), found(_SUBJECT))


Change = Callable[[str, str, Names, Random], str | None]


def _is_nominal(phrase: str) -> bool:
    """Whether the words of a phrase are nouns and what goes with them, the last one a noun."""
    tags = [tag for _, tag in rjieba.tag(phrase)]
    return all(tag[:1] in "nbj" or tag == "vn" for tag in tags) and tags[-1][:1] == "n"


def _replaced(sentence: str, span: tuple[int, int], new: str) -> str:
    return sentence[: span[0]] + new + sentence[span[1] :]


def _other(pool: list[str], old: str, evidence: str, random: Random) -> str | None:
    for _ in range(20):
        new = random.choice(pool)
        if new not in evidence and new not in old and old not in new:
            return new
    return None


def change_number(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """One number is another: a digit changed, two swapped, doubled, or one more or less."""
    del names
    places = list(_NUMBER.finditer(sentence))
    if not places:
        return None
    match = random.choice(places)
    for _ in range(10):
        new = _other_number(match[1], random)
        if not re.search(rf"(?<![\d.,]){re.escape(new)}(?![\d.,]*\d)", evidence):
            return _replaced(sentence, match.span(1), new)
    return None


def _other_number(number: str, random: Random) -> str:
    digits = [place for place, character in enumerate(number) if character.isdigit()]
    how = random.randrange(3)
    if how == 0 and "," not in number and "." not in number:
        return str(int(number) + random.choice((-1, 1, 10, int(number) + 1)))
    if how == 1 and len(digits) > 1:
        one, other = random.sample(digits, 2)
        swapped = list(number)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        if "".join(swapped) != number and swapped[0] != "0":
            return "".join(swapped)
    place = random.choice(digits)
    options = [digit for digit in "123456789" if digit != number[place]]
    return number[:place] + random.choice(options) + number[place + 1 :]


def change_unit(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """One unit is another: 万 for 亿, 米 for 公里, 个百分点 for %."""
    del names
    places = list(_MEASURED.finditer(sentence))
    if not places:
        return None
    match = random.choice(places)
    new = random.choice(_UNIT_SWAPS[match[2]])
    return None if match[1] + new in evidence else _replaced(sentence, match.span(2), new)


def change_date(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """One year, month, day or 今年 is another."""
    del names
    places = list(_DATE.finditer(sentence))
    if not places:
        return None
    match = random.choice(places)
    if match["word"]:
        new = _OTHER_TIMES[match["word"]]
    else:
        most = 12 if match["month"] else 28 if match["day"] else 2026
        least = 1990 if match["year"] else 1
        shifted = int(match[0]) + random.choice((-3, -2, -1, 1, 2, 3))
        new = str(min(max(shifted, least), most))
    sign = sentence[match.end() : match.end() + 1]
    sign = "" if match["word"] else sign
    return None if new + sign in evidence else _replaced(sentence, match.span(), new)


def _change_name(
    sentence: str, evidence: str, pattern: re.Pattern[str], pool: list[str], random: Random
) -> str | None:
    places = [match for match in pattern.finditer(sentence) if _is_nominal(match[1])]
    if not places or not pool:
        return None
    match = random.choice(places)
    new = _other(pool, match[1], evidence, random)
    return None if new is None else _replaced(sentence, match.span(1), new)


def change_name(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """A person, an organisation or a work is another."""
    kinds = [
        (_PERSON, names.persons),
        (_ORGANISATION, names.organisations),
        (_TITLE, names.titles),
    ]
    for pattern, pool in random.sample(kinds, len(kinds)):
        changed = _change_name(sentence, evidence, pattern, pool, random)
        if changed:
            return changed
    return None


def change_place(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """A city, province or country is another."""
    del names
    words = rjieba.cut(sentence)
    places = [place for place, word in enumerate(words) if word in PLACES]
    if not places:
        return None
    place = random.choice(places)
    new = _other(sorted(PLACES), words[place], evidence, random)
    return None if new is None else "".join([*words[:place], new, *words[place + 1 :]])


def negate(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """One thing is denied that the evidence says, or said that it denies."""
    del evidence, names
    words = rjieba.cut(sentence)
    places = [place for place, word in enumerate(words) if word in _NEGATED]
    if not places:
        return None
    place = random.choice(places)
    return "".join([*words[:place], _NEGATED[words[place]], *words[place + 1 :]])


def change_subject(sentence: str, evidence: str, names: Names, random: Random) -> str | None:
    """Somebody or something else is said to have done it."""
    return _change_name(sentence, evidence, _SUBJECT, names.subjects, random)


def swap_subjects(first: str, second: str) -> tuple[str, str] | None:
    """Two sentences with their subjects changed round; None where one has no plain subject."""
    one, other = _SUBJECT.match(first), _SUBJECT.match(second)
    if not one or not other or one[1] in other[1] or other[1] in one[1]:
        return None
    if not _is_nominal(one[1]) or not _is_nominal(other[1]):
        return None
    return _replaced(first, one.span(1), other[1]), _replaced(second, other.span(1), one[1])


CHANGES: dict[str, Change] = {
    "number": change_number,
    "unit": change_unit,
    "date": change_date,
    "name": change_name,
    "place": change_place,
    "negation": negate,
    "subject": change_subject,
}
