"""What the page renders and how its conversation runs, without a server."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from page import listing, messages, panel, rendering, settings_view
from page.escaping import literal
from page.library import Library, key_of
from page.turns import Turn, history
from rag import Finding
from rag.datatypes import Answer, AnswerPart, Article, Citation, Claim, Copy, Message, Searched
from tests.fake_chatbot import ARTICLES, HOSTILE, FakeChatbot, a_library, make_article
from tests.shown_page import Page

# Gradio sums up its queue with pandas, whether or not anybody asks.
pytestmark = pytest.mark.filterwarnings("ignore:The copy keyword is deprecated")
VISIBLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60)
ALLOWED_TAGS = {
    *("a", "article", "b", "br", "details", "div", "h1", "h2", "li", "mark", "nav", "ol", "p"),
    *("dd", "dl", "dt", "span", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ALLOWED_ATTRIBUTES = {"class", "href", "title", "aria-label", "tabindex", "role"}
LINKS = re.compile(r"#[a-z]+-[0-9a-f]+-\d+|")


def quote(article: Article, number: int, start: int, end: int) -> Citation:
    spans = article.source_spans(start, end)
    text = article.text[start:end]
    return Citation(number, article.id, article.title, article.source, text, start, end, spans)


def finished(question: str, history: tuple[Message, ...] = ()) -> Turn:
    turn = Turn(question)
    for event in FakeChatbot().stream(question, history):
        turn.receive(event)
    return turn


@st.composite
def quoted_articles(draw: st.DrawFn) -> tuple[Article, list[Citation]]:
    article = make_article("a.txt", draw(VISIBLE), draw(VISIBLE.filter(bool)))
    places = st.integers(0, len(article.text))
    ranges = draw(st.lists(st.tuples(places, places), max_size=5))
    return article, [
        quote(article, number, min(pair), max(pair)) for number, pair in enumerate(ranges, 1)
    ]


@given(VISIBLE)
def test_literal_text_is_shown_sign_for_sign_and_holds_nothing_to_interpret(text: str) -> None:
    shown = literal(text)
    assert html.unescape(shown.replace("<br>", "\n")) == text
    assert not re.search(r"""[<>"'`*_\[\](){}$@!|~\\:/.-]""", shown.replace("<br>", ""))


def test_control_characters_are_shown_as_replaced() -> None:
    assert literal("a\x00\x1b[31m\rb") == "a\ufffd\ufffd&#91;31m\ufffdb"


@given(quoted_articles(), st.integers(0, 5))
def test_the_shown_article_is_its_text_with_exactly_the_quoted_words_marked(
    quoted: tuple[Article, list[Citation]], current: int
) -> None:
    article, citations = quoted
    page = Page(panel.render_body(article, citations, current))
    assert page.text == article.text
    for place, sign in enumerate(article.text):
        over = [item.number for item in citations if item.start <= place < item.end]
        expected = None if not over else "now" if current in over else ""
        assert page.marks[place] == (None if sign == "\n" else expected)


def test_overlapping_quotes_and_quotes_over_blocks_keep_their_words() -> None:
    article = make_article("a.txt", "题", "甲乙丙丁\n戊己庚辛")
    citations = [quote(article, 1, 1, 6), quote(article, 2, 3, 8)]
    page = Page(panel.render_body(article, citations, 2))
    shown = "".join(sign for sign, mark in zip(page.text, page.marks, strict=True) if mark == "now")
    assert page.text == article.text
    assert shown == "丁戊己庚"


def test_quotes_of_other_articles_are_not_marked() -> None:
    citations = [quote(ARTICLES[1], 1, 0, 5)]
    assert "<mark" not in panel.render_body(ARTICLES[0], citations, 1)


def test_title_byline_and_caption_lines_are_told_apart() -> None:
    article = make_article(
        "a.txt", "大标题", "大标题\n张三\n正文大标题。\n图一", byline="张三", captions=("图一",)
    )
    classes = [tag[1]["class"] for tag in Page(panel.render_body(article, ())).tags]
    assert classes == ["headline", "byline", "", "caption"]


