"""Comparisons taken apart into one stand-alone question for each subject."""

from __future__ import annotations

import pytest

from rag.queries import analyse


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "云桥大桥通车和柳湾小学新校舍启用，哪个更早？分别是哪一年？",
            ("云桥大桥通车是哪一年？", "柳湾小学新校舍启用是哪一年？"),
        ),
        (
            "青石县发布“茶都计划”和海东联合巡河行动启动，哪个在前？都是哪天",
            ("青石县发布“茶都计划”是哪天？", "海东联合巡河行动启动是哪天？"),
        ),
        (
            "双河水库一期开工在先还是二期竣工在先？各在什么时候？",
            ("双河水库一期开工在什么时候？", "双河水库二期竣工在什么时候？"),
        ),
        (
            "茶厂停产和老街失火，哪件事发生得早？各是几号？",
            ("茶厂停产是几号？", "老街失火是几号？"),
        ),
    ],
)
def test_events_are_whole_and_borrow_nothing_from_each_other(question: str, parts: tuple[str, ...]):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "东湖村的茶叶项目和西湖村的花木基地，哪个总投资大？各多少",
            ("东湖村的茶叶项目总投资多少？", "西湖村的花木基地总投资多少？"),
        ),
        (
            "请比较云桥新盖的仓库和西坪物流园仓库的面积",
            ("云桥新盖的仓库的面积多少？", "西坪物流园仓库的面积多少？"),
        ),
        (
            "把云桥绿茶的价格和西坪绿茶的价格比一比",
            ("云桥绿茶的价格多少？", "西坪绿茶的价格多少？"),
        ),
        (
            "2019年青禾公司营业收入与乌云公司出口总额对比",
            ("2019年青禾公司营业收入多少？", "2019年乌云公司出口总额多少？"),
        ),
        (
            "赵某住院的天数和钱某停工的天数，谁更长？",
            ("赵某住院的天数多少？", "钱某停工的天数多少？"),
        ),
        (
            "老街失火案里的孙同学和码头打工的李某，两人各多少岁？",
            ("老街失火案里的孙同学多少岁？", "码头打工的李某多少岁？"),
        ),
        (
            "第三届茶王赛的参赛人数，和“清溪行动”要招募的志愿者人数，分别是多少？",
            ("第三届茶王赛的参赛人数是多少？", "“清溪行动”要招募的志愿者人数是多少？"),
        ),
    ],
)
def test_whole_things_keep_what_is_their_own_and_share_what_is_said_once(
    question: str, parts: tuple[str, ...]
):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "蓝鲸X5和红隼Mini在冬天的续航，哪款跑得更远？",
            ("蓝鲸X5在冬天的续航跑多少？", "红隼Mini在冬天的续航跑多少？"),
        ),
        (
            "K12次和K34次分别停在了哪个站？",
            ("K12次停在了哪个站？", "K34次停在了哪个站？"),
        ),
        (
            "Alpha 3 Pro与Alpha 4 Max的最高售价差多少？",
            ("Alpha 3 Pro的最高售价多少？", "Alpha 4 Max的最高售价多少？"),
        ),
    ],
)
def test_designations_in_latin_letters_are_names(question: str, parts: tuple[str, ...]):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "青禾公司2019年的产值高还是利税高？",
            ("青禾公司2019年的产值多少？", "青禾公司2019年的利税多少？"),
        ),
        (
            "云桥镇的镇级茶园比村级茶园少几个？",
            ("云桥镇的镇级茶园几个？", "云桥镇的村级茶园几个？"),
        ),
        (
            "青禾公司2018年和2019年的产值占比，哪一年高些，高多少？",
            ("青禾公司2018年的产值占比多少？", "青禾公司2019年的产值占比多少？"),
        ),
        (
            "校队对东山和对西山的战绩，分别是几胜几负？",
            ("校队对东山的战绩是几胜几负？", "校队对西山的战绩是几胜几负？"),
        ),
    ],
)
def test_two_properties_or_periods_of_one_subject_are_asked_of_it(
    question: str, parts: tuple[str, ...]
):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "云桥镇和西坪镇，各有多少亩茶园？哪边多？",
            ("云桥镇有多少亩茶园？", "西坪镇有多少亩茶园？"),
        ),
        (
            "云桥镇的茶园和西坪镇要建的果园，数量上谁多？",
            ("云桥镇的茶园数量多少？", "西坪镇要建的果园数量多少？"),
        ),
        (
            "青禾公司和乌云公司谁先上市？分别是哪年？",
            ("青禾公司上市是哪年？", "乌云公司上市是哪年？"),
        ),
        ("青禾公司和乌云公司，孰多孰少？", ("青禾公司多少？", "乌云公司多少？")),
        (
            "赵立新在云桥住了几天，王海在西坪住了几年，哪个时间长？",
            ("赵立新在云桥住了几天？", "王海在西坪住了几年？"),
        ),
        (
            "赵立新和王海两个人分别是做什么的？",
            ("赵立新是做什么的？", "王海是做什么的？"),
        ),
    ],
)
def test_a_judgement_asks_for_no_fact_of_its_own(question: str, parts: tuple[str, ...]):
    assert analyse(question).parts == parts


@pytest.mark.parametrize(
    "question",
    [
        "云桥镇党委书记是谁，同时还是商会会长的那位？",
        "王同学和老师去了哪里？",
        "“山水和田园”工程投资多少？",
        "云桥镇和西坪村哪家是先进单位？",
        "青禾公司2019年产值同比增长多少？",
        "青禾公司产值和去年同期相比增长多少？",
    ],
)
def test_what_only_looks_like_a_comparison_stays_whole(question: str):
    assert analyse(question).parts == (question,)
