"""Two forms of a text in which printings that differ only in script or width are one.

Knows nothing of words or terms. Both forms keep the length, character for character, so that an
offset in the form is the same offset in the printed text; what would change the length (``…``,
``½``) stays as printed. What is shown or quoted is never either of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

# What decides whether terms and vectors that were saved still match the code that reads them.
FOLDING = f"folding/2 opencc/{version('opencc')}"
# Signs that Chinese prose prints at full width; the patterns that read it know them so.
_CHINESE_SIGNS = frozenset("！（），：；？～")
_FULL_WIDTH = range(0xFF01, 0xFF5F)
# Radicals that PDF files carry in place of the ideograph of the same shape: the block that NFKC
# leaves alone, by EquivalentUnifiedIdeograph.txt of the Unicode Character Database.
_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌"
        "⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶"
        "辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)

# Numerals of cheques (叁佰元) that are no other words, and the dots in foreign names (伊万・诺夫);
# 肆, 伍, 陆 and 拾 are words and names as well.
_PRINTINGS = dict(zip("壹贰叁柒捌玖佰仟・‧•∙⋅･", "一二三七八九百千······", strict=True))


class _Table(dict[int, int]):
    """A table for ``str.translate`` that works out a character when it first meets it."""

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, code: int) -> int:
        formed = self._form(chr(code))
        self[code] = ord(formed) if len(formed) == 1 else code
        return self[code]


@lru_cache(maxsize=1)
def _simplify() -> Callable[[str], str]:
    """The conversion of OpenCC, loaded when a Chinese character is first met."""
    import opencc

    return opencc.OpenCC("t2s").convert


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


def _standard_character(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", _RADICALS.get(character, character))
    if _is_ideograph(compatible):
        convert = _simplify()
        simple = convert(convert(compatible))  # 薴 becomes 苧, which becomes 苎
        return _PRINTINGS.get(simple, simple)
    is_kept = ord(character) not in _FULL_WIDTH or character in _CHINESE_SIGNS
    return _PRINTINGS.get(character, character) if is_kept else compatible


def _folded_character(character: str) -> str:
    standard = _standard_character(character)
    return unicodedata.normalize("NFKC", standard).lower()


_STANDARD = _Table(_standard_character)
_FOLDED = _Table(_folded_character)


def standard_form(text: str) -> str:
    """The text as patterns and models read it: simplified characters, half-width letters, digits.

    Signs of Chinese prose and the case of letters stay as printed. Characters are converted one by
    one (乾隆 becomes 干隆): a whole and its parts have the same form, whatever stands around them.
    """
    return text if text.isascii() else text.translate(_STANDARD)


def fold(text: str) -> str:
    """The text as it is compared: its standard form, all signs half-width, in lower case."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)


def code_points(text: str) -> NDArray[np.int64]:
    """The code points of a text in one array; lone surrogates stand for themselves."""
    encoded = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, dtype=np.uint32).astype(np.int64)
