"""What a comparison comes to, by the quoted figures alone."""

from __future__ import annotations

import pytest

from rag.answer.compare import Figure, conclusion


def figures(*printed: str) -> list[Figure]:
    return [Figure(label, words, None) for label, words in zip("甲乙丙", printed, strict=False)]


@pytest.mark.parametrize(
    ("question", "printed", "said"),
    [
        ("甲和乙哪个多？", ("20家", "35家"), "乙（35家）多于甲（20家）"),
        ("甲和乙哪个多？", ("两家", "1家"), "甲（两家）多于乙（1家）"),
        ("甲和乙哪个更大？", ("1.2万平方米", "2公顷"), "乙（2公顷）大于甲（1.2万平方米）"),
        ("甲和乙哪个人少？", ("374名", "1770人"), "乙（1770人）多于甲（374名）"),
        ("甲和乙谁更高？", ("百分之三", "3.5%"), "乙（3.5%）高于甲（百分之三）"),
        ("甲和乙哪个多？", ("1.2亿元", "12000万元"), "甲（1.2亿元）和乙（12000万元）相同"),
        ("甲和乙哪个早？", ("2017年12月", "2013年"), "乙（2013年）早于甲（2017年12月）"),
        ("哪个最多？", ("3家", "9家", "5家"), "乙（9家）最多，其次是丙（5家）、甲（3家）"),
    ],
)
def test_the_result_is_worked_out_from_the_printed_figures(
    question: str, printed: tuple[str, ...], said: str
):
    assert conclusion(question, figures(*printed)) == said


@pytest.mark.parametrize(
    "printed",
    [
        ("20家", "35名"),
        ("20家",),
        ("20家", "许多"),
        ("20至30家", "35家"),
        ("2017年", "2017年3月"),
        ("3月", "2017年"),
        ("第3批", "5批"),
    ],
)
def test_nothing_is_concluded_from_figures_that_cannot_be_compared(printed: tuple[str, ...]):
    assert conclusion("甲和乙哪个多？", figures(*printed)) == ""


def test_a_degree_inside_a_name_is_not_asked_for():
    assert "多于" in conclusion("哪个高新区引进的企业最多？", figures("20家", "35家"))
