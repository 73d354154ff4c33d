"""The answer without a chat model: short, quoted word for word, the fact first."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answerers.builtin import BuiltinAnswerer
from rag.answerers.declining import decline
from rag.answerers.reply import Reply
from rag.articles import article_from_text
from rag.datatypes import Hit, Passage
from rag.evidence import Finding
from rag.evidence.candidates import gather
from rag.evidence.features import QuestionView
from rag.evidence.reading import builtin_sentence_reader
from rag.models.term_weights import builtin_term_weights
from rag.queries import analyse
from rag.text import sentences

ACREAGE = "云桥镇新建茶园1.2万亩，引进制茶企业6家。"
LONG = (
    "过去一年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户，修通产业路36公里，"
    "建起卫生室3所，绿化荒山9000亩，安装路灯1500盏，整治河道18公里，新建广场4处，"
    "改造危房260间，铺设管网75公里，种下果树8万棵，培训茶农1900人次，办起茶叶合作社12个，"
    "云桥镇还请来专家24名，评选示范户58户。"
)


def finding(
    question: str, text: str, answerable: float = 1.0, number: int = 1, lead: float = 5.0
) -> Finding:
    """A finding whose best sentence is the first of the text."""
    article = article_from_text(f"memory/{number}#1", "云桥镇", text, f"memory/{number}")
    passage = Passage(article.id, article.title, "", text, 0, len(text))
    hit = Hit(passage, 1.0, ("terms",), article.source, ((0, len(text)),))
    query = analyse(question)
    candidates = tuple(gather([hit], {article.id: article}))
    view = QuestionView.of(query, builtin_term_weights())
    return Finding(
        query=query,
        view=view,
        candidates=candidates,
        scores=tuple(-lead * rank for rank in range(len(candidates))),
        guesses=builtin_sentence_reader().read(view, candidates).guesses if candidates else (),
        answerable=answerable,
    )


def drain(stream: Generator[str, None, Reply]) -> tuple[list[str], Reply]:
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            return pieces, end.value


def answer(*findings: Finding, threshold: float = 0.5) -> Reply:
    pieces, reply = drain(BuiltinAnswerer(threshold=threshold).stream("问题", findings))
    assert "".join(pieces) == reply.text
    assert len(pieces) == len(findings)
    return reply


def test_the_asked_for_fact_stands_first_then_the_quote_then_its_marker():
    reply = answer(finding("云桥镇新建了多少亩茶园？", ACREAGE))
    assert reply.text == f"1.2万亩：{ACREAGE}[1]"
    assert reply.short == "1.2万亩"
    assert (reply.outcome, reply.model, reply.error) == ("answered", "builtin", None)
    (claim,) = reply.claims
    assert (claim.text, claim.verdict, claim.citations) == (reply.text, "supported", (1,))
    (citation,) = reply.citations
    assert (citation.number, citation.quote) == (1, ACREAGE)


def test_without_a_clear_fact_the_quote_stands_alone():
    reply = answer(finding("云桥镇的茶怎么样？", "云桥镇的茶很香。"))
    assert reply.text == "云桥镇的茶很香。[1]"
    assert reply.short is None


def test_a_quote_without_an_end_gets_a_full_stop_outside_the_citation():
    reply = answer(finding("云桥镇的茶怎么样？", "云桥镇的茶很香"))
    assert reply.text == "云桥镇的茶很香。[1]"
    assert reply.citations[0].quote == "云桥镇的茶很香"


@pytest.mark.parametrize("ending", ["。", "！", "？", "……", "。”"])
def test_a_quote_with_an_end_keeps_it_and_gets_no_other(ending: str):
    reply = answer(finding("云桥镇的茶怎么样？", f"云桥镇的茶很香{ending}"))
    assert reply.text == f"云桥镇的茶很香{ending}[1]"


def test_of_a_long_sentence_whole_clauses_with_the_fact_are_quoted():
    reply = answer(finding("云桥镇培训了多少人次茶农？", LONG))
    (citation,) = reply.citations
    assert "培训茶农1900人次" in citation.quote
    assert citation.quote in LONG
    assert citation.quote != LONG
    assert len(reply.text) <= 150


def test_two_facts_get_a_claim_and_a_number_each():
    reply = answer(
        finding("云桥镇新建了多少亩茶园？", ACREAGE),
        finding("柳湾小学有多少名学生？", "柳湾小学有860名学生。", number=2),
    )
    assert reply.text == f"1.2万亩：{ACREAGE}[1]\n860名：柳湾小学有860名学生。[2]"
    assert reply.short == "1.2万亩；860名"
    assert [claim.citations for claim in reply.claims] == [(1,), (2,)]


def test_the_same_quote_is_cited_once_under_one_number():
    reply = answer(
        finding("云桥镇新建了多少亩茶园？", ACREAGE), finding("云桥镇引进了几家企业？", ACREAGE)
    )
    assert [citation.number for citation in reply.citations] == [1]
    assert [claim.citations for claim in reply.claims] == [(1,), (1,)]
    assert reply.text.count("[1]") == 2


def test_a_part_without_an_answer_is_said_to_be_missing_and_the_rest_is_answered():
    reply = answer(
        finding("云桥镇新建了多少亩茶园？", ACREAGE),
        finding("云桥镇有几座机场？", "云桥镇的茶很香。", answerable=0.1),
    )
    found, missing = reply.claims
    assert found.verdict == "supported"
    assert (missing.verdict, missing.citations) == ("not_found", ())
    assert missing.text == "材料里没有找到“云桥镇有几座机场”的答案。"
    assert reply.text == f"{found.text}\n{missing.text}"
    assert reply.short is None
    assert len(reply.citations) == 1


def test_a_finding_without_candidates_is_missing_even_when_everything_passes():
    empty = finding("云桥镇有几座机场？", "", answerable=0.0)
    assert empty.candidates == ()
    reply = answer(finding("云桥镇新建了多少亩茶园？", ACREAGE), empty, threshold=0.0)
    assert [claim.verdict for claim in reply.claims] == ["supported", "not_found"]


def test_a_close_call_quotes_both_sentences_and_puts_no_fact_first():
    text = f"{LONG}云桥镇的茶园去年是9000亩。"
    _, reply = drain(
        BuiltinAnswerer(threshold=0.5).stream(
            "问题", [finding("云桥镇有多少亩茶园？", text, lead=0.5)]
        )
    )
    assert [claim.citations for claim in reply.claims] == [(1,), (2,)]
    assert all(citation.quote in text for citation in reply.citations)
    assert reply.short is None
    assert len(reply.text) <= 150


def test_with_one_fact_found_the_others_need_less_to_be_believed():
    sure = finding("云桥镇有多少亩茶园？", ACREAGE, 0.9)
    unsure = finding("西坪村有多少亩茶园？", "西坪村有茶园300亩。", 0.2, number=2)
    assert len(answer(sure, unsure).citations) == 2
    doubtful = finding("西坪村有多少亩茶园？", "西坪村有茶园300亩。", 0.1, number=2)
    assert len(answer(sure, doubtful).citations) == 1


def test_a_declining_reply_names_what_was_sought_and_what_came_near_and_cites_nothing():
    reply = decline("云桥镇有几座机场？", "云桥镇的茶")
    assert reply.outcome == "no_evidence"
    assert reply.text == (
        "材料里没有找到“云桥镇有几座机场？”的答案。最接近的是《云桥镇的茶》，但其中没有答案。"
    )
    assert (reply.citations, reply.claims, reply.short) == ((), (), None)
    assert "《" not in decline("云桥镇有几座机场？", "").text


def test_a_declining_reply_to_a_long_question_stays_short():
    assert len(decline("问" * 1000, "").text) < 100


QUESTIONS = (
    "云桥镇新建了多少亩茶园？",
    "云桥镇有哪些企业？",
    "云桥镇的书记是谁？",
    "云桥镇为什么修路？",
    "云桥镇什么时候修的路？" + "请说得详细一些" * 30,
)
BODY = st.text(
    alphabet="云桥镇茶园新建了多少亩家企业书记林晓峰说2019年1.2万6、，，：“”（）",
    min_size=1,
    max_size=400,
)


@given(st.lists(st.tuples(st.sampled_from(QUESTIONS), BODY, st.booleans()), min_size=1, max_size=4))
def test_a_text_is_bounded_its_quotes_are_verbatim_and_its_markers_are_those_cited(
    asked: list[tuple[str, str, bool]],
):
    findings = [
        finding(question, f"{body}。", 1.0 if is_there else 0.0, number)
        for number, (question, body, is_there) in enumerate(asked, 1)
    ]
    reply = answer(*findings)
    assert len(reply.text) <= 150 + 80 * (len(findings) - 1)
    assert set(map(int, re.findall(r"\[(\d+)\]", reply.text))) == {
        citation.number for citation in reply.citations
    }
    assert [citation.number for citation in reply.citations] == [
        number for number, _ in enumerate(reply.citations, 1)
    ]
    texts = {one.candidates[0].article.id: one.candidates[0].article.text for one in findings}
    for citation in reply.citations:
        text = texts[citation.article_id]
        assert citation.quote in reply.text
        assert text[citation.start : citation.end] == citation.quote
        assert "".join(text[a:b] for a, b in citation.source_spans) == citation.quote
        inside = [s for s in sentences(text) if s.start <= citation.start and citation.end <= s.end]
        assert inside, "a quote never runs over two sentences"
    for claim in reply.claims:
        assert bool(claim.citations) == (claim.verdict == "supported")
