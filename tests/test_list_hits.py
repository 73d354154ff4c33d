"""Questions searched as the program searches: which words of which hit answer, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rag.articles import article_from_text
from rag.datatypes import Article, Hit, Passage
from tests.data_folder import HELD_OUT, write_folder
from tests.stories import STORIES
from training.list_hits import Asked, Lister, gather, lines, listed_passage
from training.question_lists import QuestionList

TEXT = "云桥镇在山里。2019年修了36公里公路，又修了两座桥。茶农都说好。"
ANSWER = "36公里"


def at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def asked(**more: Any) -> Asked:
    given = {
        "set": "yinju", "kind": "plain", "question": "云桥镇修了多少公路？", "history": (),
        "stand_alone": "云桥镇修了多少公路？", "article_id": "own", "answers": (ANSWER,),
        "evidence": (at("2019年修了36公里公路，又修了两座桥。"),), "spans": (at(ANSWER),),
        "nearest": None,
    }  # fmt: skip
    return Asked(**(given | more))


def hit(start: int, end: int, article_id: str = "own", text: str = TEXT) -> tuple[Hit, Article]:
    article = article_from_text(article_id, "", text, article_id)
    return Hit(Passage(article_id, "", "", text[start:end], start, end), 0.5, (), "", ()), article


def test_ranges_of_the_article_become_ranges_of_the_passage() -> None:
    start = at("2019")[0]
    found = listed_passage(asked(), *hit(start, len(TEXT)))
    assert found is not None
    assert [found.text[a:b] for a, b in found.spans] == [ANSWER]
    assert found.is_gold
    assert not found.is_near
    assert found.score == 0.5


@pytest.mark.parametrize(("cut", "kept"), [(1, ["6公里"]), (2, ["公里"]), (3, [])])
def test_of_an_answer_that_is_cut_in_two_the_larger_half_counts(cut: int, kept: list[str]) -> None:
    found = listed_passage(asked(), *hit(at(ANSWER)[0] + cut, len(TEXT)))
    assert found is not None
    assert [found.text[a:b] for a, b in found.spans] == kept
    assert found.is_gold  # it holds evidence all the same


def test_a_passage_of_the_article_without_evidence_is_not_gold() -> None:
    found = listed_passage(asked(), *hit(*at("茶农都说好。")))
    assert found is not None
    assert not found.is_gold
    assert not found.spans


def test_the_same_told_by_another_article_or_elsewhere_in_this_one_is_dropped() -> None:
    other = f"另一篇也说，公路长{ANSWER}。"
    assert listed_passage(asked(), *hit(0, len(other), "other", other)) is None
    assert listed_passage(asked(evidence=(at("茶农"),), spans=()), *hit(*at("修了36公里"))) is None
    short = asked(answers=("36",), spans=(at("36"),))  # may well stand there by chance
    assert listed_passage(short, *hit(0, len(other), "other", other)) is not None


def test_what_tempts_is_marked_in_its_own_article_alone() -> None:
    near = asked(answers=(), evidence=(), spans=(), nearest=at("又修了两座桥"))
    marked = listed_passage(near, *hit(0, len(TEXT)))
    other = listed_passage(near, *hit(0, len(TEXT), "other"))
    assert marked is not None
    assert other is not None
    assert (marked.is_near, marked.is_gold, other.is_near) == (True, False, False)


@pytest.fixture(scope="module")
def lister() -> Lister:
    return Lister.over([article_from_text(title, title, text, title) for title, text in STORIES])


def of_tea(lister: Lister, question: str) -> QuestionList:
    title, text = STORIES[0]
    start = text.index("1.2万亩")
    span = ((start, start + 5),)
    return lister.listed(
        asked(question=question, article_id=title, answers=("1.2万亩",), evidence=span, spans=span)
    )


def test_a_question_is_listed_with_the_hits_of_the_programs_search(lister: Lister) -> None:
    found = of_tea(lister, "云桥镇新建了多少亩茶园？")
    answering = [one for one in found.passages if one.spans]
    assert found.passages[0] == answering[0]
    assert [answering[0].text[a:b] for a, b in answering[0].spans] == ["1.2万亩"]
    scores = [one.score for one in found.passages]
    assert scores == sorted(scores, reverse=True)


class Misses:
    """A Searcher that finds nothing."""

    def search(self, query: str, top_k: int, only: object = None) -> list[Hit]:
        return []


def test_the_passage_that_answers_is_added_where_the_search_misses_it() -> None:
    title, text = STORIES[0]
    missed = of_tea(Lister({title: article_from_text(title, title, text, title)}, Misses()), "谁？")
    assert [one.score for one in missed.passages] == [0.0]
    assert [one.text[a:b] for one in missed.passages for a, b in one.spans] == ["1.2万亩"]


def test_nothing_of_an_article_held_out_is_searched_or_asked(tmp_path: Path) -> None:
    write_folder(tmp_path)
    articles, questions = gather(tmp_path)
    assert {one.article_id for one in questions} <= {article.id for article in articles}
    assert len({one.set for one in questions}) == 5
    assert not {one.article_id for one in questions} & {f"yinju/{name}" for name in HELD_OUT}
    assert not [a for a in articles if any(text in a.text for text in list(HELD_OUT.values())[:2])]


def test_lines_come_in_the_order_of_the_questions(tmp_path: Path) -> None:
    write_folder(tmp_path)
    articles, _ = gather(tmp_path)
    numbers = [
        asked(question=f"第{n}所学校？", article_id=articles[0].id, spans=()) for n in range(3)
    ]
    found = list(lines(tmp_path, numbers))
    assert [f"第{n}所学校" in line for n, line in enumerate(found)] == [True] * 3
