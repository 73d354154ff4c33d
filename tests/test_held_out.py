"""Texts that share a run with an article held out are told, exactly, and no reader gives one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.files import DataError
from corpora.held_out import RUN, HeldOut
from corpora.laws import read_laws
from corpora.news import read_all_news, read_news
from corpora.questions import simplified
from corpora.training_questions import read_training_questions
from corpora.yinju import read_cross, read_qa
from tests.data_folder import CROSS_RUN, HELD_OUT, QA_RUN, write_folder

NOTHING = HeldOut.from_texts(())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path)
    return tmp_path


def shares(text: str, articles: list[str]) -> bool:
    """The same by looking at every run."""
    own, others = "".join(text.split()), ["".join(one.split()) for one in articles]
    return any(own[at : at + RUN] in one for at in range(len(own) - RUN + 1) for one in others)


@pytest.mark.parametrize("before", range(45))
def test_a_run_of_forty_is_found_wherever_it_stands(before: int) -> None:
    held_out = HeldOut.from_texts([QA_RUN])
    for run in (QA_RUN[:RUN], QA_RUN[-RUN:]):
        assert held_out.shares_run("前" * before + run)
        assert held_out.shares_run("前" * before + run + "后" * 30)
        assert not held_out.shares_run("前" * before + run[1:] + "后" * 30)


@given(
    st.text("甲乙 ", max_size=150), st.lists(st.text("甲乙\n", max_size=90), max_size=3), st.data()
)
def test_what_is_told_is_what_looking_at_every_run_tells(
    text: str, articles: list[str], data: st.DataObject
) -> None:
    if articles:
        article = data.draw(st.sampled_from(articles))
        text += article[data.draw(st.integers(0, 9)) :][: data.draw(st.integers(0, 60))] + text[:9]
    assert HeldOut.from_texts(articles).shares_run(text) == shares(text, articles)


def test_white_space_does_not_count_and_any_of_several_texts_will_do() -> None:
    held_out = HeldOut.from_texts([f"{QA_RUN[:20]}\n　{QA_RUN[20:]}"])
    assert held_out.shares_run("短。", " ".join(QA_RUN))
    assert not held_out.shares_run("短。", QA_RUN[:39], "")
    assert not NOTHING.shares_run(QA_RUN)


def trained_on(folder: Path, held_out: HeldOut | None) -> Iterator[str]:
    """Every text that training reads."""
    yield from read_news(folder, held_out=held_out)
    yield from (law.text for law in read_laws(folder, held_out=held_out))
    rows = read_training_questions(folder, held_out=held_out)
    yield from (row.context for row in simplified(rows))
    for questions in (
        read_qa(folder, "train", held_out=held_out),
        read_cross(folder, "train", held_out=held_out),
    ):
        yield from questions.texts.values()


def test_no_reader_gives_training_a_text_that_shares_a_run(folder: Path) -> None:
    articles = list(HELD_OUT.values())
    given_all, given_to_training = (
        list(trained_on(folder, held_out)) for held_out in (NOTHING, None)
    )
    assert sum(shares(text, articles) for text in given_all) == 4 + 1 + 3 + 1 + 1
    assert sum(shares(text, articles) for text in given_to_training) == 0
    clean = [text for text in given_all if not shares(text, articles)]
    assert sorted(given_to_training) == sorted(clean)


def test_rows_for_measuring_and_articles_to_search_among_are_all_given(folder: Path) -> None:
    everything = [*read_news(folder, held_out=NOTHING), *read_news(folder, measuring=True)]
    assert list(read_all_news(folder)) == everything


def test_an_article_named_only_by_what_tempts_or_by_a_part_is_held_out(folder: Path) -> None:
    assert HeldOut.of(folder).shares_run(CROSS_RUN)
    assert len(HeldOut.of(folder).runs) == sum(
        len(text) - RUN + 1 for text in list(HELD_OUT.values())[:2]
    )


@pytest.mark.parametrize(
    "name", ["yinju_qa.dev", "yinju_qa.docs", "yinju_cross.dev", "yinju_cross.docs"]
)
def test_without_the_articles_held_out_nothing_is_read_for_training(
    folder: Path, name: str
) -> None:
    (folder / f"{name}.jsonl.gz").unlink()
    with pytest.raises(DataError, match=f"读不了 .*{name}"):
        list(read_news(folder))
