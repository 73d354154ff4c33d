"""Whether a sentence denies what its evidence says, turns it round, or makes it a reason.

Knows nothing of what is denied: it compares what stands right before the words both have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.citations.differences import Token, tokens_of
from rag.text.stated import BLANK

_NOT = re.compile(
    r"(?:[不没未勿]|(?<![一二三南华])无|并非|绝非|而非|难以|禁止|严禁|拒绝|拒不|停止|否认|避免|防止)"
    r"(?:有|能够?|法|得|可以?|会|再|是|曾|要|应当?|必|用|愿|肯|许|准|该|予以?|需要?|被|对|在|将|把|由|为|至|于|与|和|向)?"
    r"(?:出现|发生|造成|发现|产生|导致|引起|引发)?$"
)
_DENIAL = re.compile(
    r"[并尚从绝决毫仍还也都将]?(?:[不没未无勿]|并非|绝非|难以|否认|拒绝)"
    r"(?:有|能够?|法|得|可以?|会|再|是|曾|要|应|必|用|愿|肯|许|准|该|予|于|以|至|在|被|由)?"
)
# No denials, though they hold a sign of one.
_NO_DENIAL = re.compile(
    r"(?:并不是没有|不得不|不能不|无不|从不间断|不仅是?|不只是?|不光是?|不单是?|不但|是不是|有没有|能不能|要不要|会不会)$"
)
_GIVES_REASON = re.compile(r"因为|由于|原因是")
_TELLS_REASON = re.compile(
    r"因|由于|所以|从而|为[了何]?|以便|旨在|导致|造成|致|使|令|引发|引起|影响|缘|源于|出于|在于|鉴于|防止|避免|以免"
)
_LONGEST_NOT = 7
_MORE = 2
# Two sides of a change, a place in an order, a stance; one side's words may stand for another.
_OPPOSITES = [
    [side.split() for side in line.split(" | ")]
    for line in """
增长 增加 上升 上涨 提高 提升 扩大 升至 增至 涨 升 | 下降 减少 下跌 降低 缩小 降至 减至 跌 降
高于 超过 多于 大于 超 以上 至少 | 低于 不足 少于 小于 不到 以下 至多
流入 买入 增持 | 流出 卖出 减持
盈利 盈余 顺差 | 亏损 赤字 逆差
支持 赞成 同意 允许 批准 | 反对 拒绝 禁止 否决 驳回
成功 胜 战胜 击败 赢 获胜 取胜 | 失败 负 输给 不敌 失利 落败
开始 启动 开启 开放 开通 | 结束 停止 终止 关闭 中止
提前 早于 | 推迟 延期 延后 晚于 推后
进口 | 出口
有利 | 不利
加强 增强 | 减弱 削弱
首次 | 再次
最高 最大 最多 | 最低 最小 最少
之前 以前 | 之后 以后
男 男子 男性 | 女 女子 女性
""".strip().splitlines()
]
# 比原计划多8000万元: single signs that are opposites only there.
_COMPARED = re.compile(
    rf"比[^，、。；;：:！？!?\n]{{1,16}}?([多少高低早晚快慢大小长短])[了出]?{BLANK}"
)
_COMPARATIVES = dict(zip("多少高低早晚快慢大小长短", "少多低高晚早慢快小大短长", strict=True))


def denied_otherwise(claim: str, words: str) -> str | None:
    """What the claim denies and the words do not, or the other way about; None when nothing.

    Both are folded and have their numbers and dates blanked. Words are compared where they stand
    with what follows them; alone only where the two differ in how often they deny.
    """
    tokens = tokens_of(claim)
    as_often = len(denial_words(claim)) == len(denial_words(words))
    for place, token in enumerate(tokens):
        if not _is_anchor(token, tokens, place):
            continue
        here = _is_denied(claim, token.start)
        there = _denials(claim, token, words, least=1 if as_often else 0)
        if there and here not in there:
            return _with_denial(claim, token) if here else token.text
    return None


def added_denial(claim: str, words: str) -> str | None:
    """A word of denial in a claim that has more of them than all its evidence."""
    mine, theirs = denial_words(claim), denial_words(words)
    return mine[0] if len(mine) > len(theirs) else None


def denial_words(text: str) -> list[str]:
    """The words of a text that deny: 没有, 尚未, 不."""
    return [token.text for token in tokens_of(text) if _DENIAL.fullmatch(token.text)]


def _is_anchor(token: Token, tokens: Sequence[Token], place: int) -> bool:
    """Words that can be denied; a single character only before a word or a blank."""
    if token.is_sign or BLANK in token.text or _NOT.fullmatch(token.text):
        return False
    return len(token.text) > 1 or (token.tag[:1] in "vadpn" and place + 1 < len(tokens))


def _denials(claim: str, token: Token, words: str, least: int) -> set[bool]:
    """Whether the words deny it, wherever it stands in them with most of what follows it."""
    for length in range(_MORE, least - 1, -1):
        anchor = claim[token.start : token.end + length]
        if len(anchor) > 1:
            found = {_is_denied(words, m.start()) for m in re.finditer(re.escape(anchor), words)}
            if found:
                return found
    return set()


def _is_denied(text: str, start: int) -> bool:
    before = text[max(0, start - _LONGEST_NOT) : start]
    return bool(_NOT.search(before)) and not _NO_DENIAL.search(before)


def _with_denial(claim: str, token: Token) -> str:
    denial = _NOT.search(claim[max(0, token.start - _LONGEST_NOT) : token.start])
    return (denial[0] if denial else "") + token.text


def turned_round(claim: str, words: str) -> tuple[str, str] | None:
    """A word of the claim whose opposite the words have instead: 增长 for 下降; None without."""
    for pair in _OPPOSITES:
        for mine, theirs in (pair, pair[::-1]):
            said = _first(mine, claim)
            opposite = _first(theirs, words)
            if said and opposite and not _first(mine, words) and not _first(theirs, claim):
                return said, opposite
    there = set(_COMPARED.findall(words))
    for sign in _COMPARED.findall(claim):
        if sign not in there and _COMPARATIVES[sign] in there:
            return sign, _COMPARATIVES[sign]
    return None


def added_reason(claim: str, words: str) -> str | None:
    """A word by which the claim gives a reason, where the words tell none of anything."""
    found = _GIVES_REASON.search(claim)
    return found[0] if found and not _TELLS_REASON.search(words) else None


def _first(options: Sequence[str], text: str) -> str | None:
    """The first of the words that the text has, 不低于 being no 低于."""
    tokens = tokens_of(text)
    texts = {token.text for token in tokens if text[token.start - 1 : token.start] != "不"}
    return next((word for word in options if word in texts), None)
