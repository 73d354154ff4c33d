"""Totals and differences that a sentence works out are worked out again when it is verified."""

from __future__ import annotations

import pytest

import rag
from rag.datatypes import Evidence


def evidence(text: str, title: str = "") -> Evidence:
    return Evidence("a", title, "a.txt", text, 0, len(text), ((0, len(text)),), 1.0)


FIRMS = [evidence("东湾高新区引进企业三十五家。"), evidence("南岭高新区引进企业20家。")]
SHARES = [evidence("甲基金的股票占比92.57%。"), evidence("乙基金的股票占比25.53%。")]


@pytest.mark.parametrize(
    ("sentence", "quotes", "is_so"),
    [
        ("合计55家（按所引数字算出）：东湾三十五家，南岭20家。", FIRMS, True),
        ("合计56家（按所引数字算出）：东湾三十五家，南岭20家。", FIRMS, False),
        ("相差15家（按所引数字算出）：东湾三十五家，南岭20家。", FIRMS, True),
        ("相差25家（按所引数字算出）：东湾三十五家，南岭20家。", FIRMS, False),
        ("东湾高新区和南岭高新区一共引进企业55家。", FIRMS, True),
        ("东湾高新区和南岭高新区一共引进企业54家。", FIRMS, False),
        ("东湾高新区引进企业55家。", FIRMS, False),
        ("相差67.04个百分点（按所引数字算出）：甲基金92.57%，乙基金25.53%。", SHARES, True),
        ("相差60个百分点（按所引数字算出）：甲基金92.57%，乙基金25.53%。", SHARES, False),
    ],
)
def test_a_figure_that_is_worked_out_stands_if_it_is_right(
    sentence: str, quotes: list[Evidence], is_so: bool
):
    verdict, reasons = rag.verify(sentence, quotes)
    assert (verdict == "supported") is is_so
    assert is_so or "引文里没有数字" in "".join(reasons)


def test_one_quote_with_several_figures_is_no_sum():
    quotes = [evidence("东湾引进企业三十五家，其中外资20家。", "东湾企业15家")]
    assert rag.verify("东湾一共引进企业55家。", quotes)[0] != "supported"