def hostile_markup() -> Iterator[str]:
    """Every rendering, with hostile words wherever words of others can stand."""
    turns = [finished(word) for word in ("全部恶意", "卡住恶意内容", "全部存疑恶意", HOSTILE)]
    turns += [Turn(HOSTILE, text=HOSTILE, error=HOSTILE)]
    turns += [Turn(HOSTILE, searched=Searched(f"{HOSTILE}!", ()))]
    yield from (message["content"] for message in messages.render_messages(turns))
    copied = [
        replace(hit, also_in=(Copy(HOSTILE, HOSTILE, HOSTILE),)) for hit in turns[0].answer.hits
    ]
    yield rendering.render_hits(copied)
    bad = make_article(
        HOSTILE, HOSTILE, f"{HOSTILE}\n{HOSTILE}", date=HOSTILE, byline=HOSTILE, captions=(HOSTILE,)
    )
    citations = [quote(bad, 1, 0, 20), quote(bad, 2, 10, len(bad.text))]
    library = a_library(FakeChatbot([bad]))
    yield panel.render_article(library, bad, citations, panel.Link("cite", "0", 1))
    yield panel.render_found(turns[0].hits, "0")
    yield listing.render_list(library)
    yield settings_view.render_holdings(Library(FakeChatbot([bad]), Path(HOSTILE)))
    yield settings_view.render_findings([Finding(HOSTILE, HOSTILE, False)])
    reasons = (Claim(HOSTILE, "not_found", (HOSTILE,), (7,)),)
    text = f"{HOSTILE}[7]\n\n# {HOSTILE}"
    yield rendering.render_answer(Answer("", HOSTILE, "answered", text, HOSTILE, claims=reasons), 0)


@pytest.mark.parametrize("markup", list(hostile_markup()), ids=str.__len__)
def test_words_of_articles_models_and_readers_never_become_markup(markup: str) -> None:
    page = Page(markup)
    assert HOSTILE[:30] in page.text or not page.text.strip("恶意内容卡住存疑全部")
    for tag, attributes in page.tags:
        assert tag in ALLOWED_TAGS
        assert set(attributes) <= ALLOWED_ATTRIBUTES
        assert LINKS.fullmatch(attributes.get("href") or "")
    without_ours = re.sub(r"</p>\n|<[^<>]*>", "", markup)
    assert not re.search(r"[<>`*_\[\](){}$@!\\\n]", without_ours)


def test_markers_lead_to_their_citations_and_unknown_numbers_stay_text() -> None:
    citations = (quote(ARTICLES[0], 1, 0, 4),)
    answer = Answer("问", "问", "answered", "甲[1]乙[9]。", "m", citations=citations)
    page = Page(rendering.render_text(answer, 3))
    assert page.text == answer.text
    assert [tag[1]["href"] for tag in page.tags] == ["#cite-3-1"]
    assert page.tags[0][1]["title"] == f"引用 1：{citations[0].quote}".replace("\n", " ")


WEAK = {name: label for name, label in rendering.VERDICTS.items() if name != "supported"}


@pytest.mark.parametrize(("verdict", "label"), WEAK.items())
@pytest.mark.parametrize("text", ["甲.有（二）[1]。", "甲.有（二）。"])
def test_a_claim_that_is_not_supported_is_marked(verdict: Any, label: str, text: str) -> None:
    claims = (
        Claim("头一句[1]。", "supported", (), (1,)),
        Claim(text, verdict, ("数字不同", "<地名>不同"), (1,)),
    )
    answer = Answer("问", "问", "answered", "头一句[1]。甲.有（二）[1]。尾。", "m", claims=claims)
    page = Page(rendering.render_text(answer, 0))
    assert page.text == f"头一句[1]。甲.有（二）[1]。{label}尾。"
    held, weak = [tag[1] for tag in page.tags[:2]]
    assert held == {"class": "yj-held", "title": "有据"}
    assert weak == {"class": "yj-weak", "title": "数字不同；<地名>不同"}


