"""What code knows for certain: another period, another thing of the kind."""

from __future__ import annotations

import pytest

from rag.models.reader import Turn
from rag.read.checks import (
    is_of_count,
    is_of_day,
    is_of_designators,
    is_of_period,
    is_of_places,
    is_of_subject_before,
)
from rag.text import standard_form
from tests.readings import article_of, reading_of
from tests.stories import traditional


def of_period(
    question: str, text: str, *, date: str | None = None, title: str = "", words: str = ""
) -> bool:
    article = article_of(text, title, date=date)
    return is_of_period(standard_form(question), reading_of(article, words or text[:2]))


def of_thing(question: str, text: str, *, title: str = "", source: str = "a.txt") -> bool:
    article = article_of(text, title, source=source)
    return is_of_designators(standard_form(question), reading_of(article, text[:2]))


# --- Periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "is_so"),
    [
        ("云桥镇2019年新建了多少亩茶园？", "2019年，云桥镇新建茶园1.2万亩。", True),
        ("云桥镇2020年新建了多少亩茶园？", "2019年，云桥镇新建茶园1.2万亩。", False),
        ("云桥镇新建了多少亩茶园？", "2019年，云桥镇新建茶园1.2万亩。", True),
        # What names no year at all may be of any: that it is of another is not certain.
        ("云桥镇2019年新建了多少亩茶园？", "云桥镇新建茶园1.2万亩。", True),
        ("云桥镇2019年3月和4月各新建了多少亩茶园？", "4月，云桥镇新建茶园1.2万亩。", True),
        ("云桥镇2019年3月和4月各新建了多少亩茶园？", "5月，云桥镇新建茶园1.2万亩。", False),
        ("青禾公司第二季度收入多少？", "青禾公司二季度收入60亿元。", True),
        ("青禾公司第三季度收入多少？", "青禾公司第二季度收入60亿元。", False),
        ("青禾公司7月至9月收入多少？", "青禾公司第三季度收入60亿元。", True),
        ("青禾公司上半年收入多少？", "青禾公司下半年收入60亿元。", False),
        ("青禾公司上半年收入多少？", "青禾公司前7月收入60亿元。", False),
        ("青禾公司上半年收入多少？", "青禾公司1—6月收入60亿元。", True),
        ("青禾公司三季度收入多少？", "青禾公司前三季度收入60亿元。", False),
        ("青禾公司7月收入多少？", "青禾公司前7个月收入60亿元。", False),
        ("青禾公司上半年收入多少？", "青禾公司7月15日说，收入60亿元。", True),
        ("石桥镇8月下了几场雨？", "石桥镇八月下了三场雨。", True),
        ("石桥镇9月下了几场雨？", "石桥镇八月下了三场雨。", False),
    ],
)
def test_a_sentence_of_another_period_is_not_of_what_was_asked(
    question: str, text: str, is_so: bool
):
    assert of_period(question, text) is is_so
    assert of_period(traditional(question), traditional(text)) is is_so


def test_the_period_may_stand_elsewhere_in_the_article_but_not_against_the_sentence():
    text = "2019年的云桥镇。新建茶园1.2万亩。2020年又新建4000亩。"
    asked = "云桥镇2019年新建了多少亩茶园？"
    assert of_period(asked, text, words="1.2万亩")
    assert not of_period(asked, text, words="4000亩")
    assert of_period("云桥镇2020年新建了多少亩茶园？", text, words="4000亩")
    assert of_period(asked, "新建茶园1.2万亩。", title="云桥镇2019年的茶")


def test_the_date_of_an_article_is_a_year_of_it():
    text = "云桥镇新建茶园1.2万亩。"
    assert of_period("云桥镇2018年新建了多少亩茶园？", text, date="2018-05-06")
    assert not of_period("云桥镇2019年新建了多少亩茶园？", text, date="2018-05-06")


