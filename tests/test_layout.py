"""Pages to stories: split at clear headlines, nothing left out, no line that hangs it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.layout import Story, split_page

LINES = st.sampled_from(
    [
        "园区动态",
        "石河子高新区",
        "迎来第18批博士服务团",
        "本报讯 近日，高新区开工。",
        "新华社北京5月1日电 记者从会上获悉，一切顺利。",
        "这是一句话，它有句号。这是另一句。",
        "令彦海",
        "► 肖阳 刘永红",
        "记者 王拥 通讯员 王福友",
        "总策划 张思成 编辑 吴昌勇",
        "2020年5月14日 15",
        "——某地党建综述",
        "# 一级标题",
        "## 小标题 ##",
        "1. 第一条",
        "",
        "   ",
    ]
)
PAGES = (
    st.lists(
        st.tuples(
            LINES | st.text(max_size=30),
            st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\f", "\u2028", "\x85", "\v"]),
        ),
        max_size=30,
    ).map(lambda rows: "".join(line + end for line, end in rows))
    | st.text()
)


@given(PAGES)
def test_every_visible_character_of_a_page_is_in_exactly_one_block(page: str) -> None:
    blocks = [block for story in split_page(page, "名") for block in story.blocks]
    covered = [position for block in blocks for position in range(block.start, block.end)]
    assert covered == sorted(set(covered))
    assert all(page[p].isspace() for p in set(range(len(page))) - set(covered))
    assert all(page[block.start : block.end] == block.text for block in blocks)


@given(PAGES)
def test_every_story_has_a_title_and_a_visible_character(page: str) -> None:
    for story in split_page(page, "名"):
        assert story.title
        assert any(block.text.strip() for block in story.blocks)


def one(page: str) -> Story:
    (story,) = split_page(page, "文件名")
    return story


def test_a_page_of_blanks_holds_no_story() -> None:
    assert split_page(" \r\n\t\f\n", "名") == []


def test_two_headlines_above_datelines_are_two_stories() -> None:
    stories = split_page(
        "园区动态\n\n石河子高新区\n迎来第18批博士服务团\n\n本报讯 近日来访。\n\n令彦海\n\n"
        "延吉高新区\n科技大厦奠基\n\n本报讯 近日奠基。\n\n王海鹏\n",
        "名",
    )
    assert [story.title for story in stories] == [
        "石河子高新区 迎来第18批博士服务团",
        "延吉高新区 科技大厦奠基",
    ]
    assert [story.byline for story in stories] == ["令彦海", "王海鹏"]


def test_a_dash_under_the_headline_is_its_subtitle() -> None:
    story = one("攻坚克难结硕果 凝心聚力启新程\n\n——高新区党建综述\n\n正文第一句。\n")
    assert (story.title, story.subtitle) == ("攻坚克难结硕果 凝心聚力启新程", "高新区党建综述")


def test_a_section_name_is_not_the_title() -> None:
    assert one("园区巡礼\n\n秦巴腹地党旗红\n\n正文第一句。\n").title == "秦巴腹地党旗红"


def test_a_page_without_a_headline_is_titled_by_its_file() -> None:
    assert one("这是一句话，它有句号。\n").title == "文件名"


def test_markdown_headings_lose_their_marks_in_title_and_headings() -> None:
    story = one("# 年度总结报告\n\n正文第一句。\n\n## 学习 ##\n\n又一句。\n")
    assert (story.title, story.headings) == ("年度总结报告", ("学习",))


@pytest.mark.parametrize(
    "line",
    [
        "► 肖阳 刘永红",
        "记者 王拥 通讯员 王福友",
        "记者 王拥、通讯员 王福友",
        "本报记者 戈清平",
        "张鑫 本报记者 戈清平",
        "特约记者李四、张三",
    ],
)
def test_a_byline_is_known_by_its_mark(line: str) -> None:
    assert one(f"高新区项目建设提速\n\n{line}\n\n正文第一句。\n").byline == line


@pytest.mark.parametrize("line", ["记者 王拥。", "记者了解到这个项目正在推进", "记者 王拥 2020年"])
def test_a_line_that_goes_on_is_no_byline(line: str) -> None:
    assert one(f"高新区项目建设提速\n\n{line}\n\n正文第一句。\n").byline == ""


@pytest.mark.parametrize(
    "line",
    [
        "# 题" + " " * 100_000 + "末",
        "# 题" + "#" * 100_000 + "末",
        "记者 张三" + "、记者李四" * 35 + "。",
        "记者 张三" + "、记者李四" * 20_000 + "。",
        "张三 " * 30_000 + "。",
        "► " + "张三 " * 30_000 + "。",
        "记者 张三" + " " * 100_000 + "。",
        "据" + "某" * 100_000,
        "总策划" + "：" * 100_000,
    ],
    ids=["blanks", "hashes", "reporters", "many", "names", "marked", "gap", "dateline", "editors"],
)
def test_a_hostile_line_is_read_to_its_end(line: str) -> None:
    story = one(line)
    assert story.blocks[0].end == len(line)


def test_a_poem_of_100_000_lines_has_a_title_of_three() -> None:
    story = one("秦巴腹地党旗红\n" * 100_000)
    assert len(story.blocks) == 100_000
    assert story.title == " ".join(["秦巴腹地党旗红"] * 3)


def test_a_long_marked_line_is_a_paragraph_and_no_title() -> None:
    assert one("# " + "字" * 1_000_000).title == "文件名"
