"""What is asked about the articles themselves is counted and listed."""

from __future__ import annotations

import pytest

from rag.answer.heads import Head
from rag.answer.library import Library, is_of_period, mentions
from rag.ask import LibraryQuestion
from rag.datatypes import Article
from tests.readings import article_of


def signed(title: str, text: str, byline: str, date: str | None, source: str) -> Article:
    plain = article_of(text, title, date=date, source=source)
    return Article(plain.id, title, source, plain.text, plain.spans, byline=byline, date=date)


BRIDGE = signed(
    "栗子桥通车",
    "栗子镇新修的栗子桥昨天通车。镇长林向阳说，桥长90米。",
    "记者 何小满",
    "2021-03-05",
    "桥.txt",
)
SCHOOL = signed(
    "新学校开学",
    "位于松溪县的新学校开学了。校长苏明远介绍，学生有300人。",
    "何小满 罗一平",
    "2022-09-01",
    "学校.txt",
)
NOTICE = signed("停电通知", "北街明天停电，请提前准备。", "", None, "通知.txt")
LIBRARY = Library({one.id: one for one in (BRIDGE, SCHOOL, NOTICE)})


def answered(asked: LibraryQuestion) -> tuple[str, tuple[str, ...]]:
    counted = LIBRARY.answer(asked)
    assert counted is not None
    reply = counted.reply
    assert reply.outcome == "answered"
    assert not reply.claims
    assert not reply.citations
    assert "[" not in reply.text
    return reply.text, tuple(one.title for one in counted.articles)


def test_articles_are_counted_and_listed_with_date_and_file():
    text, told = answered(LibraryQuestion("count"))
    assert "共有 3 篇文章" in text
    assert "《栗子桥通车》（2021-03-05，桥.txt）" in text
    assert "《停电通知》（通知.txt）" in text
    assert told == ("栗子桥通车", "新学校开学", "停电通知")


def test_a_long_list_is_cut_and_says_how_many_are_left_out():
    many = [article_of("字" * 20, f"第{n}篇", source=f"{n}.txt") for n in range(25)]
    counted = Library({one.id: one for one in many}).answer(LibraryQuestion("titles"))
    assert counted is not None
    assert counted.reply.text.endswith("另有 5 篇没有列出")
    assert len(counted.articles) == 25


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (LibraryQuestion("titles", about="松溪县"), ("新学校开学",)),
        (LibraryQuestion("titles", about="松溪縣"), ("新学校开学",)),
        (LibraryQuestion("count", period="2021年"), ("栗子桥通车",)),
        (LibraryQuestion("titles", period="2022年9月"), ("新学校开学",)),
        (LibraryQuestion("titles", period="2022年下半年"), ("新学校开学",)),
        (LibraryQuestion("titles", by="何小满"), ("栗子桥通车", "新学校开学")),
    ],
)
def test_only_the_articles_that_are_meant_are_counted(
    asked: LibraryQuestion, told: tuple[str, ...]
):
    text, titles = answered(asked)
    assert titles == told
    assert f"有 {len(told)} 篇" in text


@pytest.mark.parametrize(
    "asked", [LibraryQuestion("titles", about="航天"), LibraryQuestion("count", period="2019年")]
)
def test_where_there_is_none_nothing_is_answered(asked: LibraryQuestion):
    counted = LIBRARY.answer(asked)
    assert counted is not None
    assert (counted.reply.outcome, counted.articles) == ("no_evidence", ())
    assert "没有" in counted.reply.text


def test_an_author_or_a_title_that_is_not_there_is_a_question_for_the_reader():
    assert LIBRARY.answer(LibraryQuestion("titles", by="赵不在")) is None
    assert LIBRARY.answer(LibraryQuestion("authors", title="海底两万里")) is None


def test_dates_are_told_from_the_first_to_the_last_and_how_many_have_none():
    text, told = answered(LibraryQuestion("dates"))
    assert "最早是 2021-03-05，最新是 2022-09-01" in text
    assert "另有 1 篇没有写明日期" in text
    assert told == ("栗子桥通车", "新学校开学")
    assert answered(LibraryQuestion("newest"))[1] == ("新学校开学",)
    assert answered(LibraryQuestion("oldest"))[1] == ("栗子桥通车",)


