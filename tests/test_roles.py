"""What each block of a story is: headline, byline, heading, text or caption."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.articles.blocks import split_blocks, usual_gap
from rag.articles.joins import Join
from rag.articles.roles import Role, roles_of
from tests.pages import PAGES

BODY = "云桥镇去年新建茶园一万二千亩，引进制茶企业六家，带动农户三千二百户，修通产业路三十六公里。"


def roles(page: str, *joins: tuple[int, int]) -> dict[str, Role]:
    """The role of each block by its text, the story being the page as printed."""
    blocks = split_blocks(page)
    made = [Join(a, b, 1.0, "") for a, b in joins]
    found = roles_of(range(len(blocks)), made, blocks, usual_gap(blocks))
    return {blocks[number].text: role for number, role in found.items()}


@given(PAGES, st.randoms())
def test_every_block_has_one_role_in_whatever_order(page: str, random) -> None:
    blocks = split_blocks(page)
    order = list(range(len(blocks)))
    random.shuffle(order)
    assert sorted(roles_of(order, [], blocks, usual_gap(blocks))) == sorted(order)


def test_lines_above_the_text_are_headlines_and_authors() -> None:
    page = f"园区动态\n\n云桥镇的茶园\n今年走出大山\n\n王小明 李红\n\n{BODY}\n\n{BODY}其他。"
    assert list(roles(page).values()) == [
        "headline", "headline", "headline", "byline", "paragraph", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["► 肖阳 刘永红", "记者 王拥 通讯员 王福友", "张鑫 本报记者 戈清平"]
)
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_marked_byline_is_one_wherever_it_stands(line: str, place: str) -> None:
    parts = [line, BODY] if place == "above" else [BODY, line]
    assert roles("\n\n".join(["云桥镇的茶走出大山", *parts]))[line] == "byline"


def test_names_right_below_the_text_are_its_authors() -> None:
    assert roles(f"云桥镇的茶走出大山\n\n{BODY}\n\n令彦海")["令彦海"] == "byline"


def test_a_line_between_paragraphs_is_a_heading() -> None:
    page = f"云桥镇的茶走出大山\n\n{BODY}\n\n修路引来制茶厂\n\n{BODY}再说。"
    assert roles(page)["修路引来制茶厂"] == "heading"


def test_a_markdown_heading_between_paragraphs_is_a_heading_whatever_the_gaps() -> None:
    page = f"# 云桥镇的茶走出大山\n\n{BODY}\n\n\n\n## 修路\n\n\n\n{BODY}再说。\n\n{BODY}又说。\n\n{BODY}。"
    assert roles(page)["## 修路"] == "heading"


def test_a_markdown_heading_right_below_the_author_is_no_caption() -> None:
    page = f"# 云桥镇的茶走出大山\n\n记者 王小明\n\n## 修路\n\n{BODY}\n\n{BODY}再说。"
    assert roles(page)["## 修路"] == "heading"


def test_short_paragraphs_between_lists_are_text_in_their_place() -> None:
    rows = "- 茶园一万亩\n- 茶厂六家\n- 公路三十里\n- 农户三千家"
    page = f"# 云桥镇的茶走出大山\n\n去年做成了四件事。\n\n{rows}\n\n今年还要修路。\n\n{rows}二"
    assert [roles(page)[words] for words in ("去年做成了四件事。", "今年还要修路。")] == [
        "paragraph", "paragraph",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", ["图为新建的茶厂。", "新建的茶厂（李红摄）", "新建的茶厂（资料图片）", "▲新建的茶厂"]
)
def test_words_signed_as_a_picture_s_are_a_caption(words: str) -> None:
    assert roles(f"云桥镇的茶走出大山\n\n{BODY}\n\n{words}\n\n{BODY}再说。")[words] == "caption"


@pytest.mark.parametrize("words", ["新建的茶厂", "“铭记历史”主题活动走进新建的茶厂。"])
def test_short_words_with_wide_gaps_on_both_sides_are_a_caption(words: str) -> None:
    page = f"云桥镇的茶走出大山\n\n{BODY}\n\n\n\n{words}\n\n\n\n{BODY}再说。\n\n{BODY}又说。\n\n{BODY}还说。"
    assert roles(page)[words] == "caption"


def test_short_blocks_inside_a_broken_sentence_are_captions() -> None:
    first, second = BODY[:20], BODY[20:]
    page = f"云桥镇的茶走出大山\n\n{first}\n\n新建的茶厂\n\n茶农在山上采茶。\n\n{second}"
    found = roles(page, (1, 4))
    assert (found["新建的茶厂"], found["茶农在山上采茶。"]) == ("caption", "caption")
    assert (found[first], found[second]) == ("paragraph", "paragraph")


def test_half_a_sentence_is_text_however_short() -> None:
    found = roles(f"云桥镇的茶走出大山\n\n{BODY}还有\n\n\n\n三所学校\n\n\n\n{BODY}", (1, 2))
    assert found["三所学校"] == "paragraph"


def test_lines_below_the_last_text_are_captions() -> None:
    page = f"云桥镇的茶走出大山\n\n{BODY}\n\n\n\n新建的茶厂\n\n\n\n采茶的人们"
    assert [roles(page)[words] for words in ("新建的茶厂", "采茶的人们")] == ["caption", "caption"]


def test_a_story_of_lines_alone_has_a_headline() -> None:
    assert roles("云桥镇的茶")["云桥镇的茶"] == "headline"
    assert "headline" in roles("图为茶厂\n\n\n图为学校\n\n\n图为水库").values()


def test_a_single_paragraph_is_text_and_no_caption() -> None:
    assert roles("水库开工。") == {"水库开工。": "paragraph"}


def test_a_paragraph_above_the_first_gap_is_text() -> None:
    page = f"云桥镇的茶走出大山\n\n追赶超越靠什么实现？\n\n{BODY}\n\n{BODY}再说。"
    assert roles(page)["追赶超越靠什么实现？"] == "paragraph"


@pytest.mark.parametrize(
    "title",
    [
        "三座小桥修好了，双河过河不再绕路吗？",
        "【身边事】双河上的三座小桥全都修好了！",
        "双河上游的三座小桥和中游的两座大桥在入秋以后全都修好了，沿河两岸的村民们过河从此再也不用绕路",
    ],
)
def test_a_headline_that_asks_or_is_long_is_one_above_the_text_and_not_within_it(
    title: str,
) -> None:
    above = roles(f"{title}\n\n{BODY}\n\n{BODY}其他。")
    assert list(above.values()) == ["headline", "paragraph", "paragraph"]
    assert roles(f"{BODY}\n\n{title}\n\n{BODY}其他。")[title] == "paragraph"


def test_a_question_on_the_second_line_of_a_headline_is_of_it() -> None:
    found = roles(f"三座小桥修好了\n双河过河不再绕路吗？\n\n{BODY}\n\n{BODY}其他。")
    assert list(found.values()) == ["headline", "headline", "paragraph", "paragraph"]


def test_a_story_of_nothing_but_a_question_keeps_it_as_text() -> None:
    assert list(roles("三座小桥修好了，双河过河不再绕路吗？").values()) == ["paragraph"]
