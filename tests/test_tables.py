from __future__ import annotations

from rag.articles.loaders.markdown import markdown_tables
from rag.articles.loaders.written import Field, WrittenText
from rag.tables import Grid, grid_of, is_figure, name_without_unit, told_rows


def grid(*rows: str, caption: str = "") -> Grid:
    """The grid of rows whose cells are parted by bars."""
    written = WrittenText()
    written.add_table([[Field(cell.strip()) for cell in row.split("|")] for row in rows])
    (table,) = written.tables
    return grid_of(written.text, table, caption)


def told(table: Grid, heading: str = "") -> list[str]:
    return [
        one.text[saying.start : saying.end]
        for one in told_rows(table, 240, heading)
        for saying in one.sayings
    ]


def test_a_cell_is_told_with_the_heads_of_its_row_and_column_and_its_unit() -> None:
    table = grid("乡镇 | 面积（亩） | 2022年产量（吨）", "松口镇 | 310 | 4.5", "岩前乡 | 95 | 1.2")
    assert told(table)[:2] == ["松口镇的面积：310亩。", "松口镇2022年产量：4.5吨。"]


def test_a_unit_in_the_caption_is_that_of_the_columns_it_names() -> None:
    table = grid(
        "医院 | 床位 | 门诊量", "东院 | 80 | 7.1", "西院 | 60 | 5.2", caption="门诊量单位：万人次"
    )
    assert told(table)[:2] == ["东院的床位：80。", "东院的门诊量：7.1万人次。"]


def test_columns_that_name_a_time_are_told_with_what_the_caption_is_of() -> None:
    table = grid(
        "年份 | 第一季度 | 第二季度",
        "2021年 | 3.1 | 4.2",
        "2022年 | 3.3 | 4.4",
        caption="下表为各季度鲜菜销量，单位为万吨",
    )
    assert told(table)[3] == "2022年第二季度鲜菜销量：4.4万吨。"


def test_rows_of_pairs_are_told_under_their_heading() -> None:
    table = grid("项目 | 内容", "首班车 | 6:10", "票价 | 3元")
    assert told(table, "东线") == ["东线首班车：6:10。", "东线票价：3元。"]


def test_an_empty_cell_and_a_dash_say_nothing() -> None:
    table = grid("乡镇 | 产量（吨）", "松口镇 | —", "岩前乡 | 1.2", "溪尾乡 | 0.4")
    assert told(table) == ["岩前乡的产量：1.2吨。", "溪尾乡的产量：0.4吨。"]


def test_two_rows_of_heads_name_a_column_together() -> None:
    written = WrittenText()
    written.add_table(
        [
            [Field("线路", rows=2), Field("平日", columns=2), Field("假日")],
            [Field("首班"), Field("末班"), Field("首班")],
            [Field("东线"), Field("6:10"), Field("21:40"), Field("7:00")],
            [Field("西线"), Field("6:30"), Field("22:00"), Field("7:20")],
        ]
    )
    table = grid_of(written.text, written.tables[0])
    assert told(table)[1:3] == ["东线的平日末班：21:40。", "东线的假日首班：7:00。"]


def test_a_cell_merged_over_rows_is_the_head_of_each_of_them() -> None:
    written = WrittenText()
    written.add_table(
        [
            [Field("服务"), Field("等级"), Field("收费（元）")],
            [Field("送餐", rows=2), Field("普通"), Field("300")],
            [Field("加急"), Field("450")],
        ]
    )
    assert told(grid_of(written.text, written.tables[0]))[1] == "送餐加急的收费：450元。"


def test_a_row_of_one_wide_cell_is_the_title_of_the_table() -> None:
    table = grid(
        "各站水位（单位：米）| | ", "站 | 五月 | 六月", "上站 | 3.1 | 3.4", "下站 | 2.8 | 2.9"
    )
    assert "各站水位" in table.caption
    assert table.head_rows == 1


def test_a_table_without_heads_loses_no_row() -> None:
    table = grid("张桥 | 41", "李桥 | 52", "王桥 | 63")
    assert table.head_rows == 0
    assert [table.printed(cell) for cell in table.row_heads(0)] == ["张桥"]


def test_years_and_ranks_are_names_and_no_figures() -> None:
    figures = ["310", "1,240", "4.5%", "12.5吨", "-3"]
    names = ["2022年", "2023", "5月", "Ⅱ类", "第3季度", "松口镇"]
    assert all(map(is_figure, figures))
    assert not any(map(is_figure, names))


def test_what_stands_in_brackets_is_a_unit_only_where_it_can_be_one() -> None:
    assert name_without_unit("产量（吨）") == "产量"
    assert name_without_unit("产量（2022年）") == "产量（2022年）"
    assert name_without_unit("人数（含外聘）") == "人数（含外聘）"


def test_cells_of_a_pipe_table_stand_where_they_are_printed() -> None:
    text = "| 站 | 水位 |\n|---|--:|\n| 上站 | 3.1 |\n| 下站 |  |\n\n不是表 | 的一行"
    (table,), (delimiter,) = markdown_tables(text)
    assert [text[cell.start : cell.end] for cell in table.cells] == [
        "站", "水位", "上站", "3.1", "下站",
    ]  # fmt: skip
    assert text[slice(*delimiter)] == "|---|--:|"


def test_bars_in_code_make_no_table() -> None:
    assert markdown_tables("```\n| 站 | 水位 |\n|---|---|\n| 上站 | 3 |\n```\n")[0] == ()
