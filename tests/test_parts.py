"""Questions taken apart into one part for each fact that they ask for."""

from __future__ import annotations

import pytest

from rag.ask import Part, parts_of
from rag.text import standard_form


def asked(question: str) -> tuple[str, ...]:
    return tuple(part.question for part in parts_of(question).parts)


def labels(question: str) -> tuple[str, ...]:
    return tuple(part.label for part in parts_of(question).parts)


@pytest.mark.parametrize(
    ("question", "parts", "names"),
    [
        (
            "东湾高新区和西湾高新区各引进了多少家企业？",
            ("东湾高新区引进了多少家企业？", "西湾高新区引进了多少家企业？"),
            ("东湾高新区", "西湾高新区"),
        ),
        (
            "云桥镇和西坪镇2019年分别种了多少亩茶？",
            ("云桥镇2019年种了多少亩茶？", "西坪镇2019年种了多少亩茶？"),
            ("云桥镇", "西坪镇"),
        ),
        (
            "老街失火案里的孙同学和码头打工的李某，两人各多少岁？",
            ("老街失火案里的孙同学多少岁？", "码头打工的李某多少岁？"),
            ("老街失火案里的孙同学", "码头打工的李某"),
        ),
        (
            "2019年青禾公司的营业收入和乌云公司的出口总额各是多少？",
            ("2019年青禾公司的营业收入是多少？", "2019年乌云公司的出口总额是多少？"),
            ("青禾公司的营业收入", "乌云公司的出口总额"),
        ),
        (
            "K12次和K34次分别停在了哪个站？",
            ("K12次停在了哪个站？", "K34次停在了哪个站？"),
            ("K12次", "K34次"),
        ),
        (
            "林祥和王芳各住在哪里？",
            ("林祥住在哪里？", "王芳住在哪里？"),
            ("林祥", "王芳"),
        ),
        (
            "《和平之路》和《山水和田园》各有多少页？",
            ("《和平之路》有多少页？", "《山水和田园》有多少页？"),
            ("《和平之路》", "《山水和田园》"),
        ),
    ],
)
def test_each_of_several_subjects_is_asked_about_with_what_is_said_of_all(
    question: str, parts: tuple[str, ...], names: tuple[str, ...]
):
    assert asked(question) == parts
    assert labels(question) == names
    assert not parts_of(question).compares


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("云桥镇比西坪镇多多少亩茶园？", ("云桥镇多少亩茶园？", "西坪镇多少亩茶园？")),
        (
            "云桥镇的茶园比西坪镇的多多少亩？",
            ("云桥镇的茶园多少亩？", "西坪镇的茶园多少亩？"),
        ),
        ("云桥镇和西坪镇哪个大？", ("云桥镇多大？", "西坪镇多大？")),
        (
            "是云桥镇的茶园大还是西坪镇的茶园大？",
            ("云桥镇的茶园多少？", "西坪镇的茶园多少？"),
        ),
        (
            "青禾公司和乌云公司，2019年上半年谁的产值更高？",
            ("青禾公司2019年上半年产值多少？", "乌云公司2019年上半年产值多少？"),
        ),
        (
            "云桥大桥通车和柳湾小学新校舍启用，哪个更早？分别是哪一年？",
            ("云桥大桥通车是哪一年？", "柳湾小学新校舍启用是哪一年？"),
        ),
        (
            "青禾公司和乌云公司谁先上市？",
            ("青禾公司上市是什么时候？", "乌云公司上市是什么时候？"),
        ),
        (
            "青禾公司2019年的产值高还是利税高？",
            ("青禾公司2019年的产值多少？", "青禾公司2019年的利税多少？"),
        ),
        (
            "Alpha 3 Pro与Alpha 4 Max的最高售价差多少？",
            ("Alpha 3 Pro的最高售价多少？", "Alpha 4 Max的最高售价多少？"),
        ),
        (
            "请比较云桥新盖的仓库和西坪物流园仓库的面积",
            ("云桥新盖的仓库的面积多少？", "西坪物流园仓库的面积多少？"),
        ),
        (
            "从2019年到2021年，云桥镇的茶园增加了多少亩？",
            ("2019年云桥镇的茶园多少亩？", "2021年云桥镇的茶园多少亩？"),
        ),
        (
            "青禾公司产值比乌云公司高多少？",
            ("青禾公司产值多少？", "乌云公司产值多少？"),
        ),
        (
            "大和公司和青禾公司谁的产值高？",
            ("大和公司产值多少？", "青禾公司产值多少？"),
        ),
        (
            "云桥镇和西坪镇，各有多少亩茶园？哪边多？",
            ("云桥镇有多少亩茶园？", "西坪镇有多少亩茶园？"),
        ),
        (
            "青禾公司的产值，比乌云公司高出多少？",
            ("青禾公司的产值多少？", "乌云公司的产值多少？"),
        ),
        (
            "甲报上的赵立新的得票率比乙报上的高几个百分点？",
            ("甲报上的赵立新的得票率几个百分点？", "乙报上的得票率几个百分点？"),
        ),
        ("云桥镇比西坪镇少几万户？", ("云桥镇多少万户？", "西坪镇多少万户？")),
        (
            "青禾公司和乌云公司，哪家的厂房更早盖起来？",
            ("青禾公司厂房盖起来是什么时候？", "乌云公司厂房盖起来是什么时候？"),
        ),
        (
            "青禾公司建成新厂，跟乌云公司迁到云桥，哪件事在前？",
            ("青禾公司建成新厂是什么时候？", "乌云公司迁到云桥是什么时候？"),
        ),
        ("林祥和王芳两个人谁年长？", ("林祥多大年纪？", "王芳多大年纪？")),
        (
            "云桥镇的产值，上半年和前7个月比哪个高？",
            ("云桥镇的产值，上半年多少？", "云桥镇的产值，前7个月多少？"),
        ),
        (
            "赵立新在云桥住了几天，王海在西坪住了几年，哪个时间长？",
            ("赵立新在云桥住了几天？", "王海在西坪住了几年？"),
        ),
    ],
)
def test_a_comparison_asks_for_the_attribute_of_each(question: str, parts: tuple[str, ...]):
    assert asked(question) == parts
    assert parts_of(question).compares
    assert not parts_of(question).sums


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "青石镇、云桥镇、西坪镇三个镇一共多少户？",
            ("青石镇多少户？", "云桥镇多少户？", "西坪镇多少户？"),
        ),
        (
            "青禾公司和乌云公司上半年的产值加起来是多少？",
            ("青禾公司上半年的产值是多少？", "乌云公司上半年的产值是多少？"),
        ),
    ],
)
def test_a_total_asks_for_each_of_its_summands(question: str, parts: tuple[str, ...]):
    assert asked(question) == parts
    assert parts_of(question).sums
    assert not parts_of(question).compares


