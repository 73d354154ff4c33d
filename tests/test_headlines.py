"""Headlines cut from the openings of news: only where their end is certain, nothing lost of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.headlines import HeadedStory, is_parted, read_headed_news, split_headline
from corpora.held_out import HeldOut
from corpora.news import is_for_measuring
from tests.data_folder import HELD_OUT, QA_RUN, news_line, write_folder, write_lines

BODY = "近日，双河水库的工人走访了二十多户邻居，又修好了三座小桥。村民们说，从此过河不用绕路。"
TITLE = "【身边事】三座小桥修好了：双河过河不再绕路？"


@pytest.mark.parametrize(
    "opening",
    [
        f"原标题：{TITLE}{BODY}",
        f"原标题：{TITLE}{TITLE}{BODY}",
        f"原标题：{TITLE} {TITLE} {TITLE}{BODY}",
        f"{TITLE}{TITLE}{BODY}",
        f"  原标题： {TITLE}\u3000{BODY}",
    ],
)
def test_a_headline_ends_where_it_is_repeated_or_the_report_begins(opening: str) -> None:
    assert split_headline(opening) == HeadedStory(TITLE, BODY)


def test_a_headline_that_stands_in_brackets_ends_with_them() -> None:
    words = "云桥镇修通公路，鲜叶半天送到茶厂"
    assert split_headline(f"【{words}】{BODY[3:]}") == HeadedStory(f"【{words}】", BODY[3:])


def test_an_agency_after_an_exclamation_is_no_part_of_the_headline() -> None:
    story = split_headline(f"原标题：三座小桥全都修好了！云桥社滨江8月3日电 {BODY}")
    assert story == HeadedStory("三座小桥全都修好了！", BODY)


@pytest.mark.parametrize(
    "text",
    [
        f"三座小桥修好了：双河过河不再绕路{BODY}",  # nothing says that it is a headline
        f"原标题：三座小桥修好了双河过河不再绕路{BODY[3:]}",  # nothing says where it ends
        f"【云桥日报】{BODY}",  # a paper's name
        f"原标题：三座小桥修好了 记者 王小明{BODY}",
        f"原标题：三座小桥修好了 云桥晚报讯{BODY}",
        f"原标题：三座小桥修好了，双河的{BODY}",  # the cut is in mid-clause
        f"原标题：三座小桥“修好了，双河过河{BODY}",  # and here within quotes
        f"原标题：小桥修好{BODY}",
        f"原标题：{'双河上游的三座小桥，中游的两座大桥，' * 4}{BODY}",
        "原标题：三座小桥修好了，双河过河不再绕路",
        "",
    ],
)
def test_where_the_end_of_a_headline_is_not_certain_there_is_no_story(text: str) -> None:
    assert split_headline(text) is None


@given(st.text("三座小桥修好了：？！【】“” 近日，讯", max_size=90))
def test_headline_and_text_are_of_the_opening_and_in_order(opening: str) -> None:
    text = f"原标题：{opening}{BODY}"
    story = split_headline(text)
    if story:
        assert 8 <= len(story.headline) <= 60
        assert text.endswith(story.text)
        assert text.index(story.headline) + len(story.headline) <= len(text) - len(story.text)


@pytest.mark.parametrize(
    ("headline", "parted"),
    [
        (TITLE, True),
        ("三座小桥修好了 双河过河不再绕路", True),
        ("双河的三座小桥修好了吗？", True),
        ("双河水库的三座小桥修好了", False),
        ("双河水库的三座小桥在入秋以后修好了从此村民们过河再也不用绕路", True),
    ],
)
def test_long_bracketed_and_asking_headlines_and_those_of_two_parts_are_told(
    headline: str, parted: bool
) -> None:
    assert is_parted(headline) is parted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """News with headlines on both sides of the split, one of them with an article held out."""
    write_folder(tmp_path)
    texts = [
        f"原标题：{TITLE}{BODY}",
        f"原标题：{TITLE}{HELD_OUT['a']}",
        "原标题：双河水库的三座小桥修好了",
    ]
    lines = [news_line(f"{text}{BODY}") for text in texts]
    lines += [next(row for n in range(99) if is_for_measuring(row := f"\t{texts[0]}{'。' * n}"))]
    write_lines(tmp_path / "crud_news.tsv.xz", lines)
    return tmp_path


def test_headed_news_of_either_side_have_their_headlines(folder: Path) -> None:
    (trained,) = read_headed_news(folder)
    (measured,) = read_headed_news(folder, measuring=True)
    assert trained.headline == measured.headline == TITLE
    assert trained.text.startswith(BODY + BODY)
    assert measured.text.startswith(BODY)
    assert not measured.text.startswith(BODY + BODY)


def test_headed_news_to_train_on_share_no_run_with_an_article_held_out(folder: Path) -> None:
    assert not any(QA_RUN in story.text for story in read_headed_news(folder))
    everything = read_headed_news(folder, held_out=HeldOut.from_texts(()))
    assert any(QA_RUN in story.text for story in everything)
