"""Whether the words of a gold answer stand in a text, digits safe, and whether a gap is told.

Written from the rule that comes with the sets yinju_qa and yinju_cross (``yinju_score.py`` beside
them), which calls an answer right by it. Texts are compared in a bare form: NFKC in lower case,
without signs, thousands unparted, 2,288.0 as 2288, and Ⅱ another thing than II. Knows nothing of
rows and answers.
"""

from __future__ import annotations

import re
import unicodedata

_ROMAN = {
    ord(sign): f"罗{letter}罗" for sign, letter in zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", "abcdefghij", strict=True)
}
_SIGNS = re.compile("[\\s“”\"'‘’《》「」*、，。；：,;:!！?？()]+")
_PARTS_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3})")
_DECIMALS = re.compile(r"(?P<whole>\d+)\.(?P<kept>\d*?)0+(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_WITH_SIGN = re.compile(r"\d+(?:\.\d+)?\D?")
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_FEWEST_LOOSE = 6  # words of so many signs may be told otherwise
_SHARE_OF_PAIRS = 0.5
_UNTOLD = (
    "没有", "未提", "未找到", "没找到", "未说明", "没说", "未见", "没提", "找不到",
    "未给出", "未涉及", "未披露", "未透露", "无法得知", "不详",
)  # fmt: skip


def is_present(words: str, text: str) -> bool:
    """Whether the words stand in the text.

    Words of six signs or more may stand there in other words: then all their figures do, each with
    the sign behind it, or, of words without a figure, half of their pairs of characters.
    """
    wanted, given = bare(words), bare(text)
    if not wanted:
        return False
    if _stands(wanted, given):
        return True
    if len(wanted) < _FEWEST_LOOSE:
        return False
    if figures := _NUMBER_WITH_SIGN.findall(wanted):
        return all(_stands(figure, given) for figure in figures)
    pairs = [wanted[at : at + 2] for at in range(len(wanted) - 1)]
    return sum(pair in given for pair in pairs) >= _SHARE_OF_PAIRS * len(pairs)


def numbers_are_present(words: str, text: str) -> bool:
    """Whether every number of the words stands in the text; true of words without one."""
    given = bare(text)
    return all(_stands(number, given) for number in _NUMBER.findall(bare(words)))


def tells_a_gap(text: str) -> bool:
    """Whether the text says of something that it is told nowhere."""
    return any(words in text for words in _UNTOLD)


def bare(text: str) -> str:
    """The form in which texts are compared."""
    plain = unicodedata.normalize("NFKC", text.translate(_ROMAN)).lower()
    plain = _SIGNS.sub("", _PARTS_THOUSANDS.sub("", plain))
    return _DECIMALS.sub(_without_zeros, plain)


def _without_zeros(number: re.Match[str]) -> str:
    return ".".join(filter(None, (number["whole"], number["kept"])))


def _stands(form: str, text: str) -> bool:
    """Whether a bare form stands in a bare text and not inside of another number."""
    before = after = ""
    if form[0].isdigit():
        before = r"(?<![\d.])"
    elif form[0] in _NUMERALS:
        before = rf"(?<![{_NUMERALS}0-9第])"
    if form[-1].isdigit():
        after = r"(?!\.?\d)"
    return re.search(before + re.escape(form) + after, text) is not None