@pytest.mark.parametrize(
    ("question", "parts", "names"),
    [
        (
            "青禾公司2019年和2020年的产值",
            ("青禾公司2019年的产值？", "青禾公司2020年的产值？"),
            ("2019年", "2020年"),
        ),
        (
            "3月5日和9日两次测量里的水位，哪次更高？",
            ("3月5日测量里的水位多少？", "3月9日测量里的水位多少？"),
            ("3月5日", "3月9日"),
        ),
        (
            "云桥镇的员工和客户各有多少？",
            ("云桥镇的员工有多少？", "云桥镇的客户有多少？"),
            ("员工", "客户"),
        ),
        (
            "枫林桥的长度和宽度是多少？",
            ("枫林桥的长度是多少？", "枫林桥的宽度是多少？"),
            ("长度", "宽度"),
        ),
        (
            "《渔业法》第3条和第5条规定了什么？",
            ("《渔业法》第3条规定了什么？", "《渔业法》第5条规定了什么？"),
            ("第3条", "第5条"),
        ),
    ],
)
def test_periods_attributes_and_articles_of_one_subject_are_asked_of_it(
    question: str, parts: tuple[str, ...], names: tuple[str, ...]
):
    assert asked(question) == parts
    assert labels(question) == names


def test_questions_one_after_another_lean_on_the_one_that_names_the_subject():
    assert parts_of("枫林桥多长？宽多少？哪年建的？").parts == (
        Part("枫林桥多长？", "枫林桥"),
        Part("宽多少？", "宽", 0),
        Part("哪年建的？", "", 0),
    )


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("枫林桥投资多少，在哪里？", (None, 0)),
        ("东湾高新区有多少企业？其中外资多少？", (None, 0)),
        ("青禾公司有多少员工，乌云公司呢？", (None, 0)),
        ("北京有多少座桥？上海又有多少座？", (None, None)),
        ("校队对东山和对西山的战绩，分别是几胜几负？", (None, 0)),
        ("枫林水库一期开工在先还是二期竣工在先？", (None, 0)),
    ],
)
def test_a_part_leans_on_another_unless_it_names_its_own_subject(
    question: str, before: tuple[int | None, ...]
):
    assert tuple(part.before for part in parts_of(question).parts) == before


