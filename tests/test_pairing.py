"""A question and a passage as a row of pieces, and the way from a piece back to its characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.pairing import Pairing, Row
from rag.models.reader import TOKENIZER_FILE
from rag.models.weights import WEIGHTS
from rag.text import standard_form

PAIRING = Pairing.load(WEIGHTS / "reader" / TOKENIZER_FILE)
BEGIN, END = 0, 2
ASKED = "石桥镇有几座桥？"
TEXT = "石桥镇有桥12座，最长的一座（建于1998年）长36.5米。"


def row(text: str, question: str = ASKED, *history: str, context: str = "") -> Row:
    return PAIRING.row(question, history, context, text)


def signs_in(one: Row) -> list[int]:
    return [piece for piece in one.pieces if piece in (BEGIN, END)]


@given(st.text(max_size=80))
def test_every_piece_stands_for_its_own_characters_in_order(text: str):
    text = standard_form(text)
    one = row(text)
    assert len(one.starts) == len(one.ends) == len(one.pieces) - one.first - 1
    before = 0
    for start, end in zip(one.starts, one.ends, strict=True):
        assert before <= start <= end <= len(text)
        before = start
    covered = {n for a, b in zip(one.starts, one.ends, strict=True) for n in range(a, b)}
    assert all(
        text[n].isspace() or not text[n].isprintable() for n in set(range(len(text))) - covered
    )


@given(st.data())
def test_the_pieces_of_a_range_hold_it(data: st.DataObject):
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    one = row(TEXT)
    first, last = one.pieces_of(start, end)
    assert one.first <= first <= last < len(one.pieces)
    assert one.starts[first - one.first] <= start
    assert one.ends[last - one.first] >= end


def test_a_passage_ends_its_row_and_begins_where_the_row_says():
    one = row(TEXT)
    assert (one.pieces[0], one.pieces[-1]) == (BEGIN, END)
    assert one.pieces[one.first - 1] == END
    assert one.starts[0] == 0
    assert one.ends[-1] == len(TEXT)


def test_a_turn_before_and_a_context_leave_no_sign_where_there_are_none():
    plain = row(TEXT)
    assert signs_in(plain) == [BEGIN, END, END, END]
    assert row(TEXT, context="石桥镇的桥").pieces.count(END) == 4
    assert row(TEXT, ASKED, "那里有河吗？").pieces.count(END) == 4
    both = row(TEXT, ASKED, "那里有河吗？", "有两条。", context="石桥镇的桥")
    assert both.pieces.count(END) == 5
    assert both.pieces[both.first :] == plain.pieces[plain.first :]


@pytest.mark.parametrize(
    ("given_", "most"),
    [
        ({"question": "问" * 3000}, 64),
        ({"before": "曾" * 3000}, 40),
        ({"context": "文" * 3000}, 80),
        ({"text": "字。" * 3000}, 300),
    ],
)
def test_what_is_too_long_is_cut_at_its_end(given_: dict[str, str], most: int):
    parts = {"question": ASKED, "before": "有河吗？", "context": "石桥镇", "text": TEXT} | given_
    one = PAIRING.row(parts["question"], (parts["before"],), parts["context"], parts["text"])
    assert len(one.pieces) <= 64 + 40 + 80 + 300 + 6
    long = len(one.pieces)
    half = {name: text[: len(text) // 2] for name, text in given_.items()}
    cut = parts | half
    other = PAIRING.row(cut["question"], (cut["before"],), cut["context"], cut["text"])
    assert len(other.pieces) == long
    assert other.pieces == one.pieces
    if "text" in given_:
        assert len(one.starts) == most


def test_half_a_surrogate_pair_is_read_as_one_unknown_sign():
    one = row("石桥\ud800镇有桥。", "石桥\udfff镇？")
    assert one.ends[-1] == len("石桥\ud800镇有桥。")


def test_the_same_text_gives_the_same_row_whatever_was_read_before():
    first = row(TEXT)
    for number in range(50):
        row(f"第{number}座桥。")
    assert row(TEXT) == first
    assert Pairing.load(WEIGHTS / "reader" / TOKENIZER_FILE).row(ASKED, (), "", TEXT) == first
