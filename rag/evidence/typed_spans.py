"""Stretches of a sentence that could be what a question of some kind asks for.

Knows nothing of hits or scores: a kind, a unit and a text go in, ranges come out. Names are found
by their frames (a title beside them, quotes, what organisations and places end in), not by lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from rag.queries import Kind
from rag.text import Quantity, Range, find_dates, find_quantities

_HAN = r"[\u4e00-\u9fff]"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗凤方俞任袁柳鲍史唐费"
    "廉岑薛雷贺倪汤罗毕郝安常乐于时傅皮卞齐康伍余元顾孟黄穆萧尹姚邵汪祁毛米贝明臧计成戴宋庞熊纪舒屈项祝董梁杜阮蓝闵"
    "席季贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍万柯卢莫房解应宗丁邓单洪包左石崔吉龚程邢裴陆荣翁段侯宁仇甘武刘"
    "景龙叶司黎乔闻党翟谭姬申冉桑桂牛边温庄晏柴瞿阎闫慕连习艾向古易廖耿匡文寇欧关曾沙游覃"
)
_TITLES = (
    "书记|主任|院士|教授|博士|先生|女士|董事长|总经理|总裁|经理|厂长|校长|院长|所长|局长|处长|科长|部长|市长|省长|县长|区长|镇长|"
    "主席|会长|秘书长|记者|负责人|创始人|总工程师|工程师|专家|代表|委员|导演|作家|诗人|皇帝|国王|总统|总理|将军|司令|"
    "说|表示|介绍|认为|指出|告诉|坦言|透露|强调"
)
# A surname, then one or two characters that no office ends in (纪工委, 党组织 are no names), and
# none of the everyday words that begin with what is also a surname.
_NO_NAMES = r"(?!项目|高[中新校]|方[面向式]|时[间候代]|安[全排]|张[罗贴]|元旦|于是)"
_NAME = rf"{_NO_NAMES}[{_SURNAMES}][^\W\d_a-zA-Z委会部局处厅院省市县区组织]{{1,2}}"
_BEFORE_NAME = (
    r"(?:(?<=书记)|(?<=主任)|(?<=院士)|(?<=教授)|(?<=经理)|(?<=长)|(?<=人)|(?<=记者)|(?<=员)|(?<=是)|(?<=叫)|"
    r"(?<=[、，,。：:\s“（(《]))"
)
_PERSON = re.compile(
    rf"{_BEFORE_NAME}{_NAME}"
    rf"(?=[、，,。；：:\s”）)》]|{_TITLES}|在|为|是|于|和|与|出任|担任|任|代表|$)"
    rf"|{_NAME}(?=院士|教授|博士|先生|女士|说|表示|介绍)"
    rf"|[A-Z\u4e00-\u9fff][\u4e00-\u9fff]{{0,6}}·[\u4e00-\u9fff·]{{2,12}}"
)
_QUOTED = re.compile(r"[“「『《]([^“”「」『』《》]{2,40})[”」』》]")
_IN_NAMES = r"[^\W_的在了去跟到从对为把被是有和与给向让以将]"
_ORGANISATION = re.compile(
    rf"{_IN_NAMES}{{2,24}}?(?:公司|集团|大学|学院|医院|中学|小学|研究院|研究所|实验室|工作站|中心|银行|协会|基金会|委员会|"
    r"管委会|出版社|博物馆|俱乐部|乐队|电视台|政府|高新区|示范区|开发区|基地|项目|平台|工程)"
)
_PLACE = re.compile(
    rf"(?:位于|在|于|至|到|从|来自|赴|走进)?("
    rf"{_IN_NAMES}{{2,12}}?(?:街道|酒庄|机场|车站|广场|公园|校区|园区|大学|医院|基地|中心|纪念馆)"
    rf"|{_IN_NAMES}{{2,6}}?[省市县区州镇乡村路街岛山河湖江港国厂站寺宫馆城湾桥])"
)
_TIME_UNITS = (("年",), ("个月",), ("天", "日"), ("小时", "时"), ("分钟", "分"), ("秒",))
_LIST = re.compile(r"[^，,。；;：:！？\s、]{1,30}(?:、[^，,。；;：:！？\s、]{1,30}){1,12}")


def _numbers(text: str) -> list[Range]:
    dates = find_dates(text)
    return [
        Range(first.start, last.end)
        for first, last in _whole_quantities(text)
        if (first.number != "一" or last is not first)
        and not any(a <= first.start < b for a, b in dates)
    ]


def _whole_quantities(text: str) -> list[tuple[Quantity, Quantity]]:
    """The first and last piece of each quantity: 1小时40分钟 has two, most have one."""
    whole: list[tuple[Quantity, Quantity]] = []
    for found in find_quantities(text):
        last = whole[-1][1] if whole else None
        if last and last.end == found.start and _grain(last) < _grain(found) < len(_TIME_UNITS):
            whole[-1] = (whole[-1][0], found)
        else:
            whole.append((found, found))
    return whole


def _grain(quantity: Quantity) -> int:
    """The place of a unit of time among the others, the largest first; behind them all for none."""
    places = (i for i, names in enumerate(_TIME_UNITS) if quantity.unit in names)
    return next(places, len(_TIME_UNITS))


def _dates(text: str) -> list[Range]:
    return [Range(a, b) for a, b in find_dates(text)]


def _persons(text: str) -> list[Range]:
    return [Range(*match.span()) for match in _PERSON.finditer(text)]


def _places(text: str) -> list[Range]:
    return [Range(*match.span(1)) for match in _PLACE.finditer(text)]


def _names(text: str) -> list[Range]:
    quoted = [Range(*match.span(1)) for match in _QUOTED.finditer(text)]
    return quoted + [Range(*match.span()) for match in _ORGANISATION.finditer(text)]


def _lists(text: str) -> list[Range]:
    return [Range(*match.span()) for match in _LIST.finditer(text)]


def _nothing(text: str) -> list[Range]:
    return []


_FINDERS: Mapping[Kind, Callable[[str], list[Range]]] = {
    "number": _numbers,
    "date": _dates,
    "person": _persons,
    "place": _places,
    "name": _names,
    "list": _lists,
    "reason": _nothing,
    "other": _nothing,
}


@lru_cache(maxsize=4096)
def typed_spans(kind: Kind, unit: str, text: str) -> tuple[Range, ...]:
    """Ranges of the text that fit the kind; of numbers, those with the asked unit if any has it."""
    spans = _FINDERS[kind](text)
    if kind == "number" and unit:
        fitting = [span for span in spans if has_unit(text[span.start : span.end], unit)]
        return tuple(fitting or spans)
    return tuple(spans)


def has_unit(quantity: str, unit: str) -> bool:
    """Whether a printed quantity counts in the unit asked for, or in one that means the same."""
    same = next((group for group in ("家个户所座处", "名人位", "次场") if unit in group), unit)
    return any(character in quantity for character in same)
