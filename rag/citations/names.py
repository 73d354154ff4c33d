"""What the names of people, organisations and places look like, whoever they are.

Knows nothing of a sentence: a piece of text goes in. Patterns, no list of names: a surname and one
or two characters, and what organisations and places end in.
"""

from __future__ import annotations

import re

# The hundred and fifty commonest; together more than nine in ten people.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万"
    "钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包"
    "宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳"
    "时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和"
    "仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
_PERSON = re.compile(
    rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{1,6}}·[\u4e00-\u9fff·]{{1,10}}"
)
_SUFFIX = re.compile(
    r"(?:公司|集团|银行|大学|学院|学校|中学|小学|医院|委员会|管理局|[局厅署]|法院|检察院|派出所|"
    r"研究[院所]|中心|协会|学会|基金会|联盟|联合会|俱乐部|[报电]社|日报|晚报|卫视|电视台|出版社|工厂|"
    r"[厂店馆]|政府|办公室|支队|大队|总队|舰队|部队|证券|基金|保险|科技|股份|"
    r"[省市县区镇乡村旗盟州]|街道|社区|开发区|示范区|机场|[车火]站|港口|[路街桥山河湖岛港]|[国洲]|"
    r"部|党|队|委|会|社|网|院)$"
)
# What an organisation is called by itself; with two characters and more before it, it is named.
_ORGANISATION = re.compile(
    r"([\u4e00-\u9fff]{2,}?)(?:公司|集团|银行|大学|学院|中学|小学|医院|委员会|管理局|公安局|法院|检察院|"
    r"派出所|研究院|研究所|协会|学会|基金会|联合会|俱乐部|日报|晚报|卫视|电视台|出版社|证券)"
)
_KIND = re.compile(r"[局厅署部院所校厂店馆站省市县区镇乡村队社党路河湖山岛港桥]$")
_OFFICES = "局厅署"
_POST = re.compile(r"(?:[\u4e00-\u9fff]长|书记|主任|主席|经理|总裁|总监|委员|秘书|干事|专员|会计)$")


def name_of_organisation(text: str) -> str:
    """What tells the organisation that the text begins with from others; empty when there is none.

    >>> name_of_organisation("微众银行")
    '微众'
    """
    found = _ORGANISATION.match(text)
    return found[1] if found else ""


def is_organisation(text: str) -> bool:
    """Whether the whole text is what an organisation is called."""
    return bool(_ORGANISATION.fullmatch(text))


def are_namesakes(one: str, other: str) -> bool:
    """Whether two names differ in all but what they end in: 住建局 and 水务局."""
    is_kind = len(one) > 2 < len(other) and one[-1] == other[-1] and bool(_KIND.search(one))
    return is_kind and not set(one[:-1]) & set(other[:-1])


def are_offices(one: str, other: str, ending: str) -> bool:
    """Whether two words name different offices with one ending: 住建 and 水务, before 局."""
    return ending in _OFFICES and are_namesakes(one + ending, other + ending)


def are_posts(one: str, other: str) -> bool:
    """Whether two words name different posts: 书记 and 县长, not 局长 and 公安局局长."""
    posts = [_POST.search(one), _POST.search(other)]
    return bool(posts[0] and posts[1] and posts[0][0] != posts[1][0])


def looks_like_a_person(text: str) -> bool:
    """Whether the text has the shape of a Chinese or a transcribed personal name."""
    return bool(_PERSON.fullmatch(text))


def has_name_suffix(text: str) -> bool:
    """Whether the text ends as organisations and places do."""
    return len(text) > 1 and bool(_SUFFIX.search(text))