def test_an_answer_shows_number_quote_title_and_file_of_each_citation() -> None:
    turn = finished("安康高新区建了几家院士工作站？")
    assert turn.answer is not None
    text = Page(messages.render_turn(turn, 0)).text
    for item in turn.answer.citations:
        assert f"[{item.number}] {item.quote}《{item.title}》 {item.source}" in text


def test_the_other_articles_of_a_story_are_named_below_its_quote_and_its_passage() -> None:
    turn = finished("安康高新区建了几家院士工作站？")
    assert turn.answer is not None
    copies = tuple(Copy(f"{n}.txt#1", f"题<{n}>", f"{n}.txt") for n in range(7))
    hits = tuple(replace(hit, also_in=copies) for hit in turn.answer.hits)
    also = "另见 " + "，".join(f"《题<{n}>》 {n}.txt" for n in range(5)) + " 等 7 篇"
    for outcome in ("answered", "failed"):
        answer = replace(turn.answer, hits=hits, outcome=outcome)
        assert also in Page(rendering.render_answer(answer, 0)).text
    assert "另见" not in rendering.render_answer(turn.answer, 0)


def test_a_refusal_shows_no_citation() -> None:
    markup = messages.render_turn(finished("石河子天气"), 0)
    assert "没有找到" in markup
    assert "#cite-" not in markup
    assert "<details" not in markup


def test_the_article_that_a_refusal_names_is_the_first_that_it_links() -> None:
    answer = finished("石河子高新区和安康高新区的天气").answer
    assert answer is not None
    titles = list(dict.fromkeys(hit.passage.title for hit in answer.hits))
    assert len(titles) > 1
    named = replace(answer, text=f"没有找到。最接近的是《{titles[1]}》。")
    near = rendering.render_answer(named, 0).split("最接近的文章：")[1]
    first, second = (near.index(literal(one)) for one in (titles[1], titles[0]))
    assert first < second


def test_a_failed_answer_shows_its_error_and_folds_the_found_passages() -> None:
    markup = messages.render_turn(finished("卡住的石河子高新区"), 0)
    assert "没能作答：对话模型没有回应" in Page(markup).text
    assert re.search(r"<details><summary>[^<]+</summary><ul><li>", markup)
    assert "石河子高新区于2013年升级为国家高新区" in Page(markup).text
    assert "#cite-" not in markup


def test_what_an_answer_cited_before_it_failed_is_listed_beside_the_found_passages() -> None:
    turn = finished("安康高新区建了几家院士工作站？")
    assert turn.answer is not None
    broken = replace(turn.answer, outcome="failed", error="答到一半断了")
    markup = rendering.render_answer(broken, 0)
    assert markup.count("yj-citations") == 1
    assert "<details>" in markup


def test_a_query_that_differs_from_the_question_is_shown() -> None:
    earlier = (Message("user", "石河子高新区"), Message("assistant", "好"))
    assert (
        "检索的是：石河子高新区何时？"
        in Page(messages.render_turn(finished("何时？", earlier), 0)).text
    )
    assert "检索的是" not in messages.render_turn(finished("石河子高新区何时升级？"), 0)


def test_the_states_of_a_turn_are_told_in_words() -> None:
    assert "检索中…" in messages.render_turn(Turn("问"), 0)
    assert "排队中，前面还有 2 个…" in Page(messages.render_turn(Turn("问", ahead=2), 0)).text
    follow_up = messages.render_turn(Turn("问", follows=True), 0)
    assert "正在联系上文理解追问并检索…" in Page(follow_up).text
    found = Turn("问", searched=Searched("问", ()))
    assert Page(messages.render_turn(found, 0)).text == "正在读证据…"
    found.receive("半")
    assert "正在写回答…" in Page(messages.render_turn(found, 0)).text
    stopped = messages.render_turn(Turn("问", text="半句", stopped=True), 0)
    assert Page(stopped).text.startswith("半句（已停止）")


