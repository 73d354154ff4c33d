"""What tells one thing from its like: 12号线, 第十二条, 二期, 丙组, DW-2412P20.

In go texts in their standard form, out come designators in one spelling, so that they can be
compared as wholes: 第十八批 gives what 第18批 does, and A12 is not A1. Knows nothing of questions.
"""

from __future__ import annotations

import re

from rag.text.stated.numerals import value_of

_NUMERAL = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百]+)"
# 一批 and 一条 tell nothing apart; 第一批, 12条 of a law and 二期 do.
_AFTER_ORDINAL = r"[号代期届批型条章款组队班路次轮]|号线|号楼|标段"
_AFTER_DIGITS = r"号线|号楼|标段|[号代期届批型]"
_AFTER_NUMERAL = r"号线|号楼|标段|期(?=[工项投建设预计竣总]|$|[^\w]|[是在有占的多几])"
_DESIGNATORS = (
    re.compile(rf"第(?P<number>{_NUMERAL})(?P<kind>{_AFTER_ORDINAL})"),
    re.compile(rf"(?<![\d.月a-z])(?P<number>\d+(?:\.\d+)?)(?P<kind>{_AFTER_DIGITS})"),
    re.compile(rf"(?<![零一二三四五六七八九十百])(?P<number>[零一二三四五六七八九十]+)(?P<kind>{_AFTER_NUMERAL})"),
    re.compile(r"(?P<number>[一二三四五六七八九]?十[一二三四五六七八九]?)(?P<kind>号线|号|代|届|批|型)"),
)  # fmt: skip
_STEM = re.compile(r"[甲乙丙丁](?:组|队|班|方|区|座|栋|级|类|厂)")
_CODE = re.compile(
    r"(?<![a-z0-9])[a-z]{1,6}[-\s]?\d[a-z0-9]*(?:[-./]\d*[a-z0-9]+)*(?![a-z0-9])|"
    r"(?<![a-z0-9])\d{3,}[a-z]\w*(?![a-z0-9])"
)
_BLANKS = re.compile(r"(?<=\d)\s+(?=\D)|(?<=\D)\s+(?=\d)")


def designators_in(text: str) -> frozenset[str]:
    """The designators of a text, numbers in digits, codes without hyphens and blanks."""
    lowered = text.lower()
    found = {re.sub(r"[-\s]", "", code) for code in _CODE.findall(lowered)}
    close = _BLANKS.sub("", lowered)
    found |= set(_STEM.findall(close))
    for pattern in _DESIGNATORS:
        for match in pattern.finditer(close):
            value = value_of(match["number"])
            if value is not None:
                number = match["number"] if "." in match["number"] else str(value)
                found.add(f"{number}{match['kind']}")
    return frozenset(found)
