"""What a reader is told of a passage beside its words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.read.context import context_of, lead_of
from tests.readings import article_of, hit_of
from tests.stories import traditional

LEAD = "石桥镇去年动工修建新桥三座。"
STORY = article_of(f"石桥镇修桥\n孙远航\n短讯：\n{LEAD}\n后来又修了一座。", "石桥镇修桥")


def context(start: int, *, heading: str = "", title: str | None = None) -> str:
    passage = replace(hit_of(STORY, start).passage, heading=heading)
    return context_of(STORY, passage if title is None else replace(passage, title=title))


def test_a_later_passage_is_told_with_title_heading_and_the_first_sentence_of_its_story():
    later = STORY.text.index("后来")
    assert context(later) == f"石桥镇修桥。{LEAD}"
    assert context(later, heading="桥") == f"石桥镇修桥。桥。{LEAD}"


def test_a_passage_that_holds_the_first_sentence_is_not_given_it_again():
    assert context(0) == "石桥镇修桥"
    assert context(0, title="") == ""


def test_a_folder_with_a_chinese_name_says_whose_story_it_is():
    passage = hit_of(STORY).passage
    assert context_of(replace(STORY, source="2024/甲县/报告.txt"), passage) == "甲县。石桥镇修桥"
    assert context_of(replace(STORY, source="甲县/2024/报告.txt"), passage) == "石桥镇修桥"


def test_the_first_sentence_is_one_that_tells_something():
    assert lead_of(STORY) == LEAD
    assert lead_of(article_of("短。也短。")) == ""
    assert lead_of(replace(STORY, title=LEAD)) == ""


def test_it_is_in_the_standard_form():
    story = article_of(traditional(STORY.text), traditional("石橋鎮修橋"))
    passage = hit_of(story, story.text.index("後來")).passage
    assert context_of(story, passage) == f"石桥镇修桥。{LEAD}"


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=60), st.data())
def test_it_is_one_short_line(text: str, title: str, heading: str, data: st.DataObject):
    story = article_of(text, title)
    passage = replace(hit_of(story, data.draw(st.integers(0, len(text)))).passage, heading=heading)
    assert len(context_of(story, passage)) <= 50 + 30 + 60 + 2


@pytest.mark.parametrize("text", ["", "\n", "。"])
def test_an_article_without_words_has_none(text: str):
    story = article_of(text)
    assert context_of(story, hit_of(story).passage) == ""


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("甲县/工作报告.txt", "甲县 工作报告"),
        ("旧闻.zip!/城北污水厂-简报.txt", "旧闻 城北污水厂 简报"),
        ("2021/report.txt", ""),
        ("石桥镇修桥.txt", ""),
    ],
)
def test_folders_and_files_called_in_chinese_are_a_weak_title(source: str, told: str):
    passage = replace(hit_of(STORY, 0).passage, article_id=f"{source}#1")
    assert passage.path_name == told
    assert passage.search_text.startswith(f"{told}\n{passage.title}" if told else passage.title)
    assert context_of(STORY, passage).startswith(told)
