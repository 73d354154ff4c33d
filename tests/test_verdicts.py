"""How a sentence stands up to the words it cites, and the reasons a reader is given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import align, verify
from rag.citations.markers import Sentence
from rag.citations.names import are_posts
from rag.citations.verdicts import changes, overlap
from rag.datatypes import Citation, Evidence
from tests.fakes import DenialEntailment

ROADS = "去年，云桥镇新修公路36公里，投资4,200万元。"
TEA = "云桥镇有茶园1.2万亩，比前年多了800亩。"
VISIT = "8月3日，县长周明远在云桥镇调研时表示，镇政府将在年底前建成两所幼儿园。"


def evidence(text: str, title: str = "云桥镇", date: str | None = None) -> Evidence:
    return Evidence("a.txt#1", title, "a.txt", text, 0, len(text), ((0, len(text)),), 1.0, date)


@pytest.mark.parametrize("words", [ROADS, TEA, VISIT])
def test_a_sentence_is_supported_by_itself(words):
    assert verify(words, [evidence(words)]) == ("supported", ())


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("云桥镇去年新修了三十六公里公路。", ROADS),
        ("云桥镇去年新修公路36000米，投资0.42亿元。", ROADS),
        ("云桥镇有12000亩茶园。", TEA),
        ("县长周明远表示，镇政府将在年底前建成2所幼儿园。", VISIT),
        ("八月三号，周明远在云桥镇调研。", VISIT),
    ],
)
def test_other_words_for_the_same_are_supported(sentence, words):
    assert verify(sentence, [evidence(words)]) == ("supported", ())


@pytest.mark.parametrize(
    ("sentence", "words", "reason"),
    [
        ("云桥镇去年新修公路63公里。", ROADS, "引文里没有数字 63公里"),
        ("云桥镇去年新修公路36米。", ROADS, "引文里没有数字 36米"),
        ("云桥镇今年新修公路36公里。", ROADS, "引文里没有日期 今年"),
        ("8月4日，县长周明远在云桥镇调研。", VISIT, "引文里没有日期 8月4日"),
        ("县长李国强在云桥镇调研时表示，将建成两所幼儿园。", VISIT, "李国强"),
        ("书记周明远在云桥镇调研时表示，将建成两所幼儿园。", VISIT, "书记"),
        ("云桥镇有茶园超过1.2万亩，比前年多了800亩。", TEA, "引文里没有“超过1.2万亩”"),
        ("云桥镇有茶园1.2万亩，比前年少了800亩。", TEA, "“多”，不是“少”"),
        ("县长周明远在苏州调研时表示，将建成两所幼儿园。", VISIT, "苏州"),
        ("县长周明远表示，镇政府将不在年底前建成两所幼儿园。", VISIT, "相反"),
    ],
)
def test_a_changed_fact_is_named(sentence, words, reason):
    verdict, reasons = verify(sentence, [evidence(words)])
    assert verdict != "supported"
    assert any(reason in one for one in reasons)


LEVELS = "昨日12时，柳湾站流量1072立方米，石塘站流量1820立方米，双河站流量2600立方米。"
FIRMS = "滨江茶叶进出口公司和双河农业机械集团都在云桥镇建了厂。"
STREETS = "镇里今年修了文昌街、柳荫巷、染坊街和石板巷，栽树300棵。染坊街最长。"


@pytest.mark.parametrize(
    ("sentence", "words", "reason"),
    [
        ("柳湾站流量1820立方米。", LEVELS, "这样说的是 1072立方米，不是 1820立方米"),
        ("双河站流量1072立方米。", LEVELS, "这样说的是 2600立方米"),
        ("滨江茶叶机械集团在云桥镇建了厂。", FIRMS, "茶叶机械"),
        ("镇里今年修了文昌街、柳荫巷和石板巷。", STREETS, "引文还列举了“染坊街”"),
        ("镇里今年修了文昌街、栽树、染坊街和石板巷。", STREETS, "列举里没有“栽树”"),
    ],
)
def test_words_that_are_there_and_belong_to_another_are_named(sentence, words, reason):
    verdict, reasons = verify(sentence, [evidence(words, title="")])
    assert verdict != "supported"
    assert any(reason in one for one in reasons), reasons


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("石塘站流量1820立方米。", LEVELS),
        ("柳湾站流量1072立方米，双河站流量2600立方米。", LEVELS),
        ("双河农业集团在云桥镇建了厂。", FIRMS),
        ("滨江茶叶公司在云桥镇建了厂。", FIRMS),
        ("镇里今年修了文昌街、柳荫巷等。", STREETS),
        ("云桥镇修路36公里。", "云桥镇去年修路12公里，今年修路36公里。"),
        ("云桥镇和柳湾镇一起修了路。", "云桥镇和柳湾镇共同修了两条路。"),
    ],
)
def test_what_is_only_shortened_is_no_other_thing(sentence, words):
    assert verify(sentence, [evidence(words, title="")]) == ("supported", ())


WEATHER = "云桥镇26日多云，气温26到37摄氏度。收费站临时关闭。"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("云桥镇26日气温26摄氏度。", "是一个范围的一头"),
        ("因为收费站临时关闭。", "引文没有说“因为”"),
        ("云桥镇26日多云，鹦鹉吃馒头。", "鹦鹉"),
    ],
)
def test_what_only_looks_like_the_words_is_named(sentence, reason):
    verdict, reasons = verify(sentence, [evidence(WEATHER, title="")])
    assert verdict != "supported"
    assert any(reason in one for one in reasons), reasons


@pytest.mark.parametrize(
    "sentence", ["云桥镇26日最高气温37摄氏度。", "云桥镇26日气温26到37摄氏度。", "收费站临时关闭。"]
)
def test_an_end_of_a_range_that_is_called_so_stands(sentence):
    assert verify(sentence, [evidence(WEATHER, title="")]) == ("supported", ())


def test_a_number_before_a_dash_and_another_unit_is_no_end_of_a_range():
    words = [evidence("云桥镇新路一期—1工程5月竣工，气温26度—37度。", title="")]
    assert verify("云桥镇新路一期工程5月竣工。", words) == ("supported", ())
    assert "是一个范围的一头" in "".join(verify("云桥镇新路5月竣工，气温26度。", words)[1])


def test_the_words_of_a_question_that_the_quotes_answer_are_no_objection():
    words = [evidence("据介绍，该镇新修公路36公里。", title="")]
    asked = "8月3日云桥镇那位当家人说的新公路有多长？"
    sentence = "8月3日云桥镇那位当家人说的新公路有36公里。"
    assert verify(sentence, words)[0] != "supported"
    assert verify(sentence, words, question=asked) == ("supported", ())


@pytest.mark.parametrize(
    ("asked", "repeated", "answered"),
    [
        ("新公路是外乡人凑钱铺的吧？", "新公路是外乡人凑钱铺的。", "外乡人凑钱铺的是新修公路。"),
        ("外乡人铺的路有多长？", "外乡人铺的路有。", "外乡人铺的路有36公里。"),
    ],
)
def test_a_question_repeated_as_a_statement_is_not_excused_by_itself(asked, repeated, answered):
    words = [evidence("据介绍，该镇新修公路36公里。", title="")]
    assert verify(repeated, words, question=asked) == verify(repeated, words)
    assert verify(repeated, words)[0] != "supported"
    assert verify(answered, words)[0] != "supported"
    assert verify(answered, words, question=asked) == ("supported", ())


def test_a_date_of_a_question_is_no_excuse_where_the_quotes_tell_of_another():
    asked = "云桥镇4月修了多少公里路？"
    sentence = "云桥镇4月修了36公里路。"
    undated, dated = ([evidence(f"云桥镇{when}修了36公里路。", title="")] for when in ("", "5月"))
    assert verify(sentence, undated)[0] != "supported"
    assert verify(sentence, undated, question=asked) == ("supported", ())
    assert verify(sentence, dated, question=asked)[1] == verify(sentence, dated)[1]
    assert "引文里没有日期 4月" in verify(sentence, dated, question=asked)[1]


def test_a_small_count_that_points_at_things_is_excused_and_another_figure_is_not():
    words = [evidence("均坐落于云桥镇中心的柳树广场。", title="")]
    for count, is_excused in (("两座", True), ("12座", False)):
        asked = f"云桥镇那{count}大祠堂在哪个广场？"
        verdict, reasons = verify(f"云桥镇那{count}大祠堂在柳树广场。", words, question=asked)
        assert (verdict == "supported") is is_excused, reasons


def test_a_figure_of_a_question_is_none_of_its_answer():
    words = [evidence("该镇新修公路36公里。", title="")]
    asked = "云桥镇新修的50公里公路通了吗？"
    verdict, reasons = verify("云桥镇新修公路50公里。", words, question=asked)
    assert verdict == "not_found"
    assert "引文里没有数字 50公里" in reasons


def test_a_clause_of_two_articles_is_named():
    one = evidence("建元社区在小区里放映了一场公益露天电影。", title="")
    other = evidence("大伙接龙拼单，夏季戏曲村晚就这样定了下来。", title="")
    apart = [one, replace(other, article_id="b.txt#1")]
    sentence = "建元社区公益露天电影夏季戏曲村晚定了下来。"
    assert "在两篇文章里各有一半" in "".join(verify(sentence, apart)[1])
    assert "各有一半" not in "".join(verify(sentence, [one, other])[1])


def test_a_figure_of_an_article_on_another_matter_is_named():
    one = evidence("云桥镇去年修路，镇长老周当选代表。", title="")
    other = evidence("柳湾教堂有教友770人。", title="")
    apart = [one, replace(other, article_id="b.txt#1")]
    sentence = "云桥镇去年修路770人。"
    assert "在两篇文章里各有一半" in "".join(verify(sentence, apart)[1])
    told = "云桥镇去年修路，柳湾教堂有教友770人。"
    assert "各有一半" not in "".join(verify(told, apart)[1])


def test_a_sentence_about_something_else_is_not_found():
    assert verify("天气很好。", [evidence(ROADS)])[0] == "not_found"
    assert verify("柳湾小学有学生500名。", [evidence(ROADS)])[0] == "not_found"


def test_the_title_of_an_article_supports_a_sentence():
    words = evidence("该镇新修公路36公里。", title="云桥镇的路")
    assert verify("云桥镇新修公路36公里。", [words])[0] == "supported"


def test_a_relative_year_is_read_at_the_date_of_the_article():
    dated, undated = evidence(ROADS, date="2023-03-01"), evidence(ROADS)
    assert verify("2022年，云桥镇新修公路36公里。", [dated])[0] == "supported"
    assert verify("2021年，云桥镇新修公路36公里。", [dated])[0] == "partly"
    assert verify("2022年，云桥镇新修公路36公里。", [undated])[0] == "partly"


def test_two_quotes_support_together_what_neither_does_alone():
    fused = "云桥镇新修公路36公里，有茶园1.2万亩。"
    assert verify(fused, [evidence(ROADS), evidence(TEA)])[0] == "supported"
    assert verify(fused, [evidence(ROADS)])[0] != "supported"


def test_a_sentence_without_a_quote_is_not_found():
    assert verify("云桥镇新修公路36公里。", []) == ("not_found", ("没有引用",))


def test_a_model_of_inference_can_object_to_what_the_rules_let_pass_and_to_nothing_else():
    model = DenialEntailment()
    words = [evidence("云桥镇的公路已经通车，没有一处塌方。")]
    sentence = "云桥镇的公路已经通车。"
    assert verify(sentence, words) == ("supported", ())
    assert verify(sentence, words, model) == ("partly", ("蕴含模型认为与引文矛盾（93%）",))
    assert model.asked == [("云桥镇：云桥镇的公路已经通车，没有一处塌方。", sentence)]
    assert verify(TEA, [evidence(TEA)], model) == ("supported", ())
    false = "云桥镇有茶园3.5万亩。"
    assert verify(false, [evidence(TEA)], model) == verify(false, [evidence(TEA)])
    assert len(model.asked) == 2


def test_overlap_is_the_share_of_the_sentence():
    assert overlap("云桥镇新修公路", ROADS) == 1.0
    assert overlap("柳湾小学", ROADS) == 0.0


def test_words_that_mean_the_same_are_no_change_and_names_are():
    assert not changes("周明远说，将建成幼儿园", VISIT)
    assert [one.text for one in changes("韩立群表示，将建成幼儿园", VISIT)] == ["韩立群"]


def test_a_post_is_another_only_by_its_own_name():
    assert are_posts("书记", "县长")
    assert are_posts("董事长", "总经理")
    assert not are_posts("负责人", "总经理")
    assert not are_posts("局长", "公安局局长")
    assert not are_posts("县委书记", "书记")


TEXTS = st.text("云桥镇新修公路36公里茶园去年不，。亿万%月日张《》A1", max_size=40)


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_any_sentence_gets_a_verdict_and_a_reason_unless_supported(sentence, texts):
    verdict, reasons = verify(sentence, [evidence(text) for text in texts])
    assert (verdict == "supported") == (reasons == ())


@given(st.text(max_size=60), st.text(max_size=60), st.text("0123456789-年", max_size=10))
def test_nothing_that_anybody_writes_breaks_the_checks(sentence, words, written):
    verdict, reasons = verify(sentence, [evidence(words, sentence, written)])
    assert (verdict == "supported") == (reasons == ())


@pytest.mark.parametrize(
    "text", ["9" * 6000 + "元", "亿" * 6000, "哈" * 300, "a1" * 2000, "1元" * 300, "不" * 500]
)
def test_what_runs_on_and_on_is_read_in_no_time(text):
    assert verify(text, [evidence(text[::-1] + "。" + text[:50])])[0]


@given(TEXTS, st.lists(TEXTS, max_size=4), st.lists(st.integers(0, 6), max_size=4))
def test_a_sentence_is_aligned_to_at_most_two_pieces_that_exist(sentence, texts, numbers):
    found = align(Sentence(sentence, tuple(numbers), ""), [evidence(text) for text in texts])
    assert len(found) <= 2
    assert list(found) == sorted(set(found))
    assert all(1 <= number <= len(texts) for number in found)


@given(st.lists(st.sampled_from([ROADS, TEA, VISIT]), min_size=1, unique=True))
def test_a_sentence_is_aligned_to_itself_wherever_it_stands(texts):
    for number, text in enumerate(texts, 1):
        assert align(Sentence(text, (), ""), [evidence(one) for one in texts]) == (number,)


# --- Mistakes that real models make ------------------------------------------------------------


SITES = "高新区建成了8个重点研究机构；建成了甲院士工作站、乙院士工作站、丙院士3家院士工作站。"
AREAS = "恒口示范区规划面积48平方公里，咸阳高新区去年新增企业120家。"
STEPS = "镇里实施五项工程：修路、种茶、办学、治水、科研。去年党建工作受到表扬。"


@pytest.mark.parametrize(
    ("sentence", "words", "reason"),
    [
        ("高新区建成了8个院士工作站。", SITES, "8个 说的是别的"),
        ("咸阳规划面积48平方公里。", AREAS, "48平方公里 说的是恒口示范区，不是咸阳"),
        ("云桥镇修路投资5000万元。", "云桥镇修路投资1亿元。", "没有数字 5000万元"),
    ],
)
def test_the_right_figure_for_another_thing_is_not_found(sentence, words, reason):
    verdict, reasons = verify(sentence, [evidence(words, title="")])
    assert verdict == "not_found"
    assert reason in "；".join(reasons)


def test_a_member_of_a_list_swapped_for_a_word_from_elsewhere_is_named():
    sentence = "五项工程是修路、种茶、办学、治水、党建。"
    verdict, reasons = verify(sentence, [evidence(STEPS, title="")])
    assert verdict != "supported"
    assert "党建" in "；".join(reasons)
    swapped = "五项工程是修路、党建、办学、治水、科研。"
    assert "党建" in "；".join(verify(swapped, [evidence(STEPS, title="")])[1])


def test_a_list_with_its_own_members_in_any_order_is_supported():
    for sentence in ("五项工程是种茶、修路、办学、科研、治水。", "工程有修路、种茶、办学等。"):
        assert verify(sentence, [evidence(STEPS, title="")])[0] == "supported"


@pytest.mark.parametrize("mark", ["第1点，", "1. ", "第一，", "（2）", "3、", "①", "第二项："])
def test_what_numbers_a_sentence_is_no_figure(mark):
    assert verify(f"{mark}云桥镇去年新修公路36公里。", [evidence(ROADS)]) == ("supported", ())


def test_a_figure_at_the_beginning_is_no_numbering():
    assert verify("37公里公路是云桥镇去年新修的。", [evidence(ROADS)])[0] != "supported"
    assert verify("1.3万亩茶园在云桥镇。", [evidence(TEA)])[0] != "supported"


def test_citations_are_quotes_too():
    cited = Citation.of(1, evidence(ROADS))
    assert verify("云桥镇去年新修公路36公里。", [cited]) == ("supported", ())
    assert verify("云桥镇去年新修公路63公里。", [cited])[0] == "not_found"
