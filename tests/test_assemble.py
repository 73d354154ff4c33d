"""Stories to articles: the order of their text, their parts by name, and the map to the page."""

from __future__ import annotations

import pytest

from rag.articles.assemble import articles_of_page
from rag.articles.blocks import split_blocks
from rag.articles.joins import Join
from rag.articles.layout import PageLayout, Placed, Story
from rag.articles.roles import Role
from rag.datatypes import Article

ROLES: dict[str, Role] = {
    "题": "headline", "名": "byline", "节": "heading", "文": "paragraph", "图": "caption",
}  # fmt: skip
Row = tuple[str, str]


def laid_out(*stories: list[Row], gap: str = "\n\n", joins=(), furniture: tuple[str, ...] = ()):
    """A page of the given stories, each a list of (role, text), furniture last; and its layout."""
    rows = [row for story in stories for row in story]
    page = gap.join([text for _, text in rows] + list(furniture))
    blocks = split_blocks(page)
    assert [block.text for block in blocks] == [text for _, text in rows] + list(furniture)
    made, number = [], 0
    for story in stories:
        placed = [Placed(number + n, ROLES[role], 1.0, "x") for n, (role, _) in enumerate(story)]
        made.append(Story(tuple(placed)))
        number += len(story)
    links = tuple(Join(a, b, 1.0, "x") for a, b in joins)
    layout = PageLayout(tuple(blocks), tuple(made), links, tuple(range(number, len(blocks))))
    return page, layout


def article(*rows: Row, name: str = "文件名", **how) -> Article:
    page, layout = laid_out(list(rows), **how)
    (made,) = articles_of_page(layout, "页.txt", name)
    for span in made.spans:
        piece = made.text[span.start : span.start + span.length]
        assert piece == page[span.source_start : span.source_start + span.length]
    return made


TITLE, BODY = ("题", "云桥镇的茶走出大山"), ("文", "云桥镇新建茶园一万亩。")


# --- The text -----------------------------------------------------------------------------------


def test_the_text_is_headline_byline_body_and_captions_last() -> None:
    made = article(
        ("图", "新建的茶厂"),
        TITLE,
        BODY,
        ("节", "修路"),
        ("图", "采茶"),
        ("文", "路通了。"),
        ("名", "李红"),
    )
    assert (
        made.text
        == "云桥镇的茶走出大山\n李红\n云桥镇新建茶园一万亩。\n修路\n路通了。\n新建的茶厂\n采茶"
    )


def test_the_body_stands_in_reading_order() -> None:
    page, layout = laid_out([TITLE, BODY, ("文", "后来。"), ("文", "先前。")])
    placed = layout.stories[0].placed
    story = Story((placed[0], placed[1], placed[3], placed[2]))
    (made,) = articles_of_page(PageLayout(layout.blocks, (story,), (), ()), "页.txt", "名")
    assert made.text.splitlines()[-2:] == ["先前。", "后来。"]
    assert made.source_spans(0, len(made.text))[-1] == (page.index("后来"), page.index("后来") + 3)


def test_nothing_stands_between_joined_halves() -> None:
    made = article(
        TITLE, ("文", "云桥镇新建茶"), ("图", "采茶"), ("文", "园一万亩。"), joins=[(1, 3)]
    )
    assert made.text == "云桥镇的茶走出大山\n云桥镇新建茶园一万亩。\n采茶"
    start = made.text.index("云桥镇新")
    assert len(made.source_spans(start, start + len("云桥镇新建茶园一万亩。"))) == 2


def test_halves_that_something_else_parts_stay_apart() -> None:
    made = article(
        ("文", "云桥镇新建茶"), ("文", "水库开工。"), ("文", "园一万亩。"), joins=[(0, 2)]
    )
    assert made.text == "云桥镇新建茶\n水库开工。\n园一万亩。"


def test_a_wrapped_paragraph_is_one_line_with_a_span_for_each_printed_one() -> None:
    rows = [
        "云桥镇去年新建茶园一万二千亩引进制茶企",
        "业六家带动农户三千二百户修通产业路三十",
        "六公里建起卫生室三所绿化荒山九千亩安装",
        "路灯。",
    ]
    page = "\n".join(rows)
    layout = PageLayout(
        tuple(split_blocks(page)), (Story((Placed(0, "paragraph", 1.0, "x"),)),), (), ()
    )
    (made,) = articles_of_page(layout, "页.txt", "名")
    assert made.text == "".join(rows)
    assert [page[a:b] for a, b in made.source_spans(0, len(made.text))] == rows


