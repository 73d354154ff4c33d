"""What ``python -m rag ask`` shows of an answer, and while it is being written."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from rich.console import Console

import rag
from rag import answer_view
from rag.answer_view import follow, print_answer
from rag.models import openai_model
from tests.faulty_server import a_server, hang_up, saying

Way = Callable[[Any], None]
QUESTION = "云桥镇有茶园多少亩？"
STORIES = [("云桥镇的茶", "云桥镇有茶园1.2万亩。"), ("柳湾小学搬家", "柳湾小学迁入了新校舍。")]
TRUE = "云桥镇有茶园1.2万亩。[1]"


@contextmanager
def a_chatbot(*ways: Way) -> Iterator[rag.Chatbot]:
    """A chatbot whose chat model is a server that meets requests in these ways."""
    with a_server(*ways) as (base, _):
        config = rag.Config(chat_model=f"openai:{base}#tiny")
        yield rag.Chatbot.from_articles(STORIES, config)


def answer_of(*ways: Way) -> rag.Answer:
    with a_chatbot(*ways) as chatbot:
        return chatbot.answer(QUESTION)


def test_a_sentence_that_does_not_stand_is_told_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_answer(answer_of(saying(TRUE, "云桥镇有茶园3.5万亩。[1]")))
    shown = capsys.readouterr().out
    assert "逐句核对：共 2 句，1 句有据，1 句未找到依据" in shown
    assert "未找到依据：云桥镇有茶园3.5万亩。[1]（引文里没有数字 3.5万亩）" in shown
    assert "：云桥镇有茶园1.2万亩。" not in shown


def test_a_built_in_answer_which_only_quotes_is_shown_without_verdicts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = rag.Chatbot.from_articles(STORIES, rag.Config(chat_model="builtin")).answer(QUESTION)
    print_answer(answer)
    assert answer.claims
    assert "逐句核对" not in capsys.readouterr().out


@pytest.mark.parametrize("way", [hang_up, saying(TRUE, end="")])
def test_an_answer_that_failed_still_shows_what_was_found(
    way: Way, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_model, "_FIRST_PAUSE_S", 0.0)
    answer = answer_of(way)
    print_answer(answer)
    out, err = capsys.readouterr()
    assert answer.outcome == "failed"
    assert err.startswith("错误：")
    assert "找到的段落：\n《云桥镇的茶》" in out
    assert bool(answer.text) == out.startswith(TRUE)


def test_words_are_shown_on_a_terminal_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(
        answer_view, "errors", Console(file=screen, force_terminal=True, width=60, markup=False)
    )
    with a_chatbot(saying(*TRUE)) as chatbot:
        answer = follow(chatbot.stream(QUESTION))
    assert answer.outcome == "answered"
    drawn = screen.getvalue()
    steps = ["检索中…", "正在读证据…", "云桥镇有", TRUE]
    places = [drawn.index(step) for step in steps]
    assert places == sorted(places)


def test_what_is_no_terminal_is_not_drawn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(answer_view, "errors", Console(file=screen, width=60))
    with a_chatbot(saying(TRUE)) as chatbot:
        follow(chatbot.stream(QUESTION))
    assert screen.getvalue().strip() == ""


def test_three_facts_are_shown_as_rows_above_the_sentences(capsys: pytest.CaptureFixture[str]):
    parts = [
        rag.AnswerPart(f"{n}镇有几家茶厂？", "answered", "6家", None, 0.9, (1,)) for n in "东西"
    ]
    missing = rag.AnswerPart("南镇有几家茶厂？", "no_evidence", None, None, 0.1, ())
    answer = rag.Answer("问", "问", "answered", "下文", "builtin", parts=(*parts, missing))
    print_answer(answer)
    shown = capsys.readouterr().out
    assert shown.index("东镇有几家茶厂？") < shown.index("下文")
    assert "材料里没有" in shown
    print_answer(rag.Answer("问", "问", "answered", "下文", "builtin", parts=tuple(parts)))
    assert "东镇" not in capsys.readouterr().out
