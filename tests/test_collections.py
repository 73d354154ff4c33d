"""Questions for all subjects of a kind, and what a comparison comes to."""

from __future__ import annotations

import pytest

from rag.answerers.comparing import Figure, compares, conclusion
from rag.queries import analyse


@pytest.mark.parametrize(
    ("question", "topic", "name"),
    [
        ("哪些高新区提到了院士工作站？", "院士工作站", "东湾高新区"),
        ("有哪些园区建成了孵化器", "建成了孵化器", "北川软件园"),
        ("列出所有提到江北大学的园区", "江北大学", "青石开发区"),
        ("设立了党建联盟的公司有哪些？", "设立了党建联盟", "青禾公司"),
        ("哪几个县有茶厂？", "茶厂", "双河县"),
    ],
)
def test_a_question_for_all_of_a_kind_says_of_which_kind_and_what_holds(
    question: str, topic: str, name: str
):
    collection = analyse(question).collection
    assert collection is not None
    assert collection.topic == topic
    assert collection.is_of_kind(name)
    assert not collection.is_of_kind("柳湾大桥")


@pytest.mark.parametrize(
    "question",
    [
        "云桥镇有哪些企业？",
        "云桥镇建成的公园有哪些？",
        "东湾高新区在哪里？",
        "哪家公司承建了大桥？",
        "这个园区有多少人？",
    ],
)
def test_a_question_with_a_subject_or_for_one_is_no_collection(question: str):
    assert analyse(question).collection is None


def test_a_superlative_asks_every_subject_for_its_figure():
    collection = analyse("哪个高新区的党员最多？").collection
    assert collection is not None
    assert collection.asked_of("东湾高新区") == "东湾高新区党员有多少？"


def figures(*printed: str) -> list[Figure]:
    return [Figure(label, words, None) for label, words in zip("甲乙丙", printed, strict=False)]


@pytest.mark.parametrize(
    ("question", "printed", "said"),
    [
        ("甲和乙哪个多？", ("20家", "35家"), "乙（35家）多于甲（20家）"),
        ("甲和乙哪个多？", ("两家", "1家"), "甲（两家）多于乙（1家）"),
        ("甲和乙哪个更大？", ("1.2万平方米", "2公顷"), "乙（2公顷）大于甲（1.2万平方米）"),
        ("甲和乙哪个人少？", ("374名", "1770人"), "乙（1770人）多于甲（374名）"),
        ("甲和乙谁更高？", ("百分之三", "3.5%"), "乙（3.5%）高于甲（百分之三）"),
        ("甲和乙哪个多？", ("1.2亿元", "12000万元"), "甲（1.2亿元）和乙（12000万元）相同"),
        ("甲和乙哪个早？", ("2017年12月", "2013年"), "乙（2013年）早于甲（2017年12月）"),
        ("哪个最多？", ("3家", "9家", "5家"), "乙（9家）最多，其次是丙（5家）、甲（3家）"),
    ],
)
def test_the_result_is_worked_out_from_the_printed_figures(
    question: str, printed: tuple[str, ...], said: str
):
    assert conclusion(question, figures(*printed)) == said


@pytest.mark.parametrize(
    "printed",
    [
        ("20家", "35名"),
        ("20家",),
        ("20家", "许多"),
        ("20至30家", "35家"),
        ("2017年", "2017年3月"),
        ("3月", "2017年"),
        ("第3批", "5批"),
    ],
)
def test_nothing_is_concluded_from_figures_that_cannot_be_compared(printed: tuple[str, ...]):
    assert conclusion("甲和乙哪个多？", figures(*printed)) == ""


def test_a_degree_inside_a_name_is_not_asked_for():
    assert "多于" in conclusion("哪个高新区引进的企业最多？", figures("20家", "35家"))


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("甲和乙哪个多？", True),
        ("甲比乙多招了多少人？", True),
        ("甲和乙谁成立更早？", True),
        ("甲和乙分别有多少人？", False),
    ],
)
def test_only_a_question_for_more_or_less_gets_a_result(question: str, is_so: bool):
    assert compares(question) is is_so
