"""Small talk, questions about the library and wishes for a summary, told from all others."""

from __future__ import annotations

import time

import pytest

from rag.ask import LibraryQuestion, SmallTalk, SummaryRequest, purpose_of


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("你好", "greeting"),
        ("您好呀！", "greeting"),
        ("Hello", "greeting"),
        ("谢谢！", "thanks"),
        ("好的，谢谢你", "thanks"),
        ("再见", "farewell"),
        ("知道了", "assent"),
        ("你是谁？", "identity"),
        ("你是机器人吗", "identity"),
        ("你能做什么？", "ability"),
        ("这个怎么用", "ability"),
        ("你好，我可以问你什么问题？", "ability"),
    ],
)
def test_small_talk_is_told_by_its_kind(typed: str, kind: str):
    assert purpose_of(typed) == SmallTalk(kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "sought"),
    [
        ("这里有多少篇文章？", "count"),
        ("你一共收录了几份材料", "count"),
        ("都有哪些文章？", "titles"),
        ("请列出所有文章的标题", "titles"),
        ("这些文章是什么时候的？", "dates"),
        ("最新的一篇是哪天的？", "newest"),
        ("最早的报道是哪篇", "oldest"),
        ("五篇文章分别是什么时候发表的", "dates"),
        ("这三十多篇报道各是哪天的？", "dates"),
        ("文章按先后顺序排一下", "dates"),
        ("哪些稿件没有写明日期", "undated"),
        ("哪篇文章没有署名？", "unsigned"),
        ("谁写的文章最多？", "most_by_author"),
        ("一共有几位记者？", "authors"),
        ("里面出现了哪些人物", "people"),
        ("哪位记者发的稿子最多", "most_by_author"),
        ("字数最多的是哪篇", "longest"),
        ("最短的一篇文章是哪篇", "shortest"),
        ("这些文章是谁写的？", "authors"),
        ("报道来自哪些媒体", "authors"),
        ("材料里都提到了哪些人？", "people"),
        ("文章里出现了哪些地方", "places"),
        ("资料里有哪些公司？", "organisations"),
    ],
)
def test_what_is_asked_about_the_library_is_told(typed: str, sought: str):
    assert purpose_of(typed) == LibraryQuestion(sought)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("关于水库的文章有哪些？", LibraryQuestion("titles", about="水库")),
        ("有几篇文章提到了栗子桥？", LibraryQuestion("count", about="栗子桥")),
        ("把跟水库有关的文章列出来", None),
        ("跟水库有关的文章有哪些？", LibraryQuestion("titles", about="水库")),
        ("2021年的文章有几篇", LibraryQuestion("count", period="2021年")),
        ("去年5月的报道有哪些？", LibraryQuestion("titles", period="去年5月")),
        ("林小禾写的文章有哪些？", LibraryQuestion("titles", by="林小禾")),
        ("最近三篇是什么？", LibraryQuestion("newest", most=3)),
        ("最早的两篇文章是哪两篇？", LibraryQuestion("oldest", most=2)),
        ("林小禾写了几篇？", LibraryQuestion("count", by="林小禾")),
        ("2021年发表的有哪些？", LibraryQuestion("titles", period="2021年")),
        ("有几篇是写水库的？", LibraryQuestion("count", about="水库")),
        ("有没有讲水库的文章", LibraryQuestion("titles", about="水库")),
        ("哪篇讲的是水库？", LibraryQuestion("titles", about="水库")),
        ("写水库的是哪篇文章？", LibraryQuestion("titles", about="水库")),
        ("关于水库的有几篇？", LibraryQuestion("count", about="水库")),
        ("林小禾一共写了几篇报道？", LibraryQuestion("count", by="林小禾")),
        ("记者林小禾写过什么文章", LibraryQuestion("titles", by="林小禾")),
        ("2021年发了几篇文章？", LibraryQuestion("count", period="2021年")),
        ("停水通知的作者是谁", LibraryQuestion("authors", title="停水通知", yields=True)),
        ("《栗子桥通车》登在哪家报纸？", LibraryQuestion("publishers", title="栗子桥通车")),
        ("栗子桥通车这篇是几月几号的", LibraryQuestion("dates", title="栗子桥通车")),
        ("栗子桥通车是谁报道的", LibraryQuestion("authors", title="栗子桥通车", yields=True)),
        ("《栗子桥通车》的作者是谁？", LibraryQuestion("authors", title="栗子桥通车")),
        ("谁写了栗子桥通车这篇文章？", LibraryQuestion("authors", title="栗子桥通车")),
        ("栗子桥通车哪天发布？", LibraryQuestion("dates", title="栗子桥通车", yields=True)),
    ],
)
def test_one_thing_may_limit_which_articles_are_meant(typed: str, expected: LibraryQuestion | None):
    assert purpose_of(typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("总结一下栗子镇的防汛工作", SummaryRequest("栗子镇的防汛工作")),
        ("请对栗子镇的防汛工作做个总结", SummaryRequest("栗子镇的防汛工作")),
        ("栗子桥的文章主要讲了什么？", SummaryRequest("栗子桥", of_articles=True)),
        ("《栗子桥通车》讲了什么", SummaryRequest(title="栗子桥通车")),
        ("这些文章都讲了什么？", SummaryRequest()),
        ("材料主要是关于什么的", SummaryRequest()),
        (
            "用三句话概括栗子桥的文章",
            SummaryRequest("栗子桥", of_articles=True, most_points=3),
        ),
        ("栗子镇的停电通知讲了什么", SummaryRequest(title="栗子镇的停电通知")),
        ("业主大会的会议纪要有哪些要点？", SummaryRequest(title="业主大会的会议纪要")),
        (
            "总结一下栗子镇工作报告",
            SummaryRequest("栗子镇工作报告", title="栗子镇工作报告"),
        ),
        ("最近三篇报道讲了什么", SummaryRequest("最近三篇报道")),
        ("总结栗子桥的情况，不超过一百字", SummaryRequest("栗子桥", most_chars=100)),
        ("介绍一下栗子桥", SummaryRequest("栗子桥")),
        ("2021年的主要成绩有哪些", SummaryRequest("2021年", yields=True)),
        ("2021年发生了什么？", SummaryRequest("2021年", yields=True)),
    ],
)
def test_a_wish_for_a_summary_names_its_topic_and_its_limits(typed: str, expected: SummaryRequest):
    assert purpose_of(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "栗子桥有多长？",
        "说说栗子桥有多长",
        "县里出台了多少份文件？",
        "申请补贴要交哪些材料？",
        "镇长在会上讲了什么？",
        "会议的主题是什么？",
        "新闻学院有多少学生？",
        "谁介绍了情况？",
        "总结大会是哪天开的？",
        "他发表了几篇论文？",
        "你们公司有多少人？",
        "大家好好学习是谁说的？",
        "第二篇论文的作者得了什么奖？",
        "哪家报社派了记者？",
        "最长的桥是哪座？",
        "最近三年下了多少雨？",
        "最早的工厂是什么时候建的？",
        "哪个单位发表的论文最多？",
        "没有署名的信是谁寄来的？",
        "谁写的字最好看？",
        "三篇论文分别是什么时候发表的？",
        "镇长的讲话有哪些要点？",
        "他一共写了几本书？",
        "哪篇论文得了奖？",
        "现场有几位记者被打？",
        "",
    ],
)
def test_a_question_to_the_articles_words_has_no_purpose(typed: str):
    assert purpose_of(typed) is None


def test_what_leans_on_a_turn_is_about_its_article_and_only_then():
    assert purpose_of("这篇文章讲了什么？", follows=True) == SummaryRequest(is_of_last=True)
    assert purpose_of("这篇文章讲了什么？") == SummaryRequest()
    assert purpose_of("详细一点", follows=True) == SummaryRequest(is_of_last=True)
    assert purpose_of("详细一点") is None
    assert purpose_of("能做什么？", follows=True) is None
    assert purpose_of("这篇报道是谁写的？", follows=True) == LibraryQuestion(
        "authors", is_of_last=True
    )


def test_either_script_asks_the_same():
    assert purpose_of("這裡有多少篇文章？") == purpose_of("这里有多少篇文章？")
    assert purpose_of("總結一下栗子鎮的防汛工作") == purpose_of("总结一下栗子镇的防汛工作")


@pytest.mark.parametrize(
    "typed", ["嗯" * 99 + "甲", "都" * 99 + "甲", "总结" + "里" * 97 + "甲", "一共" * 45 + "有" * 9]
)
def test_no_run_of_closed_words_takes_long(typed: str):
    begun = time.perf_counter()
    purpose_of(typed)
    assert time.perf_counter() - begun < 5  # were it exponential, it would not end
