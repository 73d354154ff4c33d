"""Several subjects, facts of another, and periods: the whole way, over invented pages."""

from __future__ import annotations

import pytest

import rag
from rag.datatypes import TextSpan
from rag.evidence.aboutness import begins_with
from tests.stories import BUILTIN, assert_quotes_hold, traditional

EAST = (
    "东湾高新区跑出加速度",
    (
        "东湾高新区跑出加速度\n"
        "去年，东湾高新区引进企业三十五家，实现产值120亿元。园区建成孵化器4个，设立两家院士工作站。\n"
        "第三季度，东湾高新区将新建人才公寓800套。"
    ),
    "2021-03-05",
)
LATER = (
    "东湾高新区再提速",
    "东湾高新区再提速\n去年，东湾高新区引进企业41家，实现产值150亿元。",
    "2022-02-01",
)
SOUTH = (
    "南岭高新区：产业向新",
    (
        "南岭高新区：产业向新\n"
        "南岭高新区2020年引进企业20家，实现产值96亿元。南岭高新区与东湾高新区、江北大学签约，共建实验室。\n"
        "南岭高新区2013年升级为国家级高新区，现有党员1200名，孵化器3个。"
    ),
    "2021-01-10",
)
NORTH = (
    "北川软件园党建红",
    (
        "北川软件园党建红\n"
        "北川软件园现有互联网企业310家，党员860名，党组织45个。\n"
        "2017年12月，北川软件园成立党建联盟。"
    ),
    None,
)
ROCK = (
    "青石开发区重民生",
    (
        "青石开发区重民生\n"
        "青石开发区2019年建成保障性住房1.3万套，改造提升学校12所，设立院士工作站1家。\n"
        "青石开发区的远航科技公司与江北大学张文教授团队合作，研发新电池。"
    ),
    None,
)
PAGES = (EAST, LATER, SOUTH, NORTH, ROCK)


@pytest.fixture(scope="module")
def chatbot() -> rag.Chatbot:
    articles = [
        rag.Article(
            id=f"memory/{number}#1",
            title=title,
            source=f"memory/{number}",
            text=text,
            spans=(TextSpan(0, 0, len(text)),),
            date=date,
        )
        for number, (title, text, date) in enumerate(PAGES, 1)
    ]
    return rag.Chatbot.from_articles(articles, BUILTIN)


def titles_cited(answer: rag.Answer) -> set[str]:
    return {citation.title for citation in answer.citations}


def assert_sound(chatbot: rag.Chatbot, answer: rag.Answer) -> None:
    texts = {f"memory/{number}": text for number, (_, text, _) in enumerate(PAGES, 1)}
    assert_quotes_hold(answer, chatbot.articles, texts)
    markers = {number for claim in answer.claims for number in claim.citations}
    assert markers == {citation.number for citation in answer.citations}


# --- Compared ---------------------------------------------------------------------------------


def test_a_comparison_is_a_line_for_each_and_the_result_of_what_is_quoted(chatbot: rag.Chatbot):
    answer = chatbot.answer("2020年东湾高新区和南岭高新区哪个引进的企业更多？")
    first, second, result = answer.text.split("\n")
    assert "三十五家" in first
    assert "[1]" in first
    assert "20家" in second
    assert "[2]" in second
    assert result == "东湾高新区（三十五家）多于南岭高新区（20家）。[1][2]"
    assert titles_cited(answer) == {EAST[0], SOUTH[0]}
    assert_sound(chatbot, answer)


def test_of_a_subject_that_only_stands_in_passing_nothing_is_told(chatbot: rag.Chatbot):
    answer = chatbot.answer("东湾高新区和江北大学哪个引进的企业多？")
    found, missing = answer.text.split("\n")
    assert "东湾高新区引进企业" in found
    assert missing == "材料里没有找到“江北大学引进的企业多少”的答案。"
    assert titles_cited(answer) <= {EAST[0], LATER[0]}  # each tells of its own last year
    assert_sound(chatbot, answer)


def test_a_comparison_of_what_nobody_tells_is_refused(chatbot: rag.Chatbot):
    answer = chatbot.answer("西岭开发区和东山开发区的茶园哪个大？")
    assert (answer.outcome, answer.citations) == ("no_evidence", ())


@pytest.mark.parametrize(
    ("name", "sentence", "is_so"),
    [
        ("江北", "江北大学的研究团队来到青石。", True),
        ("江北", "2020年，江北大学招生5000人。", True),
        ("江北", "远航科技公司与江北大学合作。", False),
        ("江北", "园区引进江北大学的团队。", False),
        ("江北", "截至2020年底江北大学有学生2万名。", True),
    ],
)
def test_a_subject_begins_a_clause(name: str, sentence: str, is_so: bool):
    assert begins_with(name, sentence) is is_so


# --- Listed -----------------------------------------------------------------------------------


def test_all_subjects_of_a_kind_are_listed_each_with_its_own_citation(chatbot: rag.Chatbot):
    answer = chatbot.answer("哪些园区设立了院士工作站？")
    assert titles_cited(answer) == {EAST[0], ROCK[0]}
    assert len(answer.text.split("\n")) == 2
    assert "东湾高新区：" in answer.text
    assert answer.short is None  # whose it is was asked, no figure of theirs
    assert_sound(chatbot, answer)


def test_only_subjects_of_the_kind_are_listed(chatbot: rag.Chatbot):
    answer = chatbot.answer("有哪些高新区建有孵化器？")
    assert titles_cited(answer) == {EAST[0], SOUTH[0]}