def test_last_year_is_the_year_before_that_of_the_article():
    text = "去年，云桥镇新建茶园2万亩。"
    assert of_period("云桥镇2019年新建了多少亩茶园？", text, date="2020-05-06")
    assert not of_period("云桥镇2020年新建了多少亩茶园？", text, date="2020-05-06")


@pytest.mark.parametrize("date", [None, "2020-05-06"])
def test_this_year_is_not_last_year_with_or_without_a_date(date: str | None):
    text = "云桥镇今年新建茶园2万亩。"
    assert of_period("云桥镇今年新建了多少亩茶园？", text, date=date)
    assert not of_period("云桥镇去年新建了多少亩茶园？", text, date=date)


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("云桥镇2019年开工的水库是哪一年建成的？", True),
        ("云桥镇2019年开工的水库什么时候建成？", True),
        ("云桥镇2019年开工的水库有多大？", False),
        ("云桥镇2018年开工的水库是哪一年建成的？", False),
    ],
)
def test_where_a_date_is_asked_for_another_in_the_sentence_is_no_objection(
    question: str, is_so: bool
):
    text = "云桥镇的水库2019年开工。水库于2021年建成，库容1.2亿立方米。"
    assert of_period(question, text, words="2021年") is is_so


# --- Designators ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "is_so"),
    [
        ("第三十二条怎么规定？", "第三十二条　承租人应当按时交租。", True),
        ("第32条怎么规定？", "第三十二条　承租人应当按时交租。", True),
        ("第十二条怎么规定？", "第三十二条　承租人应当按时交租。", False),
        ("第二条怎么规定？", "第三十二条　承租人应当按时交租。", False),
        ("A2展厅有多少展位？", "A2展厅有展位120个。", True),
        ("A2展厅有多少展位？", "A1展厅有展位120个。", False),
        ("A2展厅有多少展位？", "A12展厅和A21展厅有展位120个。", False),
        ("a2展厅有多少展位？", "\uff21２展厅有展位120个。", True),
        ("DW-2412P20的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", True),
        ("DW2412P20的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", True),
        ("DW 2412P20的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", True),
        ("dw-2412p20的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", True),
        ("DW-2412P30的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", False),
        ("DW-2412P2的功率是多少？", "DW-2412P20水泵的功率是3千瓦。", False),
        ("甲组有几名选手？", "甲组有选手12名。", True),
        ("甲组有几名选手？", "乙组有选手12名。", False),
        ("水库二期投资多少？", "水库二期工程投资3亿元。", True),
        ("水库二期投资多少？", "水库一期工程投资3亿元。", False),
        ("地铁12号线有多长？", "地铁 12 号线全长59公里。", True),
        ("地铁12号线有多长？", "地铁十二号线全长59公里。", True),
        ("地铁2号线有多长？", "地铁12号线全长59公里。", False),
        ("第18批服务团有几人？", "第十八批服务团一行20人。", True),
        ("第8批服务团有几人？", "第十八批服务团一行20人。", False),
        ("服务团有几人？", "第十八批服务团一行20人。", True),
        ("3号楼有几层？", "13号楼有20层。", False),
    ],
)
def test_a_designator_of_the_question_is_the_one_in_the_article_as_a_whole(
    question: str, text: str, is_so: bool
):
    assert of_thing(question, text) is is_so


def test_it_may_stand_anywhere_in_the_article_its_title_or_its_path():
    text = "本标段投资3亿元。"
    asked = "A2标段投资多少？"
    assert not of_thing(asked, text)
    assert of_thing(asked, f"{text}\n以上是A2标段。")
    assert of_thing(asked, text, title="A2标段开工")
    assert of_thing(asked, text, source="合同/A2/合同.txt")
    assert not of_thing(asked, text, source="合同/A1/合同.txt")


def test_all_of_several_designators_are_needed():
    assert of_thing("甲组第3轮得了几分？", "甲组在第三轮得了9分。")
    assert not of_thing("甲组第3轮得了几分？", "甲组在第二轮得了9分。")


