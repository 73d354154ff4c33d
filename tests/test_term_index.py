"""BM25: the same terms as everywhere, the same best rows as scoring all, merged as counted whole."""

from __future__ import annotations

import math
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index import postings as postings_module
from rag.index import term_index
from rag.index.postings import Postings, Source, in_one, postings_of
from rag.index.term_index import TermIndex
from rag.index.term_keys import NO_TERM, key_of, keys_of
from rag.text import number_terms, terms

WORDS = [
    "安康",
    "高新区",
    "新开工",
    "项目",
    "19个",
    "去年",
    "毛绒玩具",
    "GPT-4",
    "恒口",
    "的",
    "一",
]
TEXTS = st.lists(
    st.text(st.characters(codec="utf-8") | st.sampled_from("安康高新区3年。a-1")),
    min_size=1,
    max_size=6,
)


def texts_of(count: int, seed: int = 0) -> list[str]:
    """Texts in which some words are common and others rare."""
    chance = random.Random(seed)
    common = [1.0 / (place + 1) for place in range(len(WORDS))]
    return ["".join(chance.choices(WORDS, common, k=chance.randint(1, 12))) for _ in range(count)]


@given(TEXTS)
def test_the_keys_of_texts_are_those_of_their_terms(texts: list[str]) -> None:
    keys, rows = keys_of(texts, ["2020-05"] * len(texts))
    for row, text in enumerate(texts):
        expected = [*terms(text), *number_terms(text, "2020-05")]
        found = Counter(keys[rows == row].tolist())
        assert found == (Counter(map(key_of, expected)) or Counter([NO_TERM]))


def test_terms_have_keys_of_their_own() -> None:
    names = {
        a + b + c + d
        for a in "安康高"
        for b in ["", "新"]
        for c in ["", "区"]
        for d in ["", "19", "示范"]
    }
    assert len({key_of(name) for name in names}) == len(names)


def test_a_score_is_the_bm25_of_lucene() -> None:
    texts = ["安", "安安宁", "宁"]
    scores = TermIndex.build(texts).scores({"安": 2.0})
    length = [len([*terms(text)]) for text in texts]
    mean = sum(length) / 3
    counts = [terms(text).count("安") for text in texts]
    rarity = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = [
        2 * rarity * c / (c + 0.5 * (0.5 + 0.5 * n / mean))
        for c, n in zip(counts, length, strict=True)
    ]
    assert scores == pytest.approx(expected, rel=1e-5)


@pytest.fixture
def choosing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even of few rows not all are scored."""
    monkeypatch.setattr(term_index, "_FEW", 0)


@pytest.mark.usefixtures("choosing")
@pytest.mark.parametrize("count", [1, 5, 40])
def test_the_best_rows_are_those_that_score_best_of_all(count: int) -> None:
    index = TermIndex.build(texts_of(3000))
    chance = random.Random(1)
    among = np.array([chance.random() < 0.1 for _ in range(3000)])
    for _ in range(25):
        weights = {
            term: chance.choice([0.25, 1.0, 3.0])
            for term in terms("".join(chance.sample(WORDS, 4)))
        }
        for mask in (None, among):
            scores = index.scores(weights)
            scores = scores if mask is None else np.where(mask, scores, 0)
            best = index.best(weights, count, mask)
            expected = np.sort(scores[scores > 0])[::-1][:count]
            assert scores[best] == pytest.approx(expected, rel=1e-4)
            assert len(set(best.tolist())) == best.size == expected.size
            assert index.scores_of(weights, np.sort(best)) == pytest.approx(
                scores[np.sort(best)], rel=1e-4
            )


def test_choosing_and_scoring_all_give_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    index = TermIndex.build(texts_of(500))
    weights = dict.fromkeys(terms("安康高新区新开工项目"), 1.0)
    scored = index.scores_of(weights, index.best(weights, 10))
    monkeypatch.setattr(term_index, "_FEW", 0)
    assert index.scores_of(weights, index.best(weights, 10)) == pytest.approx(scored)


def assert_same(one: Postings, other: Postings) -> None:
    for name in ("keys", "starts", "rows", "counts", "lengths"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.fixture(params=[1 << 22, 50], ids=["at once", "bit by bit"])
def stretches(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many postings are merged at a time must not matter."""
    monkeypatch.setattr(postings_module, "_MERGED", request.param)


@pytest.mark.usefixtures("stretches")
@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_out_and_put_between_is_as_if_counted_at_once(seed: int) -> None:
    chance = random.Random(seed)
    old, new = texts_of(80, seed), texts_of(20, seed + 9)
    kept = [row for row in range(80) if chance.random() < 0.7]
    places = sorted(chance.sample(range(len(kept) + 20), 20))
    order = dict.fromkeys(range(len(kept) + 20), "")
    new_rows = np.full(80, -1)
    rest = [place for place in order if place not in places]
    new_rows[kept] = rest
    for row, place in zip(kept, rest, strict=True):
        order[place] = old[row]
    for text, place in zip(new, places, strict=True):
        order[place] = text
    none = [None] * 100
    sources = [
        Source(postings_of(old, none[:80]), new_rows),
        Source(postings_of(new, none[:20]), np.array(places)),
    ]
    assert_same(in_one(sources), postings_of([*order.values()], none[: len(order)]))


def test_a_term_that_no_row_has_any_longer_is_gone() -> None:
    postings = postings_of(["安康", "咸阳"], [None, None])
    left = in_one([Source(postings, np.array([-1, 0]))])
    assert key_of("安康") in postings.keys
    assert key_of("安康") not in left.keys
    assert_same(left, postings_of(["咸阳"], [None]))
