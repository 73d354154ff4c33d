"""Numbers that a sentence says are passed or not reached, and its evidence does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations.bounds import changed_bounds
from rag.text.stated import Facts


def bounds(claim: str, words: str) -> list[str]:
    return list(changed_bounds(Facts.of(claim), [Facts.of(words)]))


@pytest.mark.parametrize(
    ("claim", "words", "found"),
    [
        ("引进企业超过6家。", "引进企业6家。", "超过6家"),
        ("引进企业6家以上。", "引进企业6家。", "6家以上"),
        ("总投资突破1.2亿元。", "总投资达12000万元。", "突破1.2亿元"),
        ("产值最多100亿元。", "产值至少100亿元。", "最多100亿元"),
        ("比例不超过三成。", "比例超过30%。", "不超过三成"),
        ("比例未超过三成。", "比例超过30%。", "未超过三成"),
        ("参加的不足3000人。", "参加的有3000多人。", "不足3000人"),
    ],
)
def test_a_bound_that_the_words_lack_is_named(claim: str, words: str, found: str) -> None:
    assert bounds(claim, words) == [found]


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("引进企业超过100家。", "引进企业100余家。"),
        ("引进企业100家以上。", "引进企业逾100家。"),
        ("产值突破100亿元。", "产值超过百亿元。"),
        ("比例至少30%。", "比例不低于三成。"),
        ("参加的不足3000人。", "参加的近3000人。"),
        ("参加的近3000人。", "参加的有3000人。"),  # which side 近 is on is no claim
        ("产值100亿元。", "产值超100亿元。"),  # what is left out is not denied
        ("会议通过3项决议。", "会上，3项决议获得通过。"),
        ("产值超过200亿元。", "产值100亿元。"),  # a number that is missing is told elsewhere
    ],
)
def test_the_same_bound_in_other_words_is_none(claim: str, words: str) -> None:
    assert bounds(claim, words) == []


def test_of_several_equal_numbers_one_with_the_bound_is_enough() -> None:
    assert bounds("甲超过6家。", "乙有6家，甲超过6家。") == []


@given(st.text(alphabet="超过不足6家以上近，。0多余万", max_size=30))
def test_a_text_bounds_its_numbers_as_itself(text: str) -> None:
    assert bounds(text, text) == []
