"""The answer without a chat model: short, quoted word for word, the fact first."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.quote import QuoteAnswerer
from rag.answer.reply import Reply
from rag.ask import Aim, Question
from rag.datatypes import Article
from rag.read import Judged, Reading
from rag.text import Range, sentences
from tests.readings import article_of, hit_of, judged_of, question_of, reading_of

ACREAGE = article_of("云桥镇新建茶园1.2万亩，引进制茶企业6家。", "云桥镇的茶")
SCHOOL = article_of("柳湾小学有860名学生，全都走读。", "柳湾小学", source="b.txt")
LONG = article_of(
    "过去一年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户，修通产业路36公里，"
    "建起卫生室3所，绿化荒山9000亩，安装路灯1500盏，整治河道18公里，新建广场4处，"
    "改造危房260间，铺设管网75公里，种下果树8万棵，培训茶农1900人次，办起茶叶合作社12个，"
    "云桥镇还请来专家24名，评选示范户58户。",
    "云桥镇",
    source="c.txt",
)
UNSURE = judged_of(reading_of(ACREAGE, "6家"), is_believed=False)
NOTHING = Judged(judged_of().turn, (), 0.0, False)


def drain(stream: Generator[str, None, Reply]) -> tuple[list[str], Reply]:
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def answer(question: Question, *judged: Judged) -> Reply:
    pieces, reply = drain(QuoteAnswerer().stream(question, judged))
    assert "".join(pieces) == reply.text
    return reply


def told(article: Article, *words: str, asked: str = "云桥镇新建了多少亩茶园？") -> Reply:
    return answer(question_of(asked), judged_of(reading_of(article, *words)))


# --- One fact ---------------------------------------------------------------------------------


def test_the_asked_for_fact_stands_first_then_the_quote_then_its_marker():
    reply = told(ACREAGE, "1.2万亩")
    assert reply.text == "1.2万亩：云桥镇新建茶园1.2万亩，引进制茶企业6家。[1]"
    assert reply.citations[0].quote == ACREAGE.text
    assert reply.short == "1.2万亩"
    assert (reply.outcome, reply.model, reply.error) == ("answered", "builtin", None)
    (claim,) = reply.claims
    assert (claim.text, claim.verdict, claim.citations) == (reply.text, "supported", (1,))


def test_without_a_clear_fact_the_quote_stands_alone():
    reply = told(article_of("云桥镇的茶很香。"), "云桥镇的茶很香")
    assert reply.text == "云桥镇的茶很香。[1]"
    assert reply.short is None


@pytest.mark.parametrize("ending", ["。", "！", "？", "……", "。”"])
def test_a_quote_ends_with_one_sign_before_its_marker(ending: str):
    reply = told(article_of(f"云桥镇的茶很香{ending}"), "云桥镇的茶很香")
    assert reply.text in (f"云桥镇的茶很香{ending}[1]", "云桥镇的茶很香。[1]")


def test_a_quote_without_an_end_gets_a_full_stop_outside_the_citation():
    reply = told(article_of("云桥镇的茶很香"), "云桥镇的茶很香")
    assert reply.text == "云桥镇的茶很香。[1]"
    assert reply.citations[0].quote == "云桥镇的茶很香"


def test_of_a_long_sentence_whole_clauses_with_the_fact_are_quoted():
    reply = told(LONG, "1900人次")
    (citation,) = reply.citations
    assert "培训茶农1900人次" in citation.quote
    assert citation.quote in LONG.text
    assert citation.quote != LONG.text
    assert len(reply.text) <= 150


# --- Lists ------------------------------------------------------------------------------------

TEAS = article_of(
    "茶厂主要生产绿茶、白茶和红茶，今年订单很多。另外还试制黑茶、黄茶，明年上市。茶厂在河边。",
    "茶厂",
)


def test_the_further_sentences_of_a_list_follow_in_their_order_each_with_its_marker():
    first = reading_of(TEAS, "绿茶", "白茶", "红茶")
    second = reading_of(TEAS, "黑茶", "黄茶", hit=first.hit, answers=2.0)
    reply = answer(question_of("茶厂生产哪些茶？"), judged_of(first, second))
    assert reply.short == "绿茶、白茶、红茶、黑茶、黄茶"
    assert [claim.citations for claim in reply.claims] == [(1,), (2,)]
    assert reply.text.index("绿茶") < reply.text.index("黄茶")
    assert len(reply.text) <= 150


def test_a_sentence_far_below_the_best_or_of_another_hit_is_no_part_of_its_list():
    first = reading_of(TEAS, "绿茶", "白茶", "红茶")
    far = reading_of(TEAS, "黑茶", "黄茶", hit=first.hit, answers=-6.0)
    other = reading_of(TEAS, "黑茶", "黄茶", answers=2.9)
    other = Reading(
        hit_of(TEAS, 0, 5), TEAS, 1, other.sentence, other.words, other.members, 2.9, 2.9,
        share=0.9, certainty=0.9,
    )  # fmt: skip
    for rival in (far, other):
        reply = answer(question_of("茶厂生产哪些茶？"), judged_of(first, rival))
        assert len(reply.claims) == 1


# --- Several facts ----------------------------------------------------------------------------


def test_two_facts_get_a_line_a_number_and_a_label_each():
    reply = answer(
        question_of("茶园：云桥镇新建了多少亩茶园？", "学校：柳湾小学有多少名学生？"),
        judged_of(reading_of(ACREAGE, "1.2万亩")),
        judged_of(reading_of(SCHOOL, "860名")),
    )
    first, second = reply.text.split("\n")
    assert first.startswith("1.2万亩：")  # 茶园 stands in the quote
    assert second.startswith("学校（860名）：")
    assert first.endswith("[1]")
    assert second.endswith("[2]")
    assert reply.short == "1.2万亩；860名"
    assert [claim.citations for claim in reply.claims] == [(1,), (2,)]


def test_the_same_quote_is_cited_once_under_one_number():
    reply = answer(
        question_of("云桥镇新建了多少亩茶园？", "云桥镇引进了几家企业？"),
        judged_of(reading_of(ACREAGE, "1.2万亩")),
        judged_of(reading_of(ACREAGE, "6家")),
    )
    assert [citation.number for citation in reply.citations] == [1]
    assert [claim.citations for claim in reply.claims] == [(1,), (1,)]
    assert reply.text.count("[1]") == 2


def test_of_a_sentence_that_stands_above_only_the_further_fact_is_told():
    reply = answer(
        question_of("茶园：云桥镇新建了多少亩茶园？", "企业：云桥镇引进了几家企业？"),
        judged_of(reading_of(ACREAGE, "1.2万亩")),
        judged_of(reading_of(ACREAGE, "6家")),
    )
    first, second = reply.text.split("\n")
    assert first.endswith(f"{ACREAGE.text}[1]")
    assert second == "企业：6家。[1]"
    assert reply.short == "1.2万亩；6家"


@pytest.mark.parametrize("missing", [UNSURE, NOTHING])
def test_a_part_that_is_not_told_is_said_to_be_missing_and_the_rest_is_answered(missing: Judged):
    reply = answer(
        question_of("云桥镇新建了多少亩茶园？", "云桥镇有几座机场？"),
        judged_of(reading_of(ACREAGE, "1.2万亩")),
        missing,
    )
    (found,) = reply.claims
    assert found.verdict == "supported"
    assert reply.text == f"{found.text}\n材料里没有找到“云桥镇有几座机场”的答案。"
    assert len(reply.text) <= 150
    assert len(reply.citations) == 1
    assert (reply.outcome, reply.short) == ("answered", "1.2万亩")
    assert [part.outcome for part in reply.parts] == ["answered", "no_evidence"]


def test_all_that_is_missing_is_named_in_one_line():
    asked = ["云桥镇有几座机场？", "云桥镇有几座码头？", "云桥镇新建了多少亩茶园？"]
    told = judged_of(reading_of(ACREAGE, "1.2万亩"))
    reply = answer(question_of(*asked), NOTHING, NOTHING, told)
    *_, last = reply.text.split("\n")
    assert last == "材料里没有找到“云桥镇有几座机场”、“云桥镇有几座码头”的答案。"
    assert len(reply.text) <= 150


def test_the_number_of_each_part_comes_back_even_if_the_first_is_missing():
    reply = answer(
        question_of("云桥镇有几座机场？", "柳湾小学有多少名学生？"),
        NOTHING,
        judged_of(reading_of(SCHOOL, "860名")),
    )
    assert [part.citations for part in reply.parts] == [(), (1,)]
    assert reply.text.endswith("材料里没有找到“云桥镇有几座机场”的答案。")


# --- Compared ---------------------------------------------------------------------------------

EAST = article_of("去年，东湾高新区引进企业三十五家。", "东湾", source="d.txt")
SOUTH = article_of("南岭高新区引进企业20家。", "南岭", source="e.txt")
EAST_AND_SOUTH = ("东湾：东湾引进企业多少？", "南岭：南岭引进企业多少？")
WHICH = question_of(*EAST_AND_SOUTH, aim="compare")


def two(aim: Aim, *judged: Judged) -> Reply:
    question = question_of(*EAST_AND_SOUTH, aim=aim)
    return answer(replace(question, text="东湾和南岭哪个引进的企业多？"), *judged)


def test_a_comparison_begins_with_the_winner_and_both_figures_each_cited():
    reply = two(
        "compare", judged_of(reading_of(EAST, "三十五家")), judged_of(reading_of(SOUTH, "20家"))
    )
    first, *quotes = reply.text.split("\n")
    assert first == "东湾（三十五家[1]）多于南岭（20家[2]）。"
    assert len(quotes) == 2
    assert (reply.claims[0].citations, reply.claims[0].verdict) == ((1, 2), "supported")
    assert reply.short == "东湾"


def test_the_result_takes_its_place_from_the_quotes():
    far = article_of(f"东湾高新区的{LONG.text[5:120]}，引进企业三十五家。", "东湾", source="d.txt")
    reply = two(
        "compare", judged_of(reading_of(far, "三十五家")), judged_of(reading_of(far, "3200户"))
    )
    assert "多于" in reply.text
    assert len(reply.text) <= 230


def test_nothing_is_concluded_where_a_side_or_its_figure_is_not_told():
    both = judged_of(reading_of(EAST, "三十五家"))
    unlike = judged_of(reading_of(article_of("南岭高新区占地20亩，很大。"), "20亩"))
    for other in (UNSURE, unlike):
        assert "多于" not in two("compare", both, other).text
    assert two("compare", both, unlike).text.endswith("没有比较。")


def test_a_total_is_worked_out_in_the_unit_of_the_addends_and_each_of_them_is_cited():
    reply = two(
        "sum", judged_of(reading_of(EAST, "三十五家")), judged_of(reading_of(SOUTH, "20家"))
    )
    first, *_ = reply.text.split("\n")
    assert first == "合计55家（按所引数字算出）：东湾三十五家[1]，南岭20家[2]。"
    assert reply.short == "55家"


def test_where_an_addend_is_missing_the_others_are_told_and_there_is_no_total():
    reply = two("sum", judged_of(reading_of(EAST, "三十五家")), UNSURE)
    assert "合计" not in reply.text
    assert "三十五家" in reply.text
    assert "没有找到“南岭引进企业多少”" in reply.text


def test_a_difference_is_said_as_one():
    reply = two(
        "difference", judged_of(reading_of(EAST, "三十五家")), judged_of(reading_of(SOUTH, "20家"))
    )
    assert reply.text.startswith("相差15家（按所引数字算出）：")


def test_those_of_some_things_that_are_within_a_bound_are_named_and_counted():
    question = question_of(*EAST_AND_SOUTH, aim="which")
    told = judged_of(reading_of(EAST, "三十五家")), judged_of(reading_of(SOUTH, "20家"))
    over = answer(replace(question, text="东湾、南岭里，哪些引进的企业超过25家？"), *told)
    assert over.text.startswith("共1个：东湾（三十五家[1]）。")
    assert over.short == "东湾"
    none = answer(replace(question, text="东湾、南岭里，哪些引进的企业超过50家？"), *told)
    assert none.text.startswith("没有符合的：东湾（三十五家[1]）、南岭（20家[2]）。")
    assert none.short == "三十五家；20家"


def test_facts_behind_the_sixth_are_said_to_be_left_out():
    question = question_of("云桥镇新建了多少亩茶园？", "柳湾小学有多少名学生？", left_out=2)
    reply = answer(
        question, judged_of(reading_of(ACREAGE, "1.2万亩")), judged_of(reading_of(SCHOOL, "860名"))
    )
    assert "另有2项" in reply.text.split("\n")[-1]
    assert len(reply.claims) == 2


# --- Any answer -------------------------------------------------------------------------------

BODY = st.text(
    alphabet="。云桥镇茶园新建了多少亩家企业书记林晓峰说2019年1.2万6、，，：“”（）[1]",
    min_size=1,
    max_size=400,
)
ASKED = (
    "云桥镇新建了多少亩茶园？",
    f"{'很长的标签' * 12}：有几家？",
    "学校：柳湾小学有多少名学生？",
    "请说得详细一些" * 30,
)


def any_judged(number: int, body: str, is_believed: bool, data: st.DataObject) -> Judged:
    article = article_of(f"{body}。", "云桥镇", source=f"{number}.txt")
    found = []
    hit = hit_of(article)
    for sentence in sentences(article.text)[:4]:
        start = data.draw(st.integers(sentence.start, sentence.end - 1))
        end = data.draw(st.integers(start + 1, sentence.end))
        words = Range(start, end)
        members = (words,) if data.draw(st.booleans()) else ()
        found.append(
            Reading(hit, article, 0, sentence, words, members, 1.0, 1.0, share=0.5, certainty=0.5)
        )
    return judged_of(*found, is_believed=is_believed and bool(found))


@given(
    st.lists(st.tuples(st.sampled_from(ASKED), BODY, st.booleans()), min_size=1, max_size=4),
    st.sampled_from(["facts", "compare", "sum", "difference", "course"]),
    st.data(),
)
def test_a_text_is_bounded_its_quotes_are_verbatim_and_its_markers_are_those_cited(
    asked: list[tuple[str, str, bool]], aim: Aim, data: st.DataObject
):
    judged = [any_judged(n, body, is_there, data) for n, (_, body, is_there) in enumerate(asked)]
    if not any(one.is_believed for one in judged):
        return
    question = question_of(*(text for text, _, _ in asked), aim=aim)
    reply = answer(question, *judged)
    told = sum(one.is_believed for one in judged)
    listed = max(len(reply.claims) - told, 0)
    assert len(reply.text) <= 150 + 80 * (told - 1) + 80 * listed
    numbers = [citation.number for citation in reply.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    cited = {number for claim in reply.claims for number in claim.citations}
    assert cited == set(numbers)
    texts = {one.readings[0].article.id: one.readings[0].article for one in judged if one.readings}
    for citation in reply.citations:
        text = texts[citation.article_id].text
        assert text[citation.start : citation.end] == citation.quote
        assert "".join(text[a:b] for a, b in citation.source_spans) == citation.quote
    for claim in reply.claims:
        assert bool(claim.citations) == (claim.verdict == "supported")
        assert re.findall(r"\[(\d+)\]", claim.text)
        assert claim.text in reply.text
