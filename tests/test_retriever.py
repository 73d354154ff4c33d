"""Queries to hits: both rankings are used, the order is right, the places are true."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from fakes import BigramEmbedder
from hypothesis import given
from hypothesis import strategies as st

from rag.articles import article_from_text, corpus_in_memory, read_corpus, read_text
from rag.datatypes import Article, Hit
from rag.index import Index, IndexSettings
from rag.index.candidates import best_beside, rows_beside
from rag.models.embedder import builtin_embedder
from rag.retrieve.search import Retriever, fuse, merged
from rag.text import figures
from tests.stories import RICE, SCHOOL, STORIES, TEA, WATER, traditional

TEXTS = [
    "安康高新区新开工项目19个，总投资83.59亿元。",
    "咸阳高新区举行医药企业入园签约仪式。",
    "恒口示范区发展毛绒玩具产业链。",
]


class OneDirectionEmbedder(BigramEmbedder):
    """Knows one word only: what holds it points one way, all else has no direction."""

    def _vector(self, text: str) -> np.ndarray:
        vector = np.zeros(self.dimension, dtype=np.float32)
        vector[0] = "玩具" in text or "布娃娃" in text
        return vector


def retriever(
    *, embedder: BigramEmbedder | None = None, candidates: int = 50, vector_weight: float = 0.5
) -> Retriever:
    embedder = embedder or BigramEmbedder()
    corpus = corpus_in_memory(
        [article_from_text(f"{n}#1", f"题{n}", text, f"{n}") for n, text in enumerate(TEXTS)]
    )
    index = Index.build(corpus, embedder, IndexSettings(passage_chars=240))
    return Retriever(index, embedder, candidates=candidates, vector_weight=vector_weight)


@pytest.mark.parametrize("vector_weight", [0.0, 0.3, 1.0])
def test_the_passage_with_the_words_comes_first(vector_weight: float) -> None:
    hits = retriever(vector_weight=vector_weight).search("毛绒玩具", 3)
    assert hits[0].passage.text == TEXTS[2]
    assert hits[0].found_by == ("terms", "vectors")


def test_hits_come_best_first_and_no_more_than_asked_for() -> None:
    hits = retriever().search("高新区项目", 2)
    assert len(hits) == 2
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 + 1e-6 for hit in hits)
    assert len({hit.passage for hit in hits}) == 2


def test_a_passage_without_a_shared_character_is_found_by_its_vector() -> None:
    (hit,) = retriever(embedder=OneDirectionEmbedder()).search("布娃娃", 3)
    assert (hit.passage.text, hit.found_by) == (TEXTS[2], ("vectors",))


def test_a_vector_without_a_direction_finds_nothing_and_terms_still_do() -> None:
    hits = retriever(embedder=OneDirectionEmbedder()).search("签约仪式", 3)
    assert [(hit.passage.text, hit.found_by) for hit in hits] == [(TEXTS[1], ("terms",))]


@pytest.mark.parametrize("query", ["", " ", "？？", "🎉", "\ud83c"])
def test_a_query_without_a_word_finds_nothing(query: str) -> None:
    assert retriever().search(query, 3) == []


def test_few_candidates_are_enough_to_find_the_best() -> None:
    hits = retriever(candidates=1).search("签约仪式", 3)
    assert [hit.passage.text for hit in hits] == [TEXTS[1]]


def test_an_article_without_text_is_in_nobodys_way() -> None:
    embedder = BigramEmbedder()
    corpus = corpus_in_memory(
        [article_from_text("1#1", "题", "", "1"), article_from_text("2#1", "题", "正文。", "2")]
    )
    index = Index.build(corpus, embedder, IndexSettings(passage_chars=240))
    (hit,) = Retriever(index, embedder, candidates=5, vector_weight=0.3).search("题", 3)
    assert hit.source == "2"


def test_a_query_of_10_000_characters_is_searched() -> None:
    assert retriever().search("毛绒玩具产业链" * 1500, 1)[0].passage.text == TEXTS[2]


@given(st.text(alphabet="安康咸阳高新区项目毛绒玩具19个，。？ab \n") | st.text())
def test_any_query_gives_positive_scores_in_order(query: str) -> None:
    scores = [hit.score for hit in RETRIEVER.search(query, 3)]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


RETRIEVER = retriever()
SCORES = st.lists(
    st.tuples(st.floats(-1, 50, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=8
)


@given(SCORES, st.floats(0, 1))
def test_fused_scores_lie_between_zero_and_one_and_reach_one_if_both_agree(
    pairs: list[tuple[float, float]], weight: float
) -> None:
    terms = np.array([pair[0] for pair in pairs], dtype=np.float32)
    similarities = np.array([pair[1] for pair in pairs], dtype=np.float32)
    fused = fuse(terms, similarities, weight)
    assert np.isfinite(fused).all()
    assert ((fused >= 0) & (fused <= 1 + 1e-5)).all()
    best = terms.argmax()
    if best == similarities.argmax() and min(terms[best], similarities[best]) > 0:
        assert fused[best] == pytest.approx(1, abs=1e-5)


def test_the_weight_decides_between_two_rankings_that_disagree() -> None:
    terms = np.array([4, 1], dtype=np.float32)
    similarities = np.array([0.1, 0.9], dtype=np.float32)
    assert fuse(terms, similarities, 0.0).argmax() == 0
    assert fuse(terms, similarities, 1.0).argmax() == 1
    assert fuse(terms, similarities, 0.25) == pytest.approx([0.75 + 0.25 / 9, 0.1875 + 0.25])


def test_the_best_beside_a_row_is_the_best_other_row_of_its_article() -> None:
    scores = np.array([3, 5, 1, 9, 2, 4], dtype=np.float32)
    articles = np.array([0, 0, 0, 1, 2, 2])
    assert best_beside(scores, np.arange(6), articles).tolist() == [5, 3, 5, 0, 4, 2]
    assert best_beside(scores, np.array([4, 0]), articles).tolist() == [4, 5]
    assert best_beside(scores, np.array([], dtype=np.int64), articles).tolist() == []


def test_the_rows_beside_some_are_those_of_their_articles_each_once() -> None:
    starts = np.array([0, 3, 4])  # three articles, of three passages, one and two
    assert rows_beside(np.array([5, 4, 1]), starts, 6).tolist() == [0, 1, 2, 4, 5]
    assert rows_beside(np.array([3]), starts, 6).tolist() == [3]


def test_of_two_alike_passages_that_comes_first_whose_article_names_what_is_asked_about() -> None:
    plain = "全镇当年新修公路十二公里，"
    of_others = f"石塘镇的工作报告已经公布。{plain}今年继续。"
    of_subject = f"柳湾镇的工作报告已经公布。{plain}今年继续。"
    articles = [
        article_from_text(f"{n}#1", "", text, f"{n}")
        for n, text in enumerate((of_others, of_subject))
    ]
    index = Index.build(corpus_in_memory(articles), BigramEmbedder(), IndexSettings(14))
    search = Retriever(index, BigramEmbedder(), candidates=50, vector_weight=0.0).search
    roads = [
        hit.source for hit in search("柳湾镇新修公路多少公里？", 8) if "公路" in hit.passage.text
    ]
    assert roads[0] == "1"


def test_how_a_question_asks_does_not_outweigh_what_it_asks_about() -> None:
    asking = "人们常问：他是什么时候出生的？她是什么时候去世的？那是什么？"
    texts = ["蓍草又名千叶蓍，夏秋开花。", asking, *TEXTS]
    hits = search_among(texts, "蓍草是什么时候开花的？", top_k=2)
    assert hits[0].passage.text == texts[0]


def test_every_hit_on_the_seeds_leads_back_to_its_file(root: Path) -> None:
    embedder = builtin_embedder()
    index = Index.build(read_corpus(root / "seeds"), embedder, IndexSettings(passage_chars=240))
    search = Retriever(index, embedder, candidates=50, vector_weight=0.3).search
    for query in ("博士服务团是哪个高新区", "恒口一般财政预算收入", "院士工作站", "毛绒玩具"):
        hits = search(query, 8)
        assert hits
        for hit in hits:
            page = read_text(root / "seeds" / hit.source)
            quoted = "".join(page[a:b] for a, b in hit.source_spans)
            assert quoted == hit.passage.text.replace("\n", "")


# --- One story in several articles ------------------------------------------------------------

CUT = "。".join(one for one in RICE[1].split("。") if "加工厂" not in one)


def search_among(texts: list[str], query: str, top_k: int = 8, candidates: int = 50) -> list[Hit]:
    articles = [article_from_text(f"{n}#1", f"题{n}", text, f"{n}") for n, text in enumerate(texts)]
    index = Index.build(corpus_in_memory(articles), BigramEmbedder(), IndexSettings(120))
    return Retriever(index, BigramEmbedder(), candidates=candidates, vector_weight=0.3).search(
        query, top_k
    )


OTHERS = [text for _, text in STORIES]


def test_a_story_that_ten_papers_print_is_one_hit_that_names_the_other_nine() -> None:
    papers = [f"早稻丰收{'！' * number}\n{RICE[1]}" for number in range(10)]
    hits = search_among([*OTHERS, *papers], "双河县早稻种植面积有多少亩？", top_k=20)
    with_the_fact = [hit for hit in hits if "8.6万亩" in hit.passage.text]
    (hit,) = with_the_fact
    assert hit.passage.article_id not in [copy.article_id for copy in hit.also_in]
    named = {hit.source, *(copy.source for copy in hit.also_in)}
    assert named == {str(place) for place in range(4, 14)}
    assert [copy.title for copy in hit.also_in] == [f"题{copy.source}" for copy in hit.also_in]


def test_the_place_of_copies_goes_to_other_stories_even_if_copies_fill_all_candidates() -> None:
    papers = [f"早稻丰收{'！' * number}\n{RICE[1]}" for number in range(12)]
    query = "双河县早稻种植面积有多少亩？茶园、校舍、水库、公司"
    hits = search_among([*papers, *OTHERS], query, top_k=6, candidates=6)
    assert len(hits) == 6
    assert {hit.source for hit in hits} >= {str(place) for place in range(12, 16)}


def test_the_best_of_the_copies_is_the_hit() -> None:
    article = Article("b#1", "沙田镇早稻丰收", "b", RICE[1], ())
    other = Article("a#1", "要闻", "a", RICE[1], ())
    index = Index.build(corpus_in_memory([other, article]), BigramEmbedder(), IndexSettings(240))
    search = Retriever(index, BigramEmbedder(), candidates=50, vector_weight=0.3).search
    assert search("沙田镇早稻丰收", 3)[0].source == "b"


def test_what_only_one_of_two_copies_tells_is_still_found() -> None:
    hits = search_among([*OTHERS, CUT, RICE[1]], "稻米加工厂和多少个村签订收购合同？", top_k=20)
    assert "12个村" in hits[0].passage.text
    shown = "\n".join(hit.passage.text for hit in hits if hit.source in ("4", "5"))
    assert figures(RICE[1]) <= figures(shown)


def test_a_copy_in_the_other_script_is_a_copy() -> None:
    hits = search_among([*OTHERS, RICE[1], traditional(RICE[1])], "早稻种植面积", top_k=20)
    assert sum("8.6" in hit.passage.text for hit in hits) == 1
    assert [copy.source for copy in hits[0].also_in] == ["5" if hits[0].source == "4" else "4"]


def test_a_report_with_another_figure_is_a_hit_of_its_own() -> None:
    other = RICE[1].replace("8.6万亩", "9.2万亩")
    hits = search_among([*OTHERS, RICE[1], other], "早稻种植面积有多少亩？", top_k=20)
    found = [hit for hit in hits if "种植面积" in hit.passage.text]
    assert {hit.source for hit in found} == {"4", "5"}
    assert all(hit.also_in == () for hit in hits)


# --- Several searches -------------------------------------------------------------------------


def test_hits_of_several_searches_are_taken_in_turn_each_passage_once() -> None:
    search = retriever().search
    one, other = search("毛绒玩具", 3), search("签约仪式", 3)
    both = merged([one, other], 2)
    assert {hit.passage.text for hit in both} == {TEXTS[2], TEXTS[1]}
    assert [hit.score for hit in both] == sorted((hit.score for hit in both), reverse=True)
    everything = merged([one, other], 9)
    assert {hit.passage for hit in everything} == {hit.passage for hit in (*one, *other)}
    assert len({hit.passage for hit in everything}) == len(everything)
    assert merged([one], 9) == tuple(one)
    assert merged([], 9) == merged([[], []], 9) == ()


def test_a_story_that_two_searches_find_in_two_papers_is_taken_once() -> None:
    texts = [*OTHERS, RICE[1], f"早稻丰收\n{RICE[1]}"]
    one = search_among(texts, "早稻种植面积有多少亩？")
    other = search_among(texts, "早稻丰收 早稻种植面积")
    assert sum("8.6万亩" in hit.passage.text for hit in merged([one, other], 12)) == 1


def test_many_threads_find_what_one_finds(tmp_path: Path) -> None:
    stories = [f"{story[1]}第{n}版。" for n in range(8) for story in (RICE, SCHOOL, TEA, WATER)]
    articles = [article_from_text(f"{n}#1", "", text, str(n)) for n, text in enumerate(stories)]
    made = Index.build(corpus_in_memory(articles), BigramEmbedder(), IndexSettings(120))
    made.save(tmp_path / "索引")
    index = Index.load(tmp_path / "索引")
    search = Retriever(index, BigramEmbedder(), candidates=50, vector_weight=0.3).search
    queries = ["早稻单产多少公斤？", "学校有多少学生？", "茶园多少亩？", "水库多深？"] * 8
    alone = [search(query, 10) for query in queries]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda query: search(query, 10), queries)) == alone
    assert all(alone)
