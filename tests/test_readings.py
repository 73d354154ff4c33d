"""What the reader makes of the hits: each sentence once, every range inside its article."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.models.reader import PassageScores, Shown, Turn
from rag.read.readings import HIT_FEATURES, Reading, ScoredHit, hit_rows, readings_of, score_hits
from rag.text import Range, sentences
from tests.fakes import OverlapReader, scorer_of
from tests.readings import article_of, hit_of, reading_of
from tests.stories import traditional

ASKED = Turn("石桥镇有几座桥？")
ANY = scorer_of(HIT_FEATURES, answers=1.0)
MILL = article_of(
    "石桥镇的桥\n石桥镇有桥12座。最长的一座长36.5米。\n镇上还有水渠、码头和渡口。", "石桥镇的桥"
)


def read(*hits: tuple, turn: Turn = ASKED) -> list[Reading]:
    articles = {article.id: article for article, _ in hits}
    (scored,) = score_hits(OverlapReader(), ANY, [turn], [[h for _, h in hits]], articles)
    return readings_of(scored)


def scores_of(text: str, *, inside: tuple[str, ...] = (), best: str = "", answers: float = 1.0):
    """Scores with a piece a character; ``best`` are the likeliest words."""
    size = len(text)
    begins, ends = (np.zeros(size, dtype=np.float32) for _ in range(2))
    within = np.full(size, -1.0, dtype=np.float32)
    for word in inside:
        at = text.index(word)
        within[at : at + len(word)] = 4.0
    if best:
        at = text.index(best)
        begins[at] = ends[at + len(best) - 1] = 9.0
    places = tuple(range(size))
    return PassageScores(answers, begins, ends, within, places, tuple(n + 1 for n in places))


def readings(text: str, title: str = "", **scores) -> list[Reading]:
    article = article_of(text, title)
    return readings_of([ScoredHit(hit_of(article), article, 0, scores_of(text, **scores), 1.0)])


def test_each_sentence_of_the_hits_is_read_once_best_first():
    other = article_of("白沙镇有路9条。", source="b.txt")
    found = read((MILL, hit_of(MILL)), (other, hit_of(other)))
    texts = [one.text for one in found]
    assert texts[0] == "石桥镇有桥12座。"
    assert sorted(texts) == sorted(
        [
            "石桥镇有桥12座。",
            "最长的一座长36.5米。",
            "镇上还有水渠、码头和渡口。",
            "白沙镇有路9条。",
        ]
    )
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {one.text: one.place for one in found}["白沙镇有路9条。"] == 1


def test_headlines_headings_and_bylines_tell_nothing():
    text = "石桥镇修桥\n一桥飞架\n孙远航 李明\n## 桥有几座\n石桥镇有桥12座，由孙远航设计。"
    plain = article_of(text, "石桥镇修桥")
    article = replace(plain, subtitle="一桥飞架", byline="孙远航 李明", headings=("桥有几座",))
    texts = [one.text for one in read((article, hit_of(article)))]
    assert texts == ["石桥镇有桥12座，由孙远航设计。"]


def test_a_heading_of_several_clauses_is_a_sentence_that_was_broken_off():
    text = "修桥\n镇上修桥两座，共长六十米，由县\n乡里出资六成。"
    article = replace(article_of(text, "修桥"), headings=("镇上修桥两座，共长六十米，由县",))
    texts = {one.text for one in read((article, hit_of(article)))}
    assert texts == {"镇上修桥两座，共长六十米，由县", "乡里出资六成。"}


@pytest.mark.parametrize("start", [0, 6])
def test_ranges_count_in_the_text_of_the_article(start: int):
    article = MILL
    for one in read((article, hit_of(article, start))):
        assert one.text == article.text[one.sentence.start : one.sentence.end]
        assert one.sentence.start <= one.words.start < one.words.end <= one.sentence.end


def test_the_likeliest_first_and_last_piece_of_a_sentence_are_its_words():
    text = "石桥镇有桥12座。码头有3个。"
    first, second = sorted(readings(text, best="12座"), key=lambda one: one.sentence.start)
    assert text[first.words.start : first.words.end] == "12座"
    assert first.share > 0.9 > second.share
    assert 0 <= second.certainty <= first.certainty <= 1
    assert first.score > second.score


def test_the_stretches_of_a_sentence_that_are_part_of_an_answer_are_its_members():
    text = "镇上有水渠、码头和渡口。还有桥。"
    by_text = {one.text: one for one in readings(text, inside=("水渠", "码头", "渡口"))}
    one = by_text["镇上有水渠、码头和渡口。"]
    assert [text[a:b] for a, b in one.members] == ["水渠", "码头", "渡口"]
    assert one.fact == "水渠、码头、渡口"
    assert by_text["还有桥。"].members == ()


def test_a_fact_is_made_whole_and_members_of_it_are_told_once():
    article = article_of("梅溪变电站电压220千伏，主变2台。")
    assert reading_of(article, "220").fact == "220千伏"
    twice = article_of("有水渠和码头，水渠和码头都新。")
    assert reading_of(twice, "水渠", "码头", "水渠").fact == "水渠、码头"


def test_whose_story_it_is_is_read_with_each_passage():
    article = article_of("石桥镇去年动工修建新桥三座。\n后来又修了一座。", "石桥镇")
    reader = OverlapReader()
    score_hits(reader, ANY, [ASKED], [[hit_of(article, 15)]], {article.id: article})
    (_, (shown,)) = reader.asked[0]
    assert shown == Shown("石桥镇。石桥镇去年动工修建新桥三座。", "后来又修了一座。")


def test_what_the_search_says_of_a_hit_counts_by_its_weight():
    article = article_of("石桥镇有桥12座。")
    hits = [hit_of(article, score=score) for score in (4.0, 1.0, 0.0)]
    scored = [scores_of(article.text, answers=1.0) for _ in hits]
    rows = hit_rows(hits, scored)
    assert rows.shape == (3, len(HIT_FEATURES))
    assert rows[:, HIT_FEATURES.index("search_score")].tolist() == [1.0, 0.25, 0.0]
    assert rows[0, HIT_FEATURES.index("place")] == 0.0
    assert hit_rows([], []).shape == (0, len(HIT_FEATURES))
    assert np.isfinite(hit_rows([hit_of(article, score=0.0)], scored[:1])).all()
    by_search = scorer_of(HIT_FEATURES, search_score=2.0)
    (found,) = score_hits(OverlapReader(), by_search, [ASKED], [hits], {article.id: article})
    assert [one.odds for one in found] == [2.0, 0.5, 0.0]


def test_an_article_is_read_in_the_standard_form_and_quoted_as_printed():
    article = article_of(traditional("石桥镇有桥１２座。"))
    (one,) = read((article, hit_of(article)))
    assert one.text == article.text
    assert one.fact == "１２座"


@pytest.mark.parametrize("text", ["", "\n", "。", "😀", "　"])
def test_a_passage_without_words_does_no_harm(text: str):
    article = article_of(text)
    for one in read((article, hit_of(article))):
        assert article.text[one.words.start : one.words.end] in one.text


CHINESE = st.text(
    alphabet="石桥镇有桥的12.5座千伏，、。！？：；“”（）《》[]\n\u3000 aé😀１２年月\ud800",
    max_size=120,
)


@given(CHINESE, st.data())
def test_whatever_is_read_its_words_lie_inside_its_sentence(text: str, data: st.DataObject):
    article = article_of(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = read((article, hit_of(article, start, end)))
    for one in found:
        assert start <= one.sentence.start < one.sentence.end <= end
        for inner in (one.words, *one.members, *one.facts):
            assert one.sentence.start <= inner.start <= inner.end <= one.sentence.end
        assert article.text[one.words.start : one.words.end] in one.text
        assert 0 <= one.share <= 1
        assert 0 <= one.certainty <= 1
    places = [one.sentence for one in found]
    inside = sentences(text[start:end])
    assert len(set(places)) == len(places) <= len(inside)


@given(st.data())
def test_any_scores_give_ranges_inside_their_sentences(data: st.DataObject):
    text = "石桥镇有桥12座。最长的一座（新桥）长36.5米！码头、渡口有3个"
    numbers = st.lists(st.floats(-20, 20, width=32), min_size=len(text), max_size=len(text)).map(
        lambda values: np.array(values, dtype=np.float32)
    )
    places = tuple(range(len(text)))
    scores = PassageScores(
        data.draw(st.floats(-9, 9)),
        data.draw(numbers), data.draw(numbers), data.draw(numbers),
        places, tuple(n + 1 for n in places),
    )  # fmt: skip
    article = article_of(text)
    for one in readings_of([ScoredHit(hit_of(article), article, 0, scores, 1.0)]):
        for inner in (one.words, *one.members, *one.facts):
            assert one.sentence.start <= inner.start <= inner.end <= one.sentence.end
        assert isinstance(one.words, Range)
