"""A second look at the hits: in the reranker's order, and no deeper than the time allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.datatypes import Hit, Passage
from rag.retrieve.reranking import RerankingRetriever, rescored
from tests.fakes import OverlapReranker

TEXTS = ["签约仪式", "毛绒玩具", "毛绒玩具产业链", "安康高新区", "产业链", "咸阳"]


def hit(text: str, score: float) -> Hit:
    passage = Passage("a#1", "", "", text, 0, len(text))
    return Hit(passage, score, ("terms",), "a", ((0, len(text)),))


class FixedRetriever:
    """Finds the same hits for every query."""

    def __init__(self, count: int = len(TEXTS)) -> None:
        self.hits = [hit(text, 1 - 0.1 * place) for place, text in enumerate(TEXTS[:count])]

    def search(self, query: str, top_k: int, only: object = None) -> list[Hit]:
        return self.hits[:top_k]


class TickingReranker(OverlapReranker):
    """Takes a tenth of a second for a pair, on a clock of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def scores(self, query: str, texts: list[str]) -> list[float]:  # type: ignore[override]
        self.now += 0.1 * len(texts)
        return super().scores(query, texts)


def retriever(
    seconds: float, count: int = len(TEXTS)
) -> tuple[RerankingRetriever, TickingReranker]:
    reranker = TickingReranker()
    made = RerankingRetriever(
        FixedRetriever(count), reranker, seconds=seconds, clock=lambda: reranker.now
    )
    return made, reranker


def found(hits: list[Hit]) -> list[str]:
    return [one.passage.text for one in hits]


def test_hits_come_in_the_order_of_the_reranker_with_its_scores() -> None:
    search = retriever(seconds=10.0)[0].search
    hits = search("毛绒玩具产业链", 3)
    assert found(hits) == ["毛绒玩具产业链", "毛绒玩具", "产业链"]
    assert hits[0].score == 1.0


def test_only_as_many_are_reranked_as_the_time_holds() -> None:
    made, reranker = retriever(seconds=0.35)
    assert found(made.search("毛绒玩具产业链", 6)) == [
        "毛绒玩具产业链",
        "毛绒玩具",
        "签约仪式",
        "安康高新区",
        "产业链",
        "咸阳",
    ]
    assert reranker.asked == [1, 2, 3]
    made.search("咸阳", 6)
    assert reranker.asked == [1, 2, 3, 3]  # measured once


@pytest.mark.parametrize("seconds", [0.0, 0.19])
def test_without_time_for_two_the_order_stays(seconds: float) -> None:
    made, _ = retriever(seconds)
    assert found(made.search("产业链", 6)) == TEXTS


def test_few_hits_are_no_trouble() -> None:
    for count in (0, 1, 2):
        made, _ = retriever(10.0, count)
        assert len(made.search("产业链", 5)) == count


@given(
    st.lists(st.floats(0.001, 1), min_size=1, max_size=8),
    st.lists(st.floats(0.001, 1), min_size=1, max_size=8),
)
def test_rescored_hits_are_in_order_and_all_there(fused: list[float], scores: list[float]) -> None:
    hits = [hit(str(place), score) for place, score in enumerate(sorted(fused, reverse=True))]
    scores = scores[: len(hits)]
    again = rescored(hits, scores)
    values = [one.score for one in again]
    assert values == sorted(values, reverse=True)
    assert sorted(found(again)) == sorted(found(hits))
    assert found(again)[len(scores) :] == found(hits)[len(scores) :]


def test_without_scores_the_hits_stay_as_they_are() -> None:
    assert rescored([], []) == []
    hits = FixedRetriever().hits
    assert rescored(hits, []) == hits