@pytest.mark.parametrize(
    "question",
    [
        "云桥镇有哪些公园？",
        "哪三个镇建了茶园？",
        "中国和日本签了什么协定？",
        "张三和李四什么时候结婚？",
        "党和国家的方针是什么？",
        "和平县有多少人？",
        "大和公司成立于哪年？",
        "“山水和田园”工程投资多少？",
        "《和平与发展》哪年出版？",
        "青禾公司2019年产值同比增长多少？",
        "青禾公司产值和去年同期相比增长多少？",
        "青禾公司的合同额占比多少？",
        "从8点到10点一共下了多少雨？",
        "各镇的茶园有多少亩？",
        "云桥镇党委书记是谁，同时还是商会会长的那位？",
        "云桥镇和西坪村哪家是先进单位？",
        "王同学和老师去了哪里？",
        "这几天下了雨，茶厂为什么停产？",
        "茶厂退还茶农的货款及定金共计多少元？",
        "茶厂没怎么停产，为什么亏了钱？",
        "云桥镇为什么要裁撤老街窗口、摊位？",
        "茶厂",
    ],
)
def test_what_may_be_one_fact_stays_whole(question: str):
    parts = parts_of(question)
    assert parts.parts == (Part(question, ""),)
    assert not parts.compares
    assert not parts.sums
    assert parts.left_out == 0


def test_no_more_than_six_parts_are_given_and_the_rest_is_counted():
    parts = parts_of("甲镇、乙镇、丙镇、丁镇、戊镇、己镇、庚镇、辛镇各有多少户？")
    assert len(parts.parts) == 6
    assert parts.left_out == 2


def test_signs_typed_in_half_width_part_questions_too():
    question = standard_form("枫林桥多长?造价1,200万元,在哪里?")
    assert asked(question) == ("枫林桥多长？", "造价1,200万元，在哪里？")


@pytest.mark.parametrize(
    "question",
    ["云桥镇和云桥镇各有多少户？", "云桥镇有多少户？云桥镇有多少户？"],
)
def test_the_same_fact_asked_twice_is_asked_once(question: str):
    assert len(parts_of(question).parts) == 1


def test_of_ten_parts_the_first_six_are_asked_and_four_are_counted():
    found = parts_of("甲镇、乙镇、丙镇、丁镇、戊镇、己镇、庚镇、辛镇、壬镇、癸镇各有多少户？")
    assert (len(found.parts), found.left_out) == (6, 4)


def test_a_share_that_ends_in_bi_is_held_against_another():
    assert asked("东湾区的产值占全市比，比西湾区高多少个百分点？") == (
        "东湾区的产值占全市比多少个百分点？",
        "西湾区的产值占全市比多少个百分点？",
    )


def test_added_up_is_said_in_many_ways():
    for word in ("加一块", "加起来", "加到一块儿", "合在一起"):
        assert parts_of(f"甲厂和乙厂的产量{word}多少吨？").sums


def test_who_is_older_asks_for_an_age():
    assert asked("金芳和王明谁年纪大？") == ("金芳多大年纪？", "王明多大年纪？")