# --- Title and parts ----------------------------------------------------------------------------


def test_lines_of_one_headline_are_one_title() -> None:
    made = article(("题", "云桥镇六方面发力"), ("题", "确保全镇协调发展"), gap="\n")
    assert (made.title, made.subtitle) == ("云桥镇六方面发力 确保全镇协调发展", "")


def test_a_line_with_a_gap_or_a_dash_above_is_the_subtitle() -> None:
    for gap, text in (("\n\n", "云桥镇茶业发展纪实"), ("\n", "——云桥镇茶业发展纪实")):
        made = article(TITLE, ("题", text), BODY, gap=gap)
        assert (made.title, made.subtitle) == ("云桥镇的茶走出大山", "云桥镇茶业发展纪实")


def test_a_section_name_is_not_the_title() -> None:
    made = article(("题", "园区动态"), TITLE, BODY)
    assert made.title == "云桥镇的茶走出大山"
    assert made.text.startswith("园区动态\n")


def test_a_short_headline_is_the_title_when_there_is_no_longer_one() -> None:
    assert article(("题", "茶"), BODY).title == "茶"


def test_a_page_without_a_headline_is_titled_by_its_file() -> None:
    assert article(BODY).title == "文件名"


def test_stories_without_headlines_are_named_by_their_leads() -> None:
    _, layout = laid_out([("文", "本周，云桥镇新建茶园一万亩，修路十里。")], [("文", "字" * 100)])
    first, second = articles_of_page(layout, "页.txt", "文件名")
    assert first.title == "本周 云桥镇新建茶园一万亩"
    assert second.title == "字" * 24 + "…"


def test_a_story_without_text_or_headline_is_named_by_its_file() -> None:
    _, layout = laid_out([("图", "采茶")], [("文", "。。。")])
    assert [made.title for made in articles_of_page(layout, "页.txt", "文件名")] == ["文件名"] * 2


def test_markdown_headings_lose_their_marks_in_title_and_headings_only() -> None:
    made = article(("题", "# 云桥镇年度总结"), BODY, ("节", "## 学习 ##"), ("文", "又一句。"))
    assert (made.title, made.headings) == ("云桥镇年度总结", ("学习",))
    assert "## 学习 ##" in made.text


def test_headings_captions_and_bylines_are_named() -> None:
    made = article(
        TITLE,
        ("名", "► 肖阳 刘永红"),
        BODY,
        ("节", "修路"),
        ("文", "路通了。"),
        ("图", "采茶"),
        ("图", "茶厂"),
        ("名", "李红"),
    )
    assert made.headings == ("修路",)
    assert made.captions == ("采茶", "茶厂")
    assert made.byline == "► 肖阳 刘永红 李红"


def test_articles_are_numbered_in_the_order_of_the_page() -> None:
    _, layout = laid_out([TITLE, BODY], [("题", "双河水库开工了"), ("文", "水库开工。")])
    made = articles_of_page(layout, "夹/页.txt", "页")
    assert [one.id for one in made] == ["夹/页.txt#1", "夹/页.txt#2"]
    assert {one.source for one in made} == {"夹/页.txt"}


# --- Date and publisher -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "furniture", "name", "date"),
    [
        ([TITLE, BODY], (), "文件名", None),
        ([TITLE, BODY], (), "2021-07-01-茶", "2021-07-01"),
        ([TITLE, BODY], ("2020年5月14日 15",), "2021-07-01-茶", "2020-05-14"),
        ([TITLE, ("文", "新华社北京8月3日电 茶园扩大。")], ("2020年8月4日",), "x", "2020-08-03"),
        ([TITLE, ("文", "新华社北京8月3日电 茶园扩大。")], (), "x", None),
        ([TITLE, ("名", "本报记者 李红 2019年3月1日"), BODY], ("2020年8月4日",), "x", "2019-03-01"),
        ([TITLE, ("文", "2018年8月3日，茶园扩大。")], (), "x", None),
    ],
)
def test_a_date_is_the_story_s_own_or_its_page_s(rows, furniture, name, date) -> None:
    assert article(*rows, furniture=furniture, name=name).date == date


def test_a_story_s_own_source_goes_before_the_page_s() -> None:
    edge = ("本版图片来源：云桥日报",)
    assert article(TITLE, BODY, furniture=edge).publisher == "云桥日报"
    made = article(TITLE, BODY, ("文", "（来源：双河新闻网）"), furniture=edge)
    assert made.publisher == "双河新闻网"
    assert article(TITLE, BODY).publisher == ""
