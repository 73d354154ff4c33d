"""Page text to blocks: nothing left out, known lines known, no line that hangs it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from rag.articles.blocks import Block, is_closed, split_blocks, usual_gap
from tests.pages import PAGES


def one(page: str) -> Block:
    (block,) = split_blocks(page)
    return block


@given(PAGES)
def test_every_visible_character_of_a_page_is_in_exactly_one_block(page: str) -> None:
    blocks = split_blocks(page)
    covered = [p for block in blocks for start, end in block.pieces for p in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(page[p].isspace() for p in set(range(len(page))) - set(covered))
    assert all("".join(page[a:b] for a, b in block.pieces) == block.text for block in blocks)


@given(PAGES)
def test_a_block_begins_and_ends_with_a_visible_character(page: str) -> None:
    blocks = split_blocks(page)
    assert all(block.text == block.text.strip() != "" for block in blocks)
    assert all(block.start == block.pieces[0][0] < block.end for block in blocks)
    assert all(above.end <= below.start for above, below in pairwise(blocks))


def test_a_page_of_blanks_holds_no_block() -> None:
    assert split_blocks(" \r\n\t\f\n\u3000") == []


@pytest.mark.parametrize(
    ("page", "gaps"),
    [
        ("甲\n乙", [1, 1]),
        ("\n\n甲\n\n乙", [2, 2]),
        ("甲\r\n乙\r\n\r\n丙", [1, 1, 2]),
        ("甲\r乙\r\r丙", [1, 1, 2]),
        ("甲\n  \n乙", [1, 2]),
        ("甲\u2028乙", [1, 1]),
    ],
)
def test_a_gap_counts_the_line_breaks_above_a_block(page: str, gaps: list[int]) -> None:
    assert [block.gap for block in split_blocks(page)] == gaps


def test_a_new_page_is_a_wider_gap_than_a_blank_line() -> None:
    paged, blank = split_blocks("甲\n\f乙")[1], split_blocks("甲\n\n乙")[1]
    assert paged.gap > blank.gap


def test_the_usual_gap_is_the_commonest_and_of_equals_the_narrowest() -> None:
    assert usual_gap(split_blocks("\n\n\n\n甲\n\n乙\n\n丙\n\n\n\n丁")) == 2
    assert usual_gap(split_blocks("甲\n\n乙\n丙")) == 1
    assert usual_gap([]) == 1


def test_rows_of_lists_and_tables_do_not_make_the_usual_gap() -> None:
    rows = "- 茶园一万亩\n- 茶厂六家\n- 公路三十里\n- 农户三千家"
    assert (
        usual_gap(split_blocks(f"甲\n\n乙\n\n{rows}\n\n丙\n\n| 一 |\n| 二 |\n| 三 |\n| 四 |")) == 2
    )
    assert usual_gap(split_blocks(rows)) == 1


BYLINES = [
    "► 肖阳 刘永红",
    "记者 王拥 通讯员 王福友",
    "记者 王拥、通讯员 王福友",
    "本报记者 戈清平",
    "张鑫 本报记者 戈清平",
    "特约记者李四、张三",
    "2024-03-05 08:30 来源：云桥日报",
    "来源: 云桥新闻网 | 作者: 王小明 | 责任编辑：李红",
    "發布時間：2024-03-05 來源：雲橋日報",
]


@pytest.mark.parametrize("line", BYLINES)
def test_a_byline_is_known_by_its_mark(line: str) -> None:
    assert one(line).kind == "byline"


@pytest.mark.parametrize(
    "line",
    [
        "记者 王拥。",
        "记者了解到这个项目正在推进",
        "记者 王拥 2020年",
        "王拥",
        "本报记者从会上获悉，一切顺利。",
        "2024-03-05 08:30",
        "来源：云桥日报的调查说茶园有一万二千亩，引进制茶企业六家",
        "作者：" * 60,
        "来源： |" * 20,
    ],
)
def test_a_line_that_goes_on_is_no_byline(line: str) -> None:
    assert one(line).kind != "byline"


@pytest.mark.parametrize(
    "line",
    [
        "总策划 张思成 刘云 编辑 吴昌勇 王拥",
        "责任编辑：王小明",
        "校对 李红 美编 赵明",
        "2021年3月4日 星期四 第5版",
        "2020年5月14日 15",
        "第 3 版",
        "本版图片来源:云桥镇",
        "图片：李红",
        "策划：李红",
    ],
)
def test_lines_that_name_editors_dates_and_pages_are_furniture(line: str) -> None:
    assert one(line).kind == "furniture"


@pytest.mark.parametrize(
    "line",
    [
        "编辑部的故事讲了三十年。",
        "2021年3月4日，水库开工。",
        "2021年3月4日，云桥镇新建的茶厂",
        "第三版的图纸改了七处",
        "图片里的桥是去年修的",
        "编辑部的故事",
        "策划一场婚礼要花多少钱",
        "校对过的稿子由王小明送到印刷厂，第二天一早再由",
    ],
)
def test_a_sentence_that_begins_as_furniture_does_is_none(line: str) -> None:
    assert one(line).kind != "furniture"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("云桥镇的茶", "line"),
        ("云桥镇的茶。", "paragraph"),
        ("# 云桥镇的茶", "markdown"),
        ("#云桥镇的茶", "line"),
        ("1. 先修路，后种茶", "paragraph"),
        ("——修路", "paragraph"),
        ("茶" * 40, "line"),
        ("茶" * 41, "paragraph"),
        ("云桥镇 The Tea of a Small Town in the Mountains and its Growers", "line"),
    ],
)
def test_the_look_of_a_line_says_its_kind(line: str, kind: str) -> None:
    assert one(line).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "说完了。",
        "说完了！”",
        "说完了（见图）。",
        "有三条：",
        "真的吗？",
        "……",
        "第一条；",
        "”",
        "",
    ],
)
def test_a_text_that_ends_as_a_sentence_does_is_closed(text: str) -> None:
    assert is_closed(text)


@pytest.mark.parametrize(
    "text", ["没有说", "没有说，", "新建茶园1", "名叫《云桥》", "见（图一）", "a"]
)
def test_a_text_that_breaks_off_is_not(text: str) -> None:
    assert not is_closed(text)


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("云桥镇的茶走出大山", True),
        ("云桥镇的茶走出大山了吗？", True),
        ("【身边事】双河过河不再绕路！", True),
        (f"{'双河上的小桥全都修好，' * 5}过河不再绕路", True),
        (f"{'双河上的小桥全都修好，' * 6}过河不再绕路", False),
        ("云桥镇的茶走出大山。", False),
        ("去年修好了三座桥。今年还修吗？", False),
        ("双河上的小桥：", False),
        ("双河上的小桥，", False),
        ("1.双河上的小桥修好了吗？", False),
    ],
)
def test_a_headline_may_be_long_ask_or_call_out_but_is_one_clause(text: str, may_be: bool) -> None:
    (block,) = split_blocks(text)
    assert block.may_be_headline is may_be


def test_what_cannot_break_off_is_never_open() -> None:
    assert one("这一句没有说完").is_open
    assert not one("# 云桥镇的茶").is_open
    assert not one("本报记者 王小明").is_open
    assert not one("责任编辑 王小明").is_open


@pytest.mark.parametrize(
    "text", ["本报讯 近日开工。", "新华社北京8月3日电 记者获悉。", "本报讯（记者 李红）近日开工。"]
)
def test_a_dateline_is_known(text: str) -> None:
    assert one(text).has_dateline


def test_a_text_that_only_tells_of_a_paper_has_no_dateline() -> None:
    assert not one("本报成立三十年，读者写来的电报有一屋子。").has_dateline


@pytest.mark.parametrize(
    "text", ["（一）修路。", "1、修路。", "一、修路。", "——修路。", "* 修路", "第三，修路。"]
)
def test_a_list_mark_is_known(text: str) -> None:
    assert one(text).has_list_mark


@pytest.mark.parametrize("text", ["1.5万亩茶园。", "2019年。", "一个人。", "第三产业。"])
def test_a_number_that_begins_a_sentence_is_no_list_mark(text: str) -> None:
    assert not one(text).has_list_mark


def test_words_of_two_to_four_characters_may_be_names() -> None:
    assert one("王小明 欧阳修文 李红").holds_only_names
    assert not one("王小明 云桥镇的茶园").holds_only_names
    assert not one("王小明。").holds_only_names


def test_a_markdown_heading_is_plain_without_its_marks() -> None:
    assert one("## 云桥镇的茶 ##").plain == "云桥镇的茶"
    assert one("云桥镇的茶#").plain == "云桥镇的茶#"


WRAPPED = (
    "云桥镇去年新建茶园一万二千亩引进制茶企\n"
    "业六家带动农户三千二百户修通产业路三十\n"
    "六公里建起卫生室三所绿化荒山九千亩安装\n"
    "路灯一千五百盏整治河道十八公里新建广场\n"
    "四处。\n"
)


def test_lines_of_one_width_are_one_paragraph_and_give_the_page_back() -> None:
    (block,) = split_blocks(WRAPPED)
    assert block.text == WRAPPED.replace("\n", "")
    assert block.kind == "paragraph"
    assert [WRAPPED[a:b] for a, b in block.pieces] == WRAPPED.splitlines()


def test_a_blank_line_ends_a_wrapped_paragraph() -> None:
    assert len(split_blocks(WRAPPED + "\n" + WRAPPED)) == 2


def test_a_line_that_does_not_fill_the_width_ends_a_wrapped_paragraph() -> None:
    assert [block.text for block in split_blocks(WRAPPED * 2)] == [WRAPPED.replace("\n", "")] * 2


def test_two_lines_of_a_headline_stay_two_blocks() -> None:
    assert len(split_blocks("云桥镇引来制茶企业六家\n带动农户三千二百多户了")) == 2


def test_a_poem_of_short_lines_stays_in_lines() -> None:
    assert len(split_blocks("秦巴腹地党旗红\n" * 100_000)) == 100_000


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
        "（" * 100_000,
        "字" * 5_000_000,
    ],
    ids=[
        "blanks", "hashes", "reporters", "many", "names", "marked", "gap", "dateline", "editors",
        "brackets", "long",
    ],
)  # fmt: skip
def test_a_hostile_line_is_read_to_its_end(line: str) -> None:
    block = one(line)
    assert (block.start, block.end) == (0, len(line))
    assert block.is_open in (True, False)
    assert block.has_dateline in (True, False)


def test_a_long_marked_line_is_a_paragraph() -> None:
    assert one("# " + "字" * 1_000_000).kind == "paragraph"


@pytest.mark.slow
def test_a_paragraph_of_100_000_full_lines_is_put_together() -> None:
    lines = 100_000
    assert len(one("云桥镇去年新建茶园一万二千亩引进制茶企\n" * lines).pieces) == lines


@pytest.mark.parametrize(
    "line",
    [
        "云桥日报 2024年3月5日 记者 王小明",
        "2024-03-05 08:30 来源：云桥日报 作者：王小明",
        "《云桥报》 2024年3月5日 记者 王小明 李小红 通讯员 赵小青",
    ],
)
def test_a_line_of_paper_date_and_names_is_a_byline(line: str):
    assert split_blocks(line)[0].kind == "byline"


@pytest.mark.parametrize("line", ["2024年3月5日记者来到云桥镇", "云桥日报 2024年3月5日 云桥镇新闻"])
def test_a_line_that_tells_something_beside_a_date_is_none(line: str):
    assert split_blocks(line)[0].kind != "byline"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("云桥县应急管理局 2024年3月5日", "byline"),
        ("云桥融媒体中心 2024年3月5日 记者 王小明", "byline"),
        ("（2024年3月5日）", "byline"),
        ("云桥县应急管理局：2024年3月5日起禁火", "line"),
        ("云桥县应急管理局", "line"),
    ],
)
def test_an_office_with_its_day_below_a_headline_is_a_byline(line: str, kind: str):
    assert split_blocks(f"云桥镇发布禁火令\n\n{line}\n\n全镇禁火。")[1].kind == kind


def test_such_a_line_on_top_of_a_page_is_its_headline():
    assert split_blocks("云桥公司年会 2024年3月5日\n\n会议开了两天。")[0].kind == "line"


def test_a_line_that_breaks_off_in_a_damaged_sign_is_no_headline():
    assert (
        split_blocks("云桥小学搬迁\n\n云桥小学有学生520名，教师26名\ufffd")[1].kind == "paragraph"
    )