# --- Days and places --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "is_so"),
    [
        ("8月3日双河水库水位多少？", "截至8月3日，双河水库水位12米。", True),
        ("8月3日双河水库水位多少？", "截至8月9日，双河水库水位13米。", False),
        ("3日双河水库水位多少？", "截至8月9日，双河水库水位13米。", False),
        ("8月3日双河水库水位多少？", "双河水库水位12米。", True),
        ("8月3日双河水库水位多少？", "3日，双河水库水位12米。", True),
        ("8月2日到5日来了几趟车？", "8月4日来了三趟车。", True),
        ("8月3日来了几趟车？", "8月1日至8月5日，每天来三趟车。", True),
        ("8月3日的雨是什么时候停的？", "8月9日雨停了。", True),
    ],
)
def test_a_sentence_of_another_day_is_not_of_what_was_asked(question: str, text: str, is_so: bool):
    assert is_of_day(standard_form(question), reading_of(article_of(text), text[:2])) is is_so


def test_yesterday_is_the_day_before_that_of_the_article():
    reading = reading_of(article_of("昨日，双河水库水位12米。", date="2021-08-04"), "12米")
    assert is_of_day("8月3日双河水库水位多少？", reading)
    assert not is_of_day("8月4日双河水库水位多少？", reading)


def of_places(question: str, text: str, title: str = "") -> bool:
    article = article_of(text, title)
    return is_of_places(standard_form(question), reading_of(article, text[:2]))


def test_what_is_told_of_one_place_is_no_answer_about_another():
    told = "宁波市的茶厂有12家。"
    assert of_places("宁波有几家茶厂？", told)
    assert not of_places("台州有几家茶厂？", told)
    assert of_places("浙江宁波有几家茶厂？", told, "浙江的茶")
    assert of_places("云桥镇有几家茶厂？", told)  # no place of the gazetteer
    assert of_places("东京对此怎么看？", "日本政府表示反对。")
    assert of_places(traditional("寧波有幾家茶廠？"), traditional(told))


def test_a_day_that_is_asked_for_as_a_number_is_no_designator():
    assert of_thing("24号下午有几个人获救？", "截至24日5时，有9人获救。")
    assert not of_thing("24号楼有几个人？", "截至24日5时，有9人获救。")
    assert not of_thing("雪龙24号有几个人？", "截至23日5时，有9人获救。")


# --- What the question before is about ---------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "before", "is_so"),
    [
        ("违反的人会受什么处罚？", "厄瓜多尔的宵禁从几点到几点？", False),
        ("违反的人会受什么处罚？", "浙江的铁路几点停运？", True),
        ("广东的铁路几点停运？", "厄瓜多尔的宵禁从几点到几点？", True),  # names its own subject
        ("什么时候上映？", "《远山》有几集？", False),
        ("违反的人会受什么处罚？", "宵禁从几点到几点？", True),  # nothing is named
    ],
)
def test_a_question_that_names_nothing_is_about_what_the_one_before_names(
    question: str, before: str, is_so: bool
):
    article = article_of("违反的人会被浙江铁路处以罚款。")
    reading = reading_of(article, "罚款")
    assert is_of_subject_before(Turn(question, (before,)), reading) is is_so
    assert is_of_subject_before(Turn(question), reading)


# --- Counts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "is_so"),
    [
        ("西湾引进了多少个项目？", "西湾加快建设，引进一批商业项目。", False),
        ("西湾引进了多少个项目？", "西湾引进商业项目十二个。", True),
        ("西湾引进了多少个项目？", "西湾至今没有引进项目。", True),
        ("西湾的项目占多少？", "西湾的项目占全区近一半。", True),
        ("西湾的票价是多少？", "西湾游园免费。", True),
        ("西湾为什么引进了多少项目都不够？", "西湾人口流失，招工困难。", True),
        ("西湾引进了哪些项目？", "西湾引进一批商业项目。", True),
    ],
)
def test_how_many_is_told_by_a_figure_and_not_by_a_batch(question: str, text: str, is_so: bool):
    reading = reading_of(article_of(text), text[:2])
    assert is_of_count(standard_form(question), reading) is is_so
