"""Pages to stories: nothing lost, nothing twice, whatever the page."""

from __future__ import annotations

import opencc
import pytest
from hypothesis import example, given

from rag.articles.assemble import articles_of_page
from rag.articles.layout import PageLayout, repair_page
from rag.datatypes import Article
from tests.pages import PAGES, assert_whole


def repaired(page: str) -> tuple[PageLayout, list[Article]]:
    """A page repaired, its articles, and every claim that holds for any page."""
    layout = repair_page(page)
    articles = articles_of_page(layout, "页.txt", "页")
    assert_whole(layout, articles, page)
    assert_consistent(layout)
    return layout, articles


def assert_consistent(layout: PageLayout) -> None:
    placed = [one for story in layout.stories for one in story.placed]
    numbers = [one.block for one in placed] + list(layout.furniture)
    assert sorted(numbers) == list(range(len(layout.blocks)))
    assert all(story.placed for story in layout.stories)
    assert all(0 <= one.confidence <= 1 and one.reason for one in placed)
    assert len({join.first for join in layout.joins}) == len(layout.joins)
    assert len({join.second for join in layout.joins}) == len(layout.joins)
    story_of = {one.block: n for n, story in enumerate(layout.stories) for one in story.placed}
    assert all(story_of[join.first] == story_of[join.second] for join in layout.joins)
    firsts = [min(one.block for one in story.placed) for story in layout.stories]
    assert firsts == sorted(firsts)


@given(PAGES)
@example("0000000\r1\n00000000\r0\n")  # each half goes on in the other
def test_every_visible_character_is_in_one_article_or_is_page_furniture(page: str) -> None:
    repaired(page)


def test_a_page_of_blanks_holds_no_story() -> None:
    assert repaired(" \r\n\t\f\n") == (PageLayout((), (), (), ()), [])


BODY = (
    "云桥镇去年新建茶园一万二千亩，引进制茶企业六家。",
    "镇里又修通产业路三十六公里，茶农把鲜叶卖到了省城。",
    "今年春天，云桥镇的茶第一次卖到了国外。",
)


def test_one_whole_story_stays_as_it_is() -> None:
    page = "\n\n".join(["云桥镇的茶走出大山", "本报记者 李红", *BODY])
    layout, (article,) = repaired(page)
    assert article.text == page.replace("\n\n", "\n")
    assert layout.joins == ()


def test_a_page_in_traditional_characters_is_laid_out_as_in_simplified_ones() -> None:
    lines = ["责任编辑：王小明", "云桥镇的茶走出大山", "本报记者 李红", *BODY, "图为云桥镇的茶园。"]
    lines += ["双河水库封顶", f"新华社双河8月3日电 {BODY[1]}", "", "新建的水库（资料图片）"]
    page = "\n\n".join(lines)
    printed = opencc.OpenCC("s2t").convert(page)
    (layout, _), (other, articles) = repaired(page), repaired(printed)
    assert "責任編輯" in printed
    assert [block.kind for block in other.blocks] == [block.kind for block in layout.blocks]
    assert other.stories == layout.stories
    assert other.joins == layout.joins
    assert other.furniture == layout.furniture == (0,)
    assert articles[0].byline == "本報記者 李紅"


def test_page_furniture_belongs_to_no_article() -> None:
    page = "\n\n".join(["责任编辑：王小明", "2021年3月4日 第5版", "云桥镇的茶走出大山", *BODY])
    layout, (article,) = repaired(page)
    assert layout.furniture == (0, 1)
    assert "王小明" not in article.text
    assert article.date == "2021-03-04"


def test_a_page_of_nothing_but_furniture_is_what_the_page_says() -> None:
    layout, articles = repaired("责任编辑：王小明\n\n2021年3月4日 第5版\n\n校对 李红")
    assert layout.furniture == ()
    assert articles


def test_a_page_of_only_captions_is_read() -> None:
    _, articles = repaired("\n\n\n\n".join(f"图为第{number}座桥。" for number in range(30)))
    assert sum(article.text.count("座桥") for article in articles) == 30


@pytest.mark.parametrize(
    "page",
    [
        "云",
        "、",
        "”",
        "1",
        "😀",
        "► 肖阳 刘永红",
        "\ud800\n\udfff一\n\ud83d",
        "村里修了一条路通到山外的",
        "（\n）\n（",
        "#\n##\n# #",
        "\ufeff\u200b",
        "\n".join(map(chr, range(0x2000, 0x2100))),
    ],
)
def test_odd_pages_are_read(page: str) -> None:
    repaired(page)


def test_a_page_is_repaired_the_same_way_twice() -> None:
    page = "\n\n".join(["云桥镇的茶走出大山", *BODY, "双河水库封顶", *reversed(BODY)])
    assert repair_page(page) == repair_page(page)


def test_a_page_without_any_punctuation_is_read() -> None:
    row = "这里是没有标点的一行文字说着村里的事情今天修路明天种树"
    repaired("\n\n".join(f"{row}{'又' * (number % 7)}{number}" for number in range(2_000)))


def test_a_single_line_of_5_mb_is_read() -> None:
    (article,) = repaired("村里修了一条路通到山外的集市上去，" * 100_000)[1]
    assert len(article.text) == 1_700_000


@pytest.mark.slow
def test_20_000_short_lines_are_read() -> None:
    repaired("\n".join(f"第{number}件小事{'了' * (number % 5)}" for number in range(20_000)))


@pytest.mark.slow
@pytest.mark.parametrize("line", ["秦巴腹地党旗红", "王小明", f"{BODY[0]}{BODY[1]}", "图为茶厂。"])
def test_20_000_equal_blocks_are_read(line: str) -> None:
    repaired(f"{line}\n\n" * 20_000)


@pytest.mark.slow
def test_every_character_of_the_first_plane_on_its_own_line_is_read() -> None:
    points = [*range(1, 0xD800), *range(0xE000, 0x10000)]
    repaired("\n".join(map(chr, points[::3])))
