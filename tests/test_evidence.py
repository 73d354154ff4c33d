"""Choosing evidence: candidates, features, typed spans, the bare fact, quotes, and the gate."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag
from rag.articles import article_from_text
from rag.datatypes import Article, Hit, Passage
from rag.evidence import EvidenceChooser, Finding, strongest
from rag.evidence.candidates import Candidate, gather
from rag.evidence.features import FEATURES, QuestionView, feature_rows
from rag.evidence.gate import GATE_FEATURES, gate_row, is_about, probability
from rag.evidence.quoting import quoted_range
from rag.evidence.reading import Guess, builtin_sentence_reader
from rag.evidence.short_answer import find_short_answer, tidied
from rag.evidence.typed_spans import has_unit, typed_spans
from rag.models.embedder import builtin_embedder
from rag.models.scorer import builtin_scorer
from rag.models.term_weights import builtin_term_weights
from rag.queries import KINDS, analyse
from rag.text import Range
from tests.stories import BUILTIN, STORIES, TEA, traditional

ACREAGE = "云桥镇2019年新建了多少亩茶园？"
CHINESE = "云桥镇茶园的有了多少亩家人在2019年1.2万、，。：；“”（）《》 ？a"


def view_of(question: str) -> QuestionView:
    return QuestionView.of(analyse(question), builtin_term_weights())


def article(text: str, title: str = "", number: int = 1) -> Article:
    return article_from_text(f"memory/{number}#1", title, text, f"memory/{number}")


def hit(of: Article, start: int, end: int, score: float = 1.0) -> Hit:
    passage = Passage(of.id, of.title, "", of.text[start:end], start, end)
    return Hit(passage, score, ("terms",), of.source, of.source_spans(start, end))


def candidates_of(*texts: str, title: str = "") -> list[Candidate]:
    articles = [article(text, title, number) for number, text in enumerate(texts, 1)]
    hits = [hit(one, 0, len(one.text)) for one in articles]
    return gather(hits, {one.id: one for one in articles})


def chooser() -> EvidenceChooser:
    return EvidenceChooser(
        builtin_sentence_reader(),
        builtin_scorer("gate", GATE_FEATURES),
        builtin_term_weights(),
    )


def find(question: str) -> Finding:
    chatbot = rag.Chatbot.from_articles(STORIES, BUILTIN)
    articles = {one.id: one for one in chatbot.articles}
    return chooser().find(question, chatbot.search(question), articles)


# --- Candidates -------------------------------------------------------------------------------


def test_candidates_are_the_whole_sentences_that_the_hits_touch_each_once():
    story = article("甲村有桥一座。乙村有路两条。丙村有渠三条。")
    found = gather([hit(story, 9, 12), hit(story, 0, 21)], {story.id: story})
    assert [c.text for c in found] == ["乙村有路两条。", "甲村有桥一座。", "丙村有渠三条。"]
    assert [c.rank for c in found] == [1, 2, 2]
    assert all(story.text[c.start : c.end] == c.text for c in found)


def test_a_candidate_knows_its_neighbours():
    first, second, third = candidates_of("甲村有桥。乙村有路。丙村有渠。")
    assert (first.before, first.after) == ("", second.text)
    assert (second.before, second.after) == (first.text, third.text)
    assert third.after == ""


def test_no_hits_give_no_candidates_and_a_shut_gate():
    finding = chooser().find("云桥镇有多少亩茶园？", [], {})
    assert (finding.candidates, finding.answerable, finding.nearest_title) == ((), 0.0, "")


# --- Features ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["云桥镇2019年新建了多少亩茶园？", "书记是谁？", "zzz", "的了吗呢", "？a？"]
)
def test_features_are_finite_one_row_a_candidate_one_column_a_name(question: str):
    candidates = candidates_of(TEA[1], "！！", "第二篇，没有数字", title=TEA[0])
    rows = feature_rows(view_of(question), candidates, builtin_embedder(), builtin_term_weights())
    assert rows.shape == (len(candidates), len(FEATURES))
    assert rows.dtype == np.float32
    assert np.isfinite(rows).all()


def test_feature_names_are_not_repeated():
    assert len(set(FEATURES)) == len(FEATURES)
    assert len(set(GATE_FEATURES)) == len(GATE_FEATURES)


@pytest.mark.parametrize("count", [1, 3])
def test_gate_features_are_finite_for_any_number_of_rivals(count: int):
    candidates = candidates_of(TEA[1])[:count]
    view = view_of("云桥镇2019年新建了多少亩茶园？")
    row = gate_row(view, candidates[0], builtin_sentence_reader().read(view, candidates), 0)
    assert row.shape == (len(GATE_FEATURES),)
    assert np.isfinite(row).all()


def test_probability_rises_with_the_log_odds_and_stays_between_zero_and_one():
    values = [probability(odds) for odds in (-1e9, -2.0, 0.0, 2.0, 1e9)]
    assert values == sorted(values)
    assert values[2] == 0.5
    assert 0.0 <= values[0] < values[-1] <= 1.0


# --- Typed spans ------------------------------------------------------------------------------


def spans(kind: str, text: str, unit: str = "") -> list[str]:
    return [text[a:b] for a, b in typed_spans(kind, unit, text)]  # type: ignore[arg-type]


def test_numbers_are_found_with_their_units_and_dates_are_no_numbers():
    text = "2019年3月，云桥镇新建茶园1.2万亩，引进企业6家。"
    assert spans("number", text) == ["1.2万亩", "6家"]
    assert spans("date", text) == ["2019年3月"]


def test_of_numbers_only_those_in_the_asked_unit_are_kept_if_there_are_any():
    text = "引进企业6家，修路36公里。"
    assert spans("number", text, "家") == ["6家"]
    assert spans("number", text, "头") == ["6家", "36公里"]


def test_a_stretch_of_time_in_two_units_is_one_number():
    assert spans("number", "由5小时缩短到1小时40分钟，") == ["5小时", "1小时40分钟"]
    assert spans("number", "工期一年6个月。") == ["一年6个月"]
    assert spans("number", "3家5座") == ["3家", "5座"]


def test_units_that_count_the_same_things_stand_for_one_another():
    assert has_unit("860名", "人")
    assert has_unit("3户", "家")
    assert not has_unit("36公里", "家")


def test_a_person_is_found_beside_a_title():
    assert "林晓峰" in spans("person", "镇党委书记林晓峰说，茶叶好。")
    assert "何志远" in spans("person", "董事长何志远介绍，公司很大。")


def test_names_in_quotes_and_lists_by_enumeration_commas_are_found():
    assert "飞鸿号" in spans("name", "这艘船叫“飞鸿号”，已经下水。")
    (enumeration,) = spans("list", "镇上的茶：绿茶、白茶、红茶，还有别的。")
    assert enumeration == "绿茶、白茶、红茶"


@given(st.sampled_from(KINDS), st.text(alphabet=CHINESE, max_size=60))
def test_typed_spans_lie_inside_the_text_and_are_not_empty(kind: str, text: str):
    for start, end in typed_spans(kind, "家", text):  # type: ignore[arg-type]
        assert 0 <= start < end <= len(text)


# --- The bare fact ----------------------------------------------------------------------------


def short_of(question: str, sentence: str) -> str | None:
    """What the shipped reader would put first of a sentence."""
    view, candidates = view_of(question), candidates_of(sentence)
    (guess,) = builtin_sentence_reader().read(view, candidates).guesses
    found = find_short_answer(view, sentence, guess)
    return sentence[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("云桥镇新建了多少亩茶园？", "云桥镇新建茶园1.2万亩，引进企业6家。", "1.2万亩"),
        ("云桥镇引进了几家企业？", "云桥镇新建茶园1.2万亩，引进企业6家。", "6家"),
        ("水库什么时候开工？", "双河水库于2021年3月18日正式开工，工期5年。", "2021年3月18日"),
        ("镇党委书记是谁？", "镇党委书记林晓峰说，茶叶是第一产业。", "林晓峰"),
        ("6家企业占了多少亩地？", "6家企业占地45亩。", "45亩"),
    ],
)
def test_the_fact_that_is_asked_for_is_the_short_answer(question: str, sentence: str, short: str):
    assert short_of(question, sentence) == short


def guess_of(text: str, words: str, probability: float) -> Guess:
    """A reader that is so sure of some words of a text, and of no others."""
    start = text.index(words)
    begins, ends = (np.zeros(len(text), dtype=np.float32) for _ in range(2))
    begins[start] = ends[start + len(words) - 1] = np.sqrt(probability)
    return Guess(Range(start, start + len(words)), probability, begins, ends)


@pytest.mark.parametrize(
    ("question", "words"), [("云桥镇有多少亩茶园？", "1.2万亩"), ("云桥镇新建了什么？", "茶园")]
)
def test_a_guess_that_is_not_sure_gives_no_short_answer(question: str, words: str):
    text = "云桥镇新建茶园1.2万亩。"
    found = find_short_answer(view_of(question), text, guess_of(text, words, 0.9))
    assert found is not None
    assert text[found.start : found.end] == words
    assert find_short_answer(view_of(question), text, guess_of(text, words, 0.001)) is None


def test_a_unit_that_only_the_guess_knows_goes_with_the_number():
    text = "全镇化解纠纷893起，调解成功。"
    found = find_short_answer(view_of("化解了多少纠纷？"), text, guess_of(text, "893起", 0.9))
    assert found is not None
    assert text[found.start : found.end] == "893起"


def test_of_two_numbers_that_are_as_likely_neither_is_the_answer():
    text = "云桥镇有茶园1.2万亩和果园3万亩。"
    first, second = (guess_of(text, words, 0.5) for words in ("1.2万亩", "3万亩"))
    torn = Guess(first.range, 0.1, first.begins + second.begins, first.ends + second.ends)
    assert find_short_answer(view_of("云桥镇有多少亩地？"), text, torn) is None
    assert find_short_answer(view_of("云桥镇有多少亩地？"), text, second) == second.range


def test_what_the_question_itself_says_is_no_answer():
    text = "6家企业占地45亩。"
    guess = guess_of(text, "6家", 0.9)
    assert find_short_answer(view_of("6家企业占了多少地？"), text, guess) is None


@pytest.mark.parametrize(
    ("question", "text", "guess", "tidy"),
    [
        ("新建了多少亩？", "新建茶园1.2万亩，", "1.2", "1.2万亩"),
        ("什么时候开工？", "于2021年3月18日开工。", "3月", "2021年3月18日"),
        ("哪一年开工？", "于2021年3月18日开工。", "202", "2021年"),
        ("这本书有多少页？", "全书共480页。", "共480页", "共480页"),
        ("船叫什么？", "这艘船叫“飞鸿号”，已经下水。", "“飞鸿号", "“飞鸿号”"),
        ("船叫什么？", "这艘船叫“飞鸿号”，已经下水。", "飞鸿号”，", "飞鸿号"),
        ("书记是谁？", "书记林晓峰说，茶叶好。", "林晓峰说，", "林晓峰"),
        ("书记是谁？", "书记杨说，茶叶好。", "杨说", "杨说"),
        ("为什么搬？", "因为河道整治，学校搬了。", "，学校搬了。", "学校搬了"),
        ("叫什么？", "叫《茶经（上）》。", "《茶经（上）", "《茶经（上）》"),
    ],
)
def test_a_guess_is_made_whole(question: str, text: str, guess: str, tidy: str):
    start = text.index(guess)
    found = tidied(view_of(question), text, Range(start, start + len(guess)))
    assert text[found.start : found.end] == tidy


@given(st.text(alphabet=CHINESE, min_size=1, max_size=40), st.data())
def test_any_guess_stays_inside_its_text(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    guess = Range(start, data.draw(st.integers(start + 1, len(text))))
    found = tidied(view_of("云桥镇有多少亩茶园？"), text, guess)
    assert 0 <= found.start <= found.end <= len(text)


def test_each_sentence_gets_a_guess_inside_it():
    candidates = candidates_of(TEA[1], "！！", "很长" * 300, title=TEA[0])
    read = builtin_sentence_reader().read(view_of(ACREAGE), candidates)
    assert len(read.guesses) == len(read.ranks) == len(candidates)
    for candidate, guess in zip(candidates, read.guesses, strict=True):
        assert 0 <= guess.range.start < guess.range.end <= len(candidate.text)
        assert 0 <= guess.probability <= 1


# --- Quotes -----------------------------------------------------------------------------------

LONG = (
    "过去一年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户，修通产业路36公里，"
    "建起卫生室3所，绿化荒山9000亩，安装路灯1500盏，整治河道18公里。"
)


def test_a_sentence_within_the_limit_is_quoted_whole():
    assert quoted_range(view_of("多少盏路灯？"), LONG, None, len(LONG)) == (0, len(LONG))


@pytest.mark.parametrize("fact", ["1.2万亩", "3200户", "1500盏", "18公里"])
@pytest.mark.parametrize("limit", [25, 40, 60])
def test_whole_clauses_around_the_fact_are_quoted_within_the_limit(fact: str, limit: int):
    at = LONG.index(fact)
    keep = Range(at, at + len(fact))
    start, end = quoted_range(view_of("安装了多少盏路灯？"), LONG, keep, limit)
    quote = LONG[start:end]
    assert fact in quote
    assert len(quote) <= limit
    assert start == 0 or LONG[start - 1] in "，："
    assert end == len(LONG) or LONG[end] in "，：" or LONG[end - 1] == "。"


def test_without_a_fact_the_clauses_that_share_most_with_the_question_are_quoted():
    start, end = quoted_range(view_of("路灯安装得怎么样？"), LONG, None, 30)
    assert "安装路灯1500盏" in LONG[start:end]


def test_a_clause_too_long_by_itself_is_cut_at_its_enumeration_commas():
    text = "镇上有" + "、".join(f"第{n}茶叶加工厂" for n in range(10, 30)) + "。"
    at = text.index("第20茶叶加工厂")
    start, end = quoted_range(view_of("有哪些厂？"), text, Range(at, at + 8), 40)
    assert "第20茶叶加工厂" in text[start:end]
    assert end - start <= 40
    assert text[start - 1] == "、"
    assert text[end] == "、"


@given(
    st.text(alphabet=CHINESE, min_size=1, max_size=200),
    st.integers(1, 150),
    st.tuples(st.integers(0, 199), st.integers(1, 20)),
)
def test_a_quote_is_never_empty_and_never_over_the_limit(
    text: str, limit: int, fact: tuple[int, int]
):
    start = min(fact[0], len(text) - 1)
    keep = Range(start, min(len(text), start + fact[1]))
    for kept in (None, keep):
        quoted = quoted_range(view_of("云桥镇有多少亩茶园？"), text, kept, limit)
        assert 0 <= quoted.start < quoted.end <= len(text)
        assert quoted.end - quoted.start <= limit


# --- The gate ---------------------------------------------------------------------------------


def test_evidence_about_another_place_is_not_about_the_question():
    (other,) = candidates_of("云桥镇新建茶园1.2万亩。", title="云桥镇的茶")
    assert is_about(view_of("云桥镇有多少亩茶园？"), other)
    assert not is_about(view_of("东江镇有多少亩茶园？"), other)


def test_a_place_named_beside_the_sentence_or_in_the_title_is_enough():
    by_neighbour = candidates_of("云桥镇很美。茶园有1.2万亩。")[1]
    (by_title,) = candidates_of("茶园有1.2万亩。", title="云桥镇的茶")
    view = view_of("云桥镇有多少亩茶园？")
    assert is_about(view, by_neighbour)
    assert is_about(view, by_title)


def test_evidence_of_another_year_is_not_about_the_question():
    (candidate,) = candidates_of("2019年，云桥镇新建茶园1.2万亩。")
    assert is_about(view_of("云桥镇2019年新建了多少亩茶园？"), candidate)
    assert not is_about(view_of("云桥镇2020年新建了多少亩茶园？"), candidate)


def test_the_date_of_an_article_counts_as_its_year():
    story = rag.Article("a#1", "", "a", "云桥镇新建茶园1.2万亩。", (), date="2018-05-06")
    (candidate,) = gather([hit(story, 0, 5)], {story.id: story})
    assert is_about(view_of("云桥镇2018年新建了多少亩茶园？"), candidate)
    assert not is_about(view_of("云桥镇2019年新建了多少亩茶园？"), candidate)


def test_this_year_is_not_last_year_with_or_without_a_date():
    text = "云桥镇今年新建茶园2万亩。"
    for date in (None, "2020-05-06"):
        story = rag.Article("a#1", "", "a", text, (), date=date)
        (candidate,) = gather([hit(story, 0, 5)], {story.id: story})
        assert is_about(view_of("云桥镇今年新建了多少亩茶园？"), candidate)
        assert not is_about(view_of("云桥镇去年新建了多少亩茶园？"), candidate)


def test_the_year_that_has_passed_is_last_year():
    story = rag.Article("a#1", "", "a", "过去的一年，云桥镇新建茶园2万亩。", (), date="2020-05-06")
    (candidate,) = gather([hit(story, 0, 5)], {story.id: story})
    assert is_about(view_of("云桥镇2019年新建了多少亩茶园？"), candidate)
    assert is_about(view_of("云桥镇去年新建了多少亩茶园？"), candidate)
    assert not is_about(view_of("云桥镇2020年新建了多少亩茶园？"), candidate)


def test_a_place_named_in_passing_elsewhere_in_the_passage_is_not_enough():
    text = "云桥镇与东江镇签了协议。两地往来频繁。茶园有1.2万亩。"
    last = candidates_of(text, title="云桥镇的茶")[2]
    assert is_about(view_of("云桥镇有多少亩茶园？"), last)
    assert not is_about(view_of("东江镇有多少亩茶园？"), last)


def test_one_of_the_same_name_and_another_kind_is_another():
    (candidate,) = candidates_of("柳湾小学有学生860名。")
    assert is_about(view_of("柳湾小学有多少名学生？"), candidate)
    assert not is_about(view_of("柳湾中学有多少名学生？"), candidate)
    (railway,) = candidates_of("柳湾铁路总投资43亿元。")
    assert is_about(view_of("柳湾铁路总投资多少？"), railway)
    assert not is_about(view_of("柳湾高速公路总投资多少？"), railway)


def test_a_line_of_another_number_is_another():
    (candidate,) = candidates_of("云桥地铁 12 号线全长59公里。")
    assert is_about(view_of("云桥地铁12号线全长多少公里？"), candidate)
    assert not is_about(view_of("云桥地铁8号线全长多少公里？"), candidate)


def test_a_sentence_of_another_quarter_is_not_about_the_question():
    (candidate,) = candidates_of("青禾公司第二季度收入60亿元。")
    assert is_about(view_of("青禾公司第二季度收入多少？"), candidate)
    assert not is_about(view_of("青禾公司第三季度收入多少？"), candidate)


def test_a_question_about_an_absent_place_shuts_the_gate():
    assert find("东江高新区有多少名员工？").answerable < 0.01


# --- All together -----------------------------------------------------------------------------


def test_the_sentence_that_holds_the_answer_is_ranked_first():
    finding = find("双河水库的总库容是多少？")
    assert "总库容1.26亿立方米" in finding.candidates[0].text
    assert finding.nearest_title == "双河水库开工"
    assert list(finding.scores) == sorted(finding.scores, reverse=True)


def test_a_quote_from_a_finding_stands_where_it_says():
    finding = find("双河水库的总库容是多少？")
    evidence, short = finding.quote(60)
    story = finding.candidates[0].article
    assert story.text[evidence.start : evidence.end] == evidence.text
    assert short == "1.26亿立方米"
    assert short in evidence.text


def test_the_strongest_sentences_are_taken_from_each_finding_in_turn_each_once():
    findings = [find("双河水库的总库容是多少？"), find("柳湾小学有多少名学生？")]
    chosen = strongest(findings, 4)
    assert len(chosen) == 4
    assert [piece.text for piece in chosen[:2]] == [f.candidates[0].text for f in findings]
    assert len({(piece.article_id, piece.start) for piece in chosen}) == 4


def test_the_strongest_of_nothing_is_nothing():
    assert strongest([], 4) == []
    assert strongest([chooser().find("多少人？", [], {})], 4) == []
    assert strongest([find("双河水库的总库容是多少？")], 0) == []


def test_evidence_is_whole_sentences_for_a_chat_model():
    for piece in strongest([find("双河水库的总库容是多少？")], 3):
        assert re.search(r"[。？！]$|^[^。]+$", piece.text)


def test_a_fact_that_a_bracketed_number_cuts_through_does_not_stop_the_quote():
    before = "云桥镇茶园有1.2万亩，" * 6 + "有茶厂"
    text = f"{before}[1]、学校、医院。"
    cut_through = Range(len(before) - 2, len(text) - 1)
    quoted = quoted_range(view_of("云桥镇茶园有多少亩？"), text, cut_through, 40)
    assert "[1]" not in text[quoted.start : quoted.end]
    assert 0 < quoted.end - quoted.start <= 40


# --- Copies -----------------------------------------------------------------------------------


def copied(number: int, text: str, of: int) -> tuple[Article, Hit]:
    """An article as a hit that names another as its copy."""
    one = article(text, "云桥镇的茶", number)
    found = hit(one, 0, len(text))
    other = rag.Copy(f"memory/{of}#1", "云桥镇的茶", f"memory/{of}")
    return one, replace(found, also_in=(other,))


def texts_found(*pairs: tuple[Article, Hit]) -> list[str]:
    articles = {one.id: one for one, _ in pairs}
    finding = chooser().find("云桥镇新建了多少亩茶园？", [found for _, found in pairs], articles)
    return [candidate.text for candidate in finding.candidates]


def test_a_sentence_is_never_chosen_from_two_copies():
    printed = "2019年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户。"
    edited = "记者获悉，2019年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户。"
    assert len(texts_found(copied(1, printed, of=2), copied(2, printed, of=1))) == 1
    assert len(texts_found(copied(1, printed, of=2), copied(2, edited, of=1))) == 1
    assert len(texts_found(copied(1, printed, of=2), copied(2, traditional(printed), of=1))) == 1


def test_a_sentence_with_another_figure_is_a_rival_even_in_a_copy():
    printed = "2019年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户。"
    other = printed.replace("3200", "3300")
    assert len(texts_found(copied(1, printed, of=2), copied(2, other, of=1))) == 2


def test_a_copy_does_not_make_the_gate_less_sure():
    text = TEA[1].split("\n")[1]
    alone = chooser().find(ACREAGE, *_as_hits(copied(1, text, of=9)))
    twice = chooser().find(ACREAGE, *_as_hits(copied(1, text, of=2), copied(2, text, of=1)))
    assert twice.answerable == pytest.approx(alone.answerable)


def _as_hits(*pairs: tuple[Article, Hit]) -> tuple[list[Hit], dict[str, Article]]:
    return [found for _, found in pairs], {one.id: one for one, _ in pairs}


# --- In either script -------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["云桥镇2019年新建了多少亩茶园？", "镇党委书记是谁？"])
def test_features_and_gate_see_no_difference_between_the_scripts(question: str):
    def seen(question: str, text: str, title: str) -> tuple[np.ndarray, list[bool]]:
        view, candidates = view_of(question), candidates_of(text, title=title)
        rows = feature_rows(view, candidates, builtin_embedder(), builtin_term_weights())
        return rows, [is_about(view, candidate) for candidate in candidates]

    rows, about = seen(question, TEA[1], TEA[0])
    for asked, text, title in (
        (question, traditional(TEA[1]), traditional(TEA[0])),
        (traditional(question), TEA[1], TEA[0]),
    ):
        other_rows, other_about = seen(asked, text, title)
        assert np.allclose(rows, other_rows, atol=1e-6)
        assert about == other_about


def test_a_fact_and_its_quote_are_given_as_printed():
    story = rag.Article("a#1", "雲橋鎮的茶", "a", "雲橋鎮新建茶園１.２萬畝，引進企業６家。", ())
    candidates = gather([hit(story, 0, 24)], {story.id: story})
    found = Finding(
        analyse("云桥镇新建了多少亩茶园？"),
        view_of("云桥镇新建了多少亩茶园？"),
        tuple(candidates),
        (1.0,),
        (guess_of(story.text, "１.２萬畝", 0.9),),
        1.0,
    )
    evidence, short = found.quote(60)
    assert evidence.text == story.text
    assert short == "１.２萬畝"


def test_periods_and_designators_are_the_same_at_either_width_and_in_either_script():
    (candidate,) = candidates_of("２０１９年，云桥地铁１２号線全长59公里。")
    assert is_about(view_of("云桥地铁12号线2019年全长多少公里？"), candidate)
    assert not is_about(view_of("云桥地铁12号线2018年全长多少公里？"), candidate)
    assert not is_about(view_of("云桥地铁１３号線全长多少公里？"), candidate)