def test_articles_that_mention_a_thing_are_listed_by_title(chatbot: rag.Chatbot):
    answer = chatbot.answer("哪些文章提到了江北大学？")
    assert titles_cited(answer) == {SOUTH[0], ROCK[0]}
    assert all(f"《{title}》" in answer.text for title in titles_cited(answer))


def test_a_list_of_what_nobody_tells_is_refused(chatbot: rag.Chatbot):
    answer = chatbot.answer("哪些园区建成了核电站？")
    assert (answer.outcome, answer.citations) == ("no_evidence", ())


# --- Told of another --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "page", "owner"),
    [
        ("东湾高新区的软件园有多少家互联网企业？", NORTH, "北川软件园"),
        ("东湾高新区是哪一年升级为国家级高新区的？", SOUTH, "南岭高新区"),
        ("南岭高新区建成了多少套保障性住房？", ROCK, "青石开发区"),
    ],
)
def test_a_refusal_says_whose_the_fact_is_and_cites_nothing(
    chatbot: rag.Chatbot, question: str, page: tuple[str, str, str | None], owner: str
):
    answer = chatbot.answer(question)
    assert (answer.outcome, answer.citations, answer.claims) == ("no_evidence", (), ())
    assert f"《{page[0]}》" in answer.text
    assert f"说的是{owner}，不是" in answer.text
    assert question in answer.text


def test_a_figure_claimed_of_the_wrong_subject_is_corrected_with_a_citation(chatbot: rag.Chatbot):
    answer = chatbot.answer("南岭高新区建成了1.3万套保障性住房，是吗？")
    assert answer.outcome == "answered"
    assert answer.text.startswith("说的不是南岭高新区，而是青石开发区：")
    assert titles_cited(answer) == {ROCK[0]}
    assert_sound(chatbot, answer)


def test_a_refusal_without_anything_like_it_names_the_nearest_article(chatbot: rag.Chatbot):
    answer = chatbot.answer("西岭开发区的机场有几条跑道？")
    assert answer.outcome == "no_evidence"
    assert "最接近的是《" in answer.text


# --- Periods ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "figure"), [("2020年", "三十五家"), ("二〇二〇年", "三十五家"), ("2021年", "41家")]
)
def test_last_year_is_the_year_before_the_article(chatbot: rag.Chatbot, year: str, figure: str):
    answer = chatbot.answer(f"东湾高新区{year}引进了多少家企业？")
    assert answer.short == figure
    assert len(answer.citations) == 1


def test_a_year_that_no_article_is_about_is_refused(chatbot: rag.Chatbot):
    assert chatbot.answer("东湾高新区2019年引进了多少家企业？").outcome == "no_evidence"


@pytest.mark.parametrize("period", ["三季度", "第三季度", "7月至9月", "7—9月"])
def test_a_quarter_is_found_in_any_printing(chatbot: rag.Chatbot, period: str):
    assert chatbot.answer(f"东湾高新区{period}新建多少套人才公寓？").short == "800套"


def test_another_quarter_is_refused(chatbot: rag.Chatbot):
    assert chatbot.answer("东湾高新区四季度新建多少套人才公寓？").outcome == "no_evidence"


def test_what_was_searched_is_shown_in_digits(chatbot: rag.Chatbot):
    searched, *_, answer = chatbot.stream("二〇二〇年哪个园区设立了两家院士工作站？")
    assert isinstance(searched, rag.Searched)
    assert isinstance(answer, rag.Answer)
    assert searched.readings == answer.readings == ("2020年", "2家")
    assert chatbot.answer("东湾高新区在哪里？").readings == ()


def test_a_figure_leads_only_where_its_own_clause_is_asked_about(chatbot: rag.Chatbot):
    history = [rag.Message("user", "北川软件园现有多少家互联网企业？")]
    answer = chatbot.answer("那党员呢？", history)
    assert answer.query.startswith("北川软件园")
    assert "党员860名" in answer.text
    assert not answer.text.startswith("310家")


@pytest.mark.parametrize(
    "question",
    ["东湾高新区的软件园有多少家互联网企业？", "2020年东湾高新区和南岭高新区哪个引进的企业更多？"],
)
def test_a_question_in_traditional_characters_is_answered_alike(
    chatbot: rag.Chatbot, question: str
):
    same, asked = chatbot.answer(question), chatbot.answer(traditional(question))
    assert asked.outcome == same.outcome
    assert titles_cited(asked) == titles_cited(same)
    assert ("《北川软件园党建红》" in asked.text) is ("《北川软件园党建红》" in same.text)


def test_a_name_at_the_start_of_a_later_line_stands_first():
    assert begins_with("青冈市中", "两家医院扩建\n青冈市中医院设有科室21个。")
    assert begins_with("青冈市中", "两家医院扩建。青冈市中医院设有科室21个。")


def test_compared_persons_may_stand_anywhere_in_a_sentence():
    """Only of names with a kind are passages left out that name them in passing."""
    texts = (
        "老街夜市起火。经查，起火原因是电线老化。32岁的店主赵海在灭火时受伤，已送往云桥医院。",
        "码头清淤完工。参加清淤的工人里，年纪最大的是58岁的王海，他在码头干了三十年。",
    )
    articles = [
        rag.Article(
            id=f"memory/{number}#1",
            title=text[:4],
            source=f"memory/{number}",
            text=text,
            spans=(TextSpan(0, 0, len(text)),),
        )
        for number, text in enumerate(texts)
    ]
    answer = rag.Chatbot.from_articles(articles, BUILTIN).answer("赵海和王海各是多少岁？")
    assert "32岁" in answer.text
    assert "58岁" in answer.text
