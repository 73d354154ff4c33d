"""Text into and out of a chat model: marks, thoughts, and characters cut into pieces."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.models.chat_text import decode_pieces, neutralise, strip_thinking, template_marks


@given(st.text("<|im_start>/s[INST]的", max_size=60))
def test_no_template_mark_outlives_neutralising(text):
    tokens = ["<|im_start|>", "<|im_end|>", "</s>", "[INST]"]
    marks = template_marks(tokens)
    safe = neutralise(text, marks)
    assert not any(token in safe for token in tokens)
    assert safe.replace("·", "") == text.replace("·", "")


def cut(text: str, data: st.DataObject) -> list[str]:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edges = [0, *cuts, len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "想", "答", "<", "th", "ink>", " "])),
    st.data(),
)
def test_it_makes_no_difference_where_the_pieces_are_cut(parts, data):
    text = "".join(parts)
    assert "".join(strip_thinking(cut(text, data))) == "".join(strip_thinking([text]))


WORDS = st.text("答案<i> 。\n", max_size=12)


@given(WORDS, st.lists(st.tuples(WORDS, WORDS)), st.data())
def test_thoughts_go_and_all_else_stays(first, rest, data):
    text = first + "".join(f"<think>{thought}</think>{words}" for thought, words in rest)
    shown = (first + "".join(words for _, words in rest)).lstrip()
    assert "".join(strip_thinking(cut(text, data))) == shown


def test_a_tag_split_over_pieces_hides_the_thought():
    assert list(strip_thinking(["<th", "ink>想", "一想</thi", "nk>\n\n有", "五家。"])) == [
        "有",
        "五家。",
    ]


def test_a_less_than_sign_that_begins_no_tag_is_given_in_the_end():
    assert "".join(strip_thinking(["3<", "5", "，<thi"])) == "3<5，<thi"


def test_a_thought_without_an_end_hides_the_rest():
    assert list(strip_thinking(["好。<think>", "没完"])) == ["好。"]


@given(st.text(st.characters(exclude_characters="\ufffd", exclude_categories=["Cs"])))
def test_characters_of_several_tokens_come_whole(text):
    pieces = list(decode_pieces(text.encode(), lambda ids: bytes(ids).decode(errors="replace")))
    assert "".join(pieces) == text
    assert all("\ufffd" not in piece for piece in pieces)


def test_bytes_that_never_become_a_character_do_not_stop_the_stream():
    tokens = [0xE4] * 40 + list("好".encode())
    decoded = "".join(decode_pieces(tokens, lambda ids: bytes(ids).decode(errors="replace")))
    assert "\ufffd" in decoded
    assert decoded.endswith("好")
