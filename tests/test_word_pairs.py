"""Words that stand for one another: as shipped, and as they are found in two reports of one event."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.word_pairs import WordPairs, builtin_word_pairs
from training.claims_data import (
    false_examples,
    paraphrases,
    read_sentences,
    true_examples,
    word_pairs,
)

FIRST = "据介绍，云桥镇去年新修公路36公里，投资4200万元，方便了沿线的八千名居民。"
SECOND = "据了解，云桥镇去年新修公路36公里，投资4200万元，方便了沿线的八千名群众。"
OTHER_YEAR = "据了解，云桥镇去年新修公路21公里，投资4200万元，方便了沿线的八千名群众。"


def test_the_shipped_pairs_hold_either_way() -> None:
    pairs = builtin_word_pairs()
    assert pairs.holds("表示", "说")
    assert pairs.holds("说", "表示")
    assert not pairs.holds("说", "公路")
    assert "说" in pairs.of("表示")
    assert pairs.of("没有这个词") == frozenset()


def test_two_words_nearly_hold_when_a_third_stands_for_both() -> None:
    pairs = WordPairs([("甲", "丙"), ("乙", "丙")])
    assert pairs.nearly_holds("甲", "乙")
    assert not pairs.nearly_holds("甲", "丙")


@pytest.mark.parametrize("text", [None, "一词\n", "一\t二\t三\n"])
def test_a_table_that_is_missing_or_damaged_is_an_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "word_pairs.tsv"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="重新安装"):
        WordPairs.load(path)


def test_reports_of_one_event_are_paired_and_those_with_other_numbers_are_not() -> None:
    assert paraphrases(read_sentences([FIRST, SECOND])) == [(FIRST, SECOND)]
    assert paraphrases(read_sentences([FIRST, OTHER_YEAR])) == []
    assert paraphrases(read_sentences([FIRST + SECOND])) == []


def test_what_editors_wrote_differently_gives_word_pairs_and_true_examples() -> None:
    found = word_pairs([(FIRST, SECOND)])
    assert ("居民", "群众") in found or ("群众", "居民") in found
    examples = list(true_examples([(FIRST, SECOND)]))
    assert {one.difference.text for one in examples} >= {"居民", "群众"}
    assert not any(one.is_change for one in examples)


def test_false_examples_are_what_was_put_in() -> None:
    pool = [
        "乌云公司表示，产品在苏州热销。",
        "林晓峰说，茶叶是第一产业。",
        "水库管理局将加固大坝。",
    ]
    examples = [
        one
        for seed in range(20)
        for one in false_examples([(FIRST, FIRST)], pool, random.Random(seed))
    ]
    assert examples
    for one in examples:
        assert one.is_change
        assert one.difference.text not in FIRST
