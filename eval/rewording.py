"""Sentences said in other words by rule: what they claim stays true.

Every rule takes a sentence and a random generator and gives the sentence in other words, or the
same sentence where it has nothing to work on. The words are our own; the verifier knows none of
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import rjieba

Rule = Callable[[str, Random], str]

_SYNONYMS = """
表示 指出 称|介绍 说明|目前 当前 眼下|已经 早已|举行 举办|公布 发布 对外公布|开展 进行|
增长 上升|提高 提升|下降 减少|企业 公司|居民 市民|群众 老百姓|学生 同学|教师 老师|孩子 儿童|
专家 学者|医生 大夫|警方 公安机关|司机 驾驶员|旅客 乘客|消费者 顾客|农民 农户|职工 员工|
帮助 协助|建设 修建|建成 建好|启动 开启|推动 推进|促进 助推|加强 强化|保障 确保|维护 保护|
由于 因为|因此 所以|但是 不过 然而|同时 与此同时|此外 另外|以及 和|并且 而且|如果 假如|
超过 高于|接近 将近|大约 约|全部 所有|许多 不少 很多|非常 十分|立即 马上 立刻|随后 之后|
近日 日前|今后 以后|每年 年年|不断 持续|逐步 逐渐|首次 第一次|共同 一起|仍然 依旧|
获得 取得|购买 买入|出售 卖出|使用 采用|选择 挑选|参加 参与|前往 赶往|到达 抵达|返回 回到|
认为 觉得|希望 盼望|要求 责成|允许 准许|禁止 严禁|避免 防止|解决 处理|
调查 核查|检查 查验|治疗 医治|救援 营救|受伤 负伤|死亡 身亡|发生 出现|造成 导致|引发 引起|
美丽 漂亮|重要 关键|巨大 庞大|快速 迅速|便捷 方便|丰富 多样|优秀 出色|困难 难处|
办法 措施|情况 情形|地区 区域|附近 周边|道路 马路|房屋 房子|价格 售价|费用 开支|收入 进账|
会议 大会|项目 工程|产品 商品|活动 行动|比赛 赛事|球员 选手|观众 看客|
宣布 宣告|签署 签订|成立 组建|设立 建立|拥有 具有|达到 达|位于 地处|包括 包含|提供 给予|
展示 展现|吸引 招来|打造 塑造|强调 着重指出|透露 披露|呼吁 倡议|遭到 受到|担任 出任
"""
SYNONYMS: dict[str, tuple[str, ...]] = {
    word: tuple(other for other in group.split() if other != word)
    for group in _SYNONYMS.replace("\n", "").split("|")
    for word in group.split()
}

_DIGITS = "零一二三四五六七八九"
_COUNTED = "个名家位人座所条项次天种场件台辆支批套间部"
_TITLE = re.compile(r"《[^》]*》")  # a name: it has no other words
_CLAUSE = re.compile(r"[，；]")


def chinese_numeral(value: int) -> str:
    """A whole number below ten thousand as it is spoken: 105 is 一百零五."""
    text, zero = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, power)
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = bool(text)
    return (text or "零").removeprefix("一") if text.startswith("一十") else text or "零"


def _year(digits: str) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in digits)


def _shortest(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def clauses_of(sentence: str) -> list[str]:
    """The clauses without the signs between them and without the end mark."""
    return [clause for clause in _CLAUSE.split(sentence.rstrip("。！？；")) if clause]


def drop_clause(sentence: str, random: Random) -> str:
    """One clause left out, never the first, which names who or what it is about."""
    parts = clauses_of(sentence)
    if len(parts) < 3 or "“" in sentence:
        return sentence
    parts.pop(random.randrange(1, len(parts)))
    return "，".join(parts) + "。"


def reorder(sentence: str, random: Random) -> str:
    """Two neighbouring clauses change places, or a short leading one stands second."""
    parts = clauses_of(sentence)
    if len(parts) < 3 or "“" in sentence or "：" in sentence:
        return sentence
    at = random.randrange(1, len(parts) - 1)
    if len(parts[0]) <= 8 and random.random() < 0.5:
        at = 0
    parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return "，".join(parts) + "。"


def synonyms(sentence: str, random: Random) -> str:
    """Up to three words replaced by one of like meaning."""
    words = rjieba.cut(sentence)
    places = [place for place, word in enumerate(words) if word in SYNONYMS]
    for place in random.sample(places, min(len(places), random.randint(1, 3))):
        words[place] = random.choice(SYNONYMS[words[place]])
    return "".join(words)


def two(sentence: str, random: Random) -> str:
    """2名 and 两名."""
    del random
    changed = re.sub(rf"(?<![\d.第月年—-])2(?=[{_COUNTED}])", "两", sentence)
    if changed != sentence:
        return changed
    return re.sub(rf"(?<![十百千零])两(?=[{_COUNTED}])", "2", sentence)


def numerals(sentence: str, random: Random) -> str:
    """15个 and 十五个."""
    del random

    def spoken(match: re.Match[str]) -> str:
        return chinese_numeral(int(match[1]))

    return re.sub(rf"(?<![\d.,第月年—~-])(\d{{1,3}})(?=[{_COUNTED}])", spoken, sentence, count=1)


def scale(sentence: str, random: Random) -> str:
    """12000 and 1.2万, 1.5亿 and 15000万."""

    def up(match: re.Match[str]) -> str:
        return _shortest(int(match[1]) / 10000) + "万"

    def down(match: re.Match[str]) -> str:
        value = float(match[1]) * 10000
        if match[2] == "亿":
            return f"{_shortest(value)}万"
        return _shortest(value) if value == int(value) else match[0]

    changed = re.sub(r"(?<![\d.,])(\d{5,7})(?=[元人户亩件辆吨名])", up, sentence, count=1)
    if changed != sentence or random.random() < 0.3:
        return changed
    return re.sub(
        r"(?<![\d.,—-])(\d{1,4}(?:\.\d{1,3})?)([万亿])(?![\d亿])", down, sentence, count=1
    )


def percent(sentence: str, random: Random) -> str:
    """35% and 百分之三十五, 35.2% and 百分之35.2."""
    del random

    def spoken(match: re.Match[str]) -> str:
        number = match[1]
        return "百分之" + (number if "." in number else chinese_numeral(int(number)))

    return re.sub(r"(?<![\d.—~-])(\d{1,3}(?:\.\d+)?)%(?![—~-])", spoken, sentence, count=1)


def units(sentence: str, random: Random) -> str:
    """公里 and 千米, 公斤 and 千克; 3公里 and 3000米."""
    if random.random() < 0.5:
        for one, other in (("公里", "千米"), ("公斤", "千克"), ("千米", "公里"), ("千克", "公斤")):
            changed = re.sub(rf"(?<=\d)(?<!平方){one}(?!/)", other, sentence)
            if changed != sentence:
                return changed

    def metres(match: re.Match[str]) -> str:
        return f"{_shortest(float(match[1]) * 1000)}{'米' if match[2] == '公里' else '公斤'}"

    return re.sub(r"(?<![\d.,—-])(\d{1,3}(?:\.\d)?)(公里|吨)(?!/)", metres, sentence, count=1)


def dates(sentence: str, random: Random) -> str:
    """2023年8月3日 and 2023-08-03, 八月三日, 8月3号."""

    def full(match: re.Match[str]) -> str:
        year, month, day = match[1], int(match[2]), int(match[3])
        return random.choice(
            (
                f"{year}-{month:02}-{day:02}",
                f"{year}/{month}/{day}",
                f"{year}年{month}月{day}号",
                f"{_year(year)}年{chinese_numeral(month)}月{chinese_numeral(day)}日",
            )
        )

    def short(match: re.Match[str]) -> str:
        month, day = int(match[1]), int(match[2])
        spoken = f"{chinese_numeral(month)}月{chinese_numeral(day)}日"
        return random.choice((f"{month}月{day}号", spoken))

    changed = re.sub(r"(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})日(?!\d)", full, sentence, count=1)
    if changed == sentence:
        changed = re.sub(r"(?<![\d年])(\d{1,2})月(\d{1,2})日", short, sentence, count=1)
    if changed == sentence:
        changed = re.sub(
            r"(?<!\d)((?:19|20)\d\d)(?=年)", lambda year: _year(year[1]), sentence, count=1
        )
    return changed


RULES: tuple[Rule, ...] = (
    drop_clause, reorder, synonyms, synonyms, two, numerals, scale, percent, units, dates,
)  # fmt: skip


def reword(sentence: str, random: Random) -> str:
    """The sentence in other words, by one to three rules; the same one where none applies."""
    wanted, changes = random.randint(1, 3), 0
    for rule in random.sample(RULES, len(RULES)):
        changed = rule(sentence, random)
        if changed != sentence and _TITLE.findall(changed) == _TITLE.findall(sentence):
            sentence, changes = changed, changes + 1
        if changes == wanted:
            break
    return sentence


def relative_year(sentence: str, year: int) -> str:
    """今年, 去年, 明年 as the years they are in an article of this year."""
    for word, shift in (("今年", 0), ("去年", -1), ("明年", 1)):
        sentence = sentence.replace(word, f"{year + shift}年")
    return sentence


def fuse(first: str, second: str) -> str:
    """Two sentences as one."""
    return f"{first.rstrip('。！？；')}，{second}"