def test_history_is_the_last_six_replies_as_plain_text() -> None:
    turns = [Turn(f"问{i}", text=f"<答>{i}[1]") for i in range(8)]
    turns.insert(7, Turn("没有回答", error="坏了"))
    assert history(turns) == tuple(
        message
        for i in range(2, 8)
        for message in (Message("user", f"问{i}"), Message("assistant", f"<答>{i}[1]"))
    )


def test_links_open_the_citation_or_the_article() -> None:
    library, turns = (
        a_library(FakeChatbot()),
        [Turn("问", stopped=True), finished("院士工作站几家？")],
    )
    cited = panel.render_link(library, turns, "#cite-1-1")
    assert cited is not None
    page = Page(cited)
    shown = "".join(sign for sign, mark in zip(page.text, page.marks, strict=True) if mark == "now")
    assert turns[1].answer is not None
    assert shown == turns[1].answer.citations[0].quote
    assert (
        ARTICLES[1].text
        in Page(panel.render_link(library, turns, f"#read-{key_of(ARTICLES[1].id)}-0") or "").text
    )


@pytest.mark.parametrize(
    "link",
    ["", "#cite-0-1", "#cite-1-99", "#cite-9-1", "#read-99-0", "#cite--1-1", "#cite-1-1\n", "x"],
)
def test_links_that_lead_nowhere_open_nothing(link: str) -> None:
    turns = [Turn("问", stopped=True), finished("院士工作站几家？")]
    assert panel.render_link(a_library(FakeChatbot()), turns, link) is None


def test_the_sentences_of_an_answer_are_counted_by_their_verdicts() -> None:
    claims = tuple(
        Claim(f"第{n}句。", verdict, (f"缘故<{n}>",), ())
        for n, verdict in enumerate(("supported", "partly", "not_found", "not_found"))
    )
    text = "".join(claim.text for claim in claims)
    answer = Answer("问", "问", "answered", text, "scripted", claims=claims)
    shown = rendering.render_answer(answer, 1)
    assert "共 4 句，1 句有据，1 句部分有据，2 句未找到依据" in shown
    assert "第 2 句：缘故<1>第 3 句：缘故<2>第 4 句：缘故<3>" in Page(shown).text
    assert "缘故<0>" not in Page(shown).text
    fine = Answer("问", "问", "answered", "第0句。", "scripted", claims=claims[:1])
    assert "共 1 句，1 句有据" in rendering.render_answer(fine, 1)
    declined = Answer("问", "问", "no_evidence", "没有。", "scripted")
    assert "逐句核对" not in rendering.render_answer(declined, 1)


def test_numbers_that_were_searched_in_digits_are_shown() -> None:
    searched = Searched("引进了两家企业", (), ("2家",))
    shown = messages.render_turn(Turn("引进了两家企业", searched=searched), 0)
    assert "按“2家”查找" in shown
    assert "按" not in messages.render_turn(Turn("问", searched=Searched("问", ())), 0)


# --- Several facts ----------------------------------------------------------------------------


def a_part(query: str, number: int) -> AnswerPart:
    return AnswerPart(query, "answered", f"<b>{number}家</b>", "2021-08-03", 0.9, (number,))


def test_three_facts_have_a_table_above_the_sentences_and_two_have_none():
    turn = finished("安康高新区建了几家院士工作站？")
    assert turn.answer
    numbers = [citation.number for citation in turn.answer.citations]
    parts = tuple(a_part(f"{n}镇有几家茶厂？", numbers[0]) for n in "东西南")
    shown = rendering.render_answer(replace(turn.answer, parts=parts), 0)
    assert shown.count("<tr>") == 4
    assert shown.index("<table") < shown.index("yj-text")
    assert "<b>1家" not in shown
    assert f"#cite-0-{numbers[0]}" in shown
    assert "<table" not in rendering.render_answer(replace(turn.answer, parts=parts[:2]), 0)
