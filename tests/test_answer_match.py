"""Exact match and F1 by the CMRC definition, on cases counted by hand."""

from __future__ import annotations

import pytest

from eval.benchmarks.answer_match import exact_match, f1, longest_common_run, segments


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("1987年建成", ["1987", "年", "建", "成"]),
        ("《青溪》，周远", ["青", "溪", "周", "远"]),
        (" Green Tea公司 ", ["green", "tea", "公", "司"]),
        ("3.5万元", ["3.5", "万", "元"]),
        ("ω-force", ["ωforce"]),
        ("。，", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_characters_and_words(text: str, pieces: list[str]) -> None:
    assert segments(text) == pieces


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        ("abcd", "xbcy", 2),
        ("abab", "babab", 4),
        ("axbxc", "abc", 1),
        ("", "abc", 0),
        ("ab", "cd", 0),
    ],
)
def test_a_common_run_has_no_gap(one: str, other: str, length: int) -> None:
    assert longest_common_run(one, other) == longest_common_run(other, one) == length


def test_f1_is_counted_over_the_common_run() -> None:
    # 建于1987年 has four pieces, 1987年 two, in common two: precision 2/4, recall 2/2.
    assert f1(["1987年"], "建于1987年") == pytest.approx(2 * 0.5 * 1 / 1.5)
    # Four characters of each, in common 青溪 alone: the second 场 does not join on.
    assert f1(["青溪茶场"], "青溪农场") == pytest.approx(0.5)
    assert f1(["周远"], "王秋") == 0
    assert f1(["周远"], "") == 0


def test_the_best_of_several_answers_counts() -> None:
    assert f1(["一九八七年春天", "1987年"], "1987年") == 1


def test_signs_and_case_do_not_count_for_an_exact_match() -> None:
    assert exact_match(["《Green》"], "green。")
    assert exact_match(["别的", "周远"], "周远")
    assert not exact_match(["周远"], "周远先生")
