"""Questions that a corpus suggests are its own clauses, asking for a fact that stands there."""

from __future__ import annotations

import pytest

from rag.articles import article_from_text
from rag.datatypes import Article
from rag.index.sample_questions import drafts


def article(text: str, number: int = 1) -> Article:
    return article_from_text(f"{number}.txt#1", "题", text, f"{number}.txt")


@pytest.mark.parametrize(
    ("text", "question", "fact"),
    [
        ("上海青浦区新开工项目19个，进展顺利。", "上海青浦区新开工项目多少个？", "19个"),
        ("上海青浦区新建厂房12万平方米。", "上海青浦区新建厂房多少万平方米？", "12万平方米"),
        ("上海青浦区绿化率达到35%。", "上海青浦区绿化率达到多少？", "35%"),
        ("上海海事局局长王建国表示满意。", "上海海事局局长是谁？", "王建国"),
        ("上海青浦区于2013年成为试点。", "上海青浦区于哪一年成为试点？", "2013年"),
        ("由于连日暴雨，上海青浦区全面停工。", "为什么上海青浦区全面停工？", "由于连日暴雨"),
    ],
)
def test_a_clause_asks_for_its_own_fact(text: str, question: str, fact: str) -> None:
    made = {draft.question: draft for draft in drafts([article(text)])}
    assert question in made
    draft = made[question]
    assert text[slice(*draft.fact)] == fact
    assert draft.start <= draft.fact[0] < draft.fact[1] <= draft.end


@pytest.mark.parametrize(
    "text",
    [
        "其中上海青浦区新开工项目19个。",  # leans on what stands before it
        "共新建厂房12万平方米。",  # is about nobody
        "上海青浦区有项目19个和厂房3座。",  # asks for either
        "上海青浦区2013年新开工项目19个。",
        "上海青浦区第19个项目开工。",
        "完成。",
        "",
    ],
)
def test_a_clause_that_says_too_little_or_too_much_asks_for_no_figure(text: str) -> None:
    assert not [draft for draft in drafts([article(text)]) if draft.kind == "figure"]


def test_articles_take_turns_and_so_do_kinds() -> None:
    text = "上海青浦区新开工项目19个。上海崇明区新开工项目20个。上海海事局局长王建国表示满意。"
    made = drafts([article(text, 1), article(text.replace("上海", "南京"), 2)])
    assert [draft.kind for draft in made[:4]] == ["figure", "name", "figure", "name"]
    assert {draft.article_id for draft in made[:4:2]} == {"1.txt#1", "2.txt#1"}


def test_of_a_large_corpus_only_a_part_is_looked_at() -> None:
    many = [article(f"上海青浦区新开工项目{n}个。", n) for n in range(1, 1001)]
    assert 0 < len(drafts(many)) <= 60
