"""A layout written by hand wins over the guess; what is wrong with it is one clear line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from rag.articles import folder_digest, read_articles, read_corpus, read_page, write_override
from rag.articles.assemble import articles_of_page
from rag.articles.layout import repair_page
from rag.articles.override import SUFFIX, override_path, read_override
from rag.errors import ArticleError
from tests.pages import PAGES, assert_whole

ROWS = [
    "双河水库开工了",
    "水库工程上周正式开工，工期五年，总库容",
    "云桥镇的茶走出大山",
    "李红",
    "云桥镇新建茶园一万亩。",
    "一亿立方米。",
    "采茶的人们",
    "校对 王小明",
]
GOOD: dict[str, Any] = {
    "blocks": 8,
    "articles": [
        {"headlines": [1], "text": [[2, 6]]},
        {"headlines": [3], "bylines": [4], "text": [5], "captions": [7]},
    ],
    "furniture": [8],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "文章"
    folder.mkdir()
    path = folder / "页.txt"
    path.write_text("\n\n".join(ROWS), encoding="utf-8", newline="")
    return path


def write(file: Path, override: object) -> None:
    text = override if isinstance(override, str) else json.dumps(override, ensure_ascii=False)
    override_path(file).write_text(text, encoding="utf-8")


def test_the_override_stands_beside_its_file() -> None:
    assert override_path(Path("夹/页.txt")) == Path("夹/页.txt" + SUFFIX)


def test_what_is_written_by_hand_is_what_is_read(file: Path) -> None:
    write(file, GOOD)
    layout, (dam, tea) = read_page(file)
    assert dam.text == "双河水库开工了\n水库工程上周正式开工，工期五年，总库容一亿立方米。"
    assert tea.text == "云桥镇的茶走出大山\n李红\n云桥镇新建茶园一万亩。\n采茶的人们"
    assert (tea.title, tea.byline, tea.captions) == ("云桥镇的茶走出大山", "李红", ("采茶的人们",))
    assert layout.furniture == (7,)
    assert [(join.first, join.second) for join in layout.joins] == [(1, 5)]
    placed = [one for story in layout.stories for one in story.placed]
    assert {(one.confidence, one.reason) for one in placed} == {(1.0, "手工指定")}
    assert_whole(layout, [dam, tea], "\n\n".join(ROWS))


def test_the_order_of_the_text_is_the_one_written(file: Path) -> None:
    write(file, {"blocks": 8, "articles": [{"headlines": [3], "text": [8, 5, [2, 6, 1], 4, 7]}]})
    (article,) = read_articles(file)
    order = [3, 8, 5, 2, 4, 7]
    assert [line[:5] for line in article.text.splitlines()] == [ROWS[n - 1][:5] for n in order]
    assert f"{ROWS[1]}{ROWS[5]}{ROWS[0]}" in article.text


def test_a_folder_is_read_with_its_overrides_and_they_are_no_articles(file: Path) -> None:
    write(file, GOOD)
    corpus = read_corpus(file.parent)
    assert [article.id for article in corpus.articles] == ["页.txt#1", "页.txt#2"]
    assert corpus.skipped == ()


def test_the_digest_of_a_folder_changes_with_its_overrides(file: Path) -> None:
    before = folder_digest(file.parent)
    write(file, GOOD)
    written = folder_digest(file.parent)
    write(file, GOOD | {"furniture": [8], "articles": GOOD["articles"][::-1]})
    turned = folder_digest(file.parent)
    override_path(file).unlink()
    assert len({before, written, turned}) == 3
    assert folder_digest(file.parent) == before


# --- The sample ---------------------------------------------------------------------------------


def test_the_sample_names_every_block_in_its_place(file: Path) -> None:
    write(file, GOOD)
    sample = json.loads(write_override(read_page(file)[0]))
    empty: dict[str, list[int]] = {"headlines": [], "bylines": [], "text": [], "captions": []}
    assert sample == GOOD | {"articles": [empty | article for article in GOOD["articles"]]}


@given(PAGES)
@example("► 肖阳 刘永红")
@example("责任编辑 王小明\n\n第 3 版")
def test_the_sample_read_back_gives_the_same_articles(page: str) -> None:
    layout = repair_page(page)
    if not layout.stories:
        return
    # Not tmp_path: hypothesis runs many examples within one.
    path = Path(f"页.txt{SUFFIX}")
    path.write_text(write_override(layout), encoding="utf-8")
    again = read_override(path, page)
    assert articles_of_page(again, "页.txt", "页") == articles_of_page(layout, "页.txt", "页")
    assert again.furniture == layout.furniture


def test_the_samples_of_the_seeds_give_the_seeds_back(root: Path, tmp_path: Path) -> None:
    for path in sorted((root / "seeds").iterdir()):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        layout, articles = read_page(copy)
        override_path(copy).write_text(write_override(layout), encoding="utf-8")
        assert read_page(copy)[1] == articles


# --- Faults -------------------------------------------------------------------------------------


def changed(**parts: Any) -> dict[str, Any]:
    return GOOD | parts


FIRST, SECOND = GOOD["articles"]
FAULTS: dict[str, tuple[object, str]] = {
    "no JSON": ("{", "不是 UTF-8 的 JSON"),
    "empty": ("", "不是 UTF-8 的 JSON"),
    "a list": ([], "不合格式"),
    "nothing in it": ({}, "不合格式"),
    "a word for a number": (changed(blocks="八"), "blocks"),
    "true for a number": (changed(furniture=[True]), "furniture"),
    "a fraction": (changed(furniture=[8.0]), "furniture"),
    "an unknown part": (changed(titles=[1]), "titles"),
    "a part with a line break in its name": (changed(**{"a\nb": 1}), "不合格式"),
    "an unknown part of an article": (changed(articles=[FIRST | {"title": [1]}, SECOND]), "title"),
    "another page": (changed(blocks=9), "按 9 块的版面写的，现在有 8 块"),
    "a block that is not there": (changed(furniture=[8, 9]), "第 9 块不在 1 到 8 之间"),
    "block 0": (changed(furniture=[0, 8]), "第 0 块不在 1 到 8 之间"),
    "a block twice": (changed(furniture=[8, 1]), "第 1 块写了不止一次"),
    "a block missing": (changed(furniture=[]), "没有第 8 块"),
    "an article without text": (changed(articles=[FIRST, SECOND, {}]), "没有 text"),
    "an article of an empty sentence": (changed(articles=[FIRST, SECOND, {"text": [[]]}]), "text"),
    "brackets without end": ("[" * 100_000, "JSON"),
    "a number without end": ('{"blocks": ' + "1" * 5_000 + "}", "JSON"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_the_file_and_the_place(file: Path, fault: str) -> None:
    override, words = FAULTS[fault]
    write(file, override)
    with pytest.raises(ArticleError) as caught:
        read_page(file)
    message = str(caught.value)
    assert words in message
    assert "页.txt.layout.json" in message
    assert "；" in message
    assert "\n" not in message


def test_a_file_in_another_encoding_is_a_fault(file: Path) -> None:
    override_path(file).write_bytes('{"题": 1}'.encode("gb18030"))
    with pytest.raises(ArticleError, match="不是 UTF-8 的 JSON"):
        read_page(file)


def test_a_folder_in_its_place_is_a_fault(file: Path) -> None:
    override_path(file).mkdir()
    with pytest.raises(ArticleError, match=r"读不了 页\.txt\.layout\.json"):
        read_page(file)


def test_a_byte_order_mark_is_none(file: Path) -> None:
    override_path(file).write_text(json.dumps(GOOD), encoding="utf-8-sig")
    assert len(read_articles(file)) == 2


def test_a_fault_leaves_out_its_file_and_not_the_folder(file: Path) -> None:
    (file.parent / "好.txt").write_text("云桥镇的茶\n\n茶园扩大了。\n", encoding="utf-8")
    write(file, changed(blocks=9))
    corpus = read_corpus(file.parent)
    assert {article.source for article in corpus.articles} == {"好.txt"}
    (skipped,) = corpus.skipped
    assert skipped.source == "页.txt"
    assert "页.txt.layout.json" in skipped.reason
