from __future__ import annotations

from rag.articles.loaders.furniture import page_furniture


def left_out(*pages: str) -> list[str]:
    whole = "\f".join(pages)
    return [whole[start:end] for start, end in page_furniture(pages)]


def test_heads_and_feet_that_repeat_are_furniture() -> None:
    pages = [f"岩前乡年报\n\n第{n}件事办完了。\n\n— {n} —" for n in (1, 2, 3)]
    assert left_out(*pages) == ["岩前乡年报", "— 1 —", "岩前乡年报", "— 2 —", "岩前乡年报", "— 3 —"]


def test_what_a_browser_prints_at_the_edge_of_one_page_is_furniture() -> None:
    page = "2024/6/3 09:15 岩前乡年报\n\n岩前乡修了桥。\n\nhttps://example.invalid/a 1/1"
    assert left_out(page) == ["2024/6/3 09:15 岩前乡年报", "https://example.invalid/a 1/1"]


def test_a_sentence_and_a_date_in_the_text_are_none() -> None:
    page = "岩前乡修桥\n\n2024年6月3日\n\n岩前乡修了桥。"
    assert left_out(page) == []


def test_a_lone_number_is_the_page_only_where_pages_repeat_it() -> None:
    assert left_out("甲事。\n\n12") == []
    assert left_out("甲事。\n\n1", "乙事。\n\n2", "丙事。\n\n3") == ["1", "2", "3"]