def test_without_any_date_none_is_made_up():
    counted = Library({NOTICE.id: NOTICE}).answer(LibraryQuestion("dates"))
    assert counted is not None
    assert counted.reply.outcome == "no_evidence"


def test_authors_are_named_with_how_much_they_wrote():
    text, _ = answered(LibraryQuestion("authors"))
    assert "何小满（2篇）、罗一平" in text
    assert "另有 1 篇没有署名" in text


def test_the_author_and_the_date_of_one_article_are_those_of_its_head():
    assert answered(LibraryQuestion("authors", title="栗子桥通车"))[0].startswith(
        "《栗子桥通车》的署名是何小满"
    )
    assert "2022-09-01" in answered(LibraryQuestion("dates", title="新学校开学"))[0]


def test_a_title_that_only_begins_like_one_is_not_it_where_the_whole_is_needed():
    assert LIBRARY.titled("栗子桥") == BRIDGE
    assert LIBRARY.titled("栗子桥", is_whole=True) == BRIDGE
    assert LIBRARY.titled("栗子", is_whole=True) is None
    assert LIBRARY.titled("桥") == BRIDGE  # by the name of its file


def test_people_and_places_are_listed():
    people, _ = answered(LibraryQuestion("people"))
    assert "林向阳" in people
    assert "苏明远" in people
    places, told = answered(LibraryQuestion("places"))
    assert "松溪县" in places
    assert "新学校开学" in told


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("记者 何小满 通讯员 罗一平", ("何小满", "罗一平")),
        ("► 何小满 罗一平", ("何小满", "罗一平")),
        ("2024-03-05 08:30 来源：云桥日报 作者：何小满", ("何小满",)),
        ("云桥日报 2024年3月5日 记者 何小满", ("何小满",)),
        ("", ()),
    ],
)
def test_a_byline_gives_its_names_alone(byline: str, names: tuple[str, ...]):
    article = signed("题", "文", byline, None, "a.txt")
    assert Head.of(article).authors() == names


def test_a_period_is_that_of_the_article_and_an_undated_one_is_of_none():
    assert is_of_period(BRIDGE.date, "2021年3月5日")
    assert is_of_period(BRIDGE.date, "一季度")
    assert not is_of_period(BRIDGE.date, "2021年3月6日")
    assert not is_of_period(NOTICE.date, "2021年")


def test_words_are_found_whatever_blanks_stand_between():
    assert mentions(BRIDGE, "桥长 90 米")
    assert not mentions(BRIDGE, "桥长91米")


def test_the_newest_the_longest_and_the_undated_are_told_apart():
    assert answered(LibraryQuestion("newest", most=2))[1] == ("新学校开学", "栗子桥通车")
    assert answered(LibraryQuestion("oldest", most=1))[1] == ("栗子桥通车",)
    assert answered(LibraryQuestion("longest"))[1] == ("新学校开学",)
    assert answered(LibraryQuestion("shortest"))[1] == ("停电通知",)
    assert answered(LibraryQuestion("undated"))[1] == ("停电通知",)
    assert answered(LibraryQuestion("unsigned"))[1] == ("停电通知",)


def test_who_wrote_most_is_named_first():
    text, _ = answered(LibraryQuestion("most_by_author"))
    assert text.startswith("文章最多的是何小满，2 篇。")


def test_a_thing_that_no_article_spells_so_is_found_by_all_of_its_words():
    assert answered(LibraryQuestion("titles", about="学校学生"))[1] == ("新学校开学",)
    counted = LIBRARY.answer(LibraryQuestion("titles", about="学校食堂"))
    assert counted is not None
    assert counted.reply.outcome == "no_evidence"


def test_a_paper_is_named_by_the_words_of_its_title():
    assert LIBRARY.named_by("北街的停电通知", 0.5) is None  # 北街 is not in the title
    assert LIBRARY.named_by("停电的通知", 0.5) == NOTICE
    assert LIBRARY.named_by("学校", 0.5) is None  # too little of it
    assert [one.title for one in LIBRARY.meant_by("最近两篇文章")] == ["新学校开学", "栗子桥通车"]
