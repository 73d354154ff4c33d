"""What a comparison comes to, by the quoted figures alone."""

from __future__ import annotations

import pytest

from rag.answer.compare import Ranking, Side, kind_asked, rank, said
from rag.answer.figures import figures_in
from rag.text import Range


def ranked(question: str, *quotes: str, dates: tuple[str | None, ...] = (None,) * 3) -> Ranking:
    sides = [
        Side(label, figures_in(quote, [Range(0, len(quote))], date), date)
        for label, quote, date in zip("甲乙丙", quotes, dates, strict=False)
    ]
    return rank(question, sides)


def result(question: str, *quotes: str) -> str:
    ranking = ranked(question, *quotes)
    named = [f"{one}（{f.printed}）" for one, f in zip("甲乙丙", ranking.figures, strict=False)]
    return said(ranking, named) if ranking.order else ""


@pytest.mark.parametrize(
    ("question", "printed", "order"),
    [
        ("甲和乙哪个多？", ("20家", "35家"), "乙（35家）多于甲（20家）"),
        ("甲和乙哪个多？", ("两家", "1家"), "甲（两家）多于乙（1家）"),
        ("甲和乙哪个更大？", ("1.2万平方米", "2公顷"), "乙（2公顷）大于甲（1.2万平方米）"),
        ("甲和乙哪个人少？", ("374名", "1770人"), "甲（374名）少于乙（1770人）"),
        ("甲和乙谁更高？", ("百分之三", "3.5%"), "乙（3.5%）高于甲（百分之三）"),
        ("甲和乙哪个多？", ("1.2亿元", "12000万元"), "甲（1.2亿元）和乙（12000万元）相同"),
        ("甲和乙哪个早？", ("2017年12月", "2013年"), "乙（2013年）早于甲（2017年12月）"),
        ("甲和乙谁先开工？", ("3月18日", "3月9日"), "乙（3月9日）早于甲（3月18日）"),
        ("甲和乙谁年长？", ("1976年6月", "1982年"), "甲（1976年6月）早于乙（1982年）"),
        ("甲和乙谁待得更久？", ("3天", "48小时"), "甲（3天）长于乙（48小时）"),
        ("甲和乙哪处的风更强？", ("9～10级", "12～13级"), "乙（12～13级）强于甲（9～10级）"),
        ("哪个最多？", ("3家", "9家", "5家"), "乙（9家）最多，其次是丙（5家）、甲（3家）"),
        ("哪个最低？", ("3%", "9%", "5%"), "甲（3%）最低，其次是丙（5%）、乙（9%）"),
    ],
)
def test_the_winner_that_the_question_asks_for_comes_first(
    question: str, printed: tuple[str, ...], order: str
):
    assert result(question, *printed) == order


@pytest.mark.parametrize(
    ("printed", "hindrance"),
    [
        (("20家", "35名"), "单位不同"),
        (("3亿元", "5亿美元"), "单位不同"),
        (("2017年", "2017年3月"), "不全"),
        (("3月", "2017年"), "不全"),
        (("超过34家", "约35家"), "分不出先后"),
        (("不到40家", "38家"), "分不出先后"),
        (("计划引进20家", "引进了35家"), "计划"),
        (("今年2月", "2022年11月"), "今年"),
        (("2018年引进20家", "2019年引进35家"), "不是同一年"),
    ],
)
def test_no_winner_is_named_where_something_is_in_the_way_and_that_is_said(
    printed: tuple[str, ...], hindrance: str
):
    degree = "早" if "月" in printed[0] + printed[1] else "多"
    ranking = ranked(f"甲和乙哪个{degree}？", *printed)
    assert ranking.order == ()
    assert hindrance in ranking.hindrance


def test_periods_that_the_question_names_may_differ():
    assert result("甲2018年和乙2019年引进的，哪个多？", "2018年引进20家", "2019年引进35家")


def test_this_year_is_a_year_where_the_article_has_a_date():
    ranking = ranked("甲和乙哪个早？", "今年2月", "2022年11月", dates=("2023-08-03", None))
    assert ranking.order == (1, 0)


@pytest.mark.parametrize("printed", [("20家",), ("20家", "许多"), ("第3批", "5批")])
def test_nothing_is_said_of_figures_that_are_not_there(printed: tuple[str, ...]):
    assert ranked("甲和乙哪个多？", *printed) == Ranking()


def test_what_fell_most_is_first_where_the_fall_is_asked_for_and_last_where_it_is_not():
    fell = ("下降9.8%", "下降3.1%")
    assert ranked("甲和乙谁跌得更惨？", *fell).order == (0, 1)
    assert ranked("甲和乙谁的涨幅更大？", "下降9.8%", "增长3.1%").order == (1, 0)


def test_a_degree_inside_a_name_is_not_asked_for():
    assert "多于" in result("哪个高新区引进的企业最多？", "20家", "35家")


def test_where_a_rate_is_asked_for_the_rates_of_the_sentences_are_compared():
    sales = "青禾公司卖茶2054万元，同比增长7.8%。"
    more = "乌云公司卖茶1473万元，同比增长10.4%。"
    sides = [
        Side("甲", figures_in(sales, [Range(0, len(sales))], None, are_all=True)),
        Side("乙", figures_in(more, [Range(6, 12)], None, are_all=True)),
    ]
    assert rank("甲和乙卖茶的增速哪个高？", sides).order == (1, 0)
    assert rank("甲和乙谁卖的茶多？", sides).order == (0, 1)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("加起来多少万户？", "个"),
        ("一共多少股？", "股"),
        ("总共多少钱？", "yuan"),
        ("相差几个百分点？", "ratio"),
        ("谁的增速更快？", "ratio"),
        ("指数掉了多少点？", ""),
        ("哪个产量更高？", ""),
    ],
)
def test_the_unit_that_a_question_asks_in_says_the_kind_of_figure(question: str, kind: str):
    assert kind_asked(question) == kind


def pointed_at(label: str, quote: str, words: str) -> Side:
    at = Range(quote.index(words), quote.index(words) + len(words))
    return Side(label, figures_in(quote, [at], None, are_all=True))


def test_a_number_without_a_unit_is_no_figure_where_the_question_asks_in_one():
    question = "甲和乙哪个减少得更多，是多少户？"
    sides = [
        pointed_at("甲", "东湾股份（688177）减少189户。", "688177"),
        pointed_at("乙", "西湾股份（300187）减少800户。", "300187"),
    ]
    found = rank(question, sides)
    assert [figure.printed for figure in found.figures] == ["189户", "800户"]
    codes = [
        pointed_at("甲", "东湾股份（688177）发布公告。", "688177"),
        pointed_at("乙", "西湾股份（300187）发布公告。", "300187"),
    ]
    assert not rank(question, codes).order
    assert rank("甲和乙的代码哪个更大？", codes).order == (0, 1)
