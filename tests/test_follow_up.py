"""Follow-ups made to stand alone by rule."""

from __future__ import annotations

import pytest

from rag.datatypes import Message
from rag.queries import stand_alone


def after(*turns: str | tuple[str, str]) -> str:
    """The last turn made to stand alone; a pair is a question with its answer."""
    *earlier, last = turns
    history: list[Message] = []
    for turn in earlier:
        question, answer = turn if isinstance(turn, tuple) else (turn, "材料里有。")
        history += [Message("user", question), Message("assistant", answer)]
    assert isinstance(last, str)
    return stand_alone(last, history)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("西坡智谷建成了多少平方米厂房？", "那入驻企业呢？", "西坡智谷入驻企业有多少？"),
        ("西坡智谷的厂房面积有多大？", "入驻企业呢？", "西坡智谷入驻企业有多少？"),
        ("云桥镇2019年新建了多少亩茶园？", "总投资呢？", "云桥镇2019年总投资是多少？"),
        ("乌云科技公司的董事长是谁？", "总经理呢？", "乌云科技公司总经理是谁？"),
        ("乌云科技公司的总部在哪里？", "研发中心呢？", "乌云科技公司研发中心在哪里？"),
        ("双河水库总投资多少？", "开工时间呢？", "双河水库开工时间是什么时候？"),
        ("台风导致多少人受伤？", "死亡人数呢？", "台风死亡人数是多少？"),
    ],
)
def test_a_property_or_predicate_of_its_own_replaces_the_old_one(
    before: str, question: str, whole: str
):
    assert after(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("云桥镇新增了多少绿地？", "停车位呢？", "云桥镇新增了多少停车位？"),
        ("云桥镇2019年新建了多少亩茶园？", "果园呢？", "云桥镇2019年新建了多少亩果园？"),
        ("云桥镇2019年新建了多少亩茶园？", "那企业呢？", "云桥镇2019年新建了多少企业？"),
    ],
)
def test_a_thing_takes_the_place_of_the_thing_asked_for(before: str, question: str, whole: str):
    assert after(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("云桥镇2019年引进了几家企业？", "前一年呢？", "云桥镇2018年引进了几家企业？"),
        ("云桥镇2019年引进了几家企业？", "第二年呢？", "云桥镇2020年引进了几家企业？"),
        ("云桥镇2019年引进了几家企业？", "2021年呢？", "云桥镇2021年引进了几家企业？"),
        ("云桥镇今年引进了几家企业？", "去年呢？", "云桥镇去年引进了几家企业？"),
        ("云桥镇引进了几家企业？", "去年呢？", "云桥镇去年引进了几家企业？"),
        ("云桥镇上半年引进了几家企业？", "下半年呢？", "云桥镇下半年引进了几家企业？"),
        (
            "云桥镇2019年一季度引进了几家企业？",
            "二季度呢？",
            "云桥镇2019年二季度引进了几家企业？",
        ),
        ("云桥镇2019年引进了几家企业？", "上半年呢？", "云桥镇2019年上半年引进了几家企业？"),
    ],
)
def test_another_period_takes_the_place_of_the_old_and_none_is_guessed(
    before: str, question: str, whole: str
):
    assert after(before, question) == whole


@pytest.mark.parametrize("question", ["为什么？", "原因呢？", "为什么呢？"])
def test_why_asks_for_the_reason_of_what_was_asked_about(question: str):
    assert after("云桥镇建了几家院士工作站？", question) == "云桥镇为什么建了院士工作站？"


@pytest.mark.parametrize("question", ["还有吗？", "还有哪些？", "还有别的吗？", "其他的呢？"])
def test_more_asks_the_same_again(question: str):
    assert after("云桥镇建成了哪些公园？", question) == "云桥镇还建成了哪些公园？"


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("青石软件园有多少党员？", "党组织呢？", "青石软件园有多少党组织？"),
        ("青石高新区有多少个窗口？", "那满意度呢？", "青石高新区满意度是多少？"),
        ("青石大学招了多少学生？", "西安交大呢？", "西安交大招了多少学生？"),
    ],
)
def test_a_common_word_that_the_dictionary_takes_for_a_name_is_no_new_subject(
    before: str, after: str, whole: str
):
    assert stand_alone(after, [Message("user", before)]) == whole


def test_a_name_behind_a_name_stays_with_it():
    before = Message("user", "青石高新区远航集团总投资多少？")
    assert stand_alone("占地面积呢？", [before]) == "青石高新区远航集团占地面积是多少？"
    other = Message("user", "青石高新区管委会主任是谁？")
    assert stand_alone("东湾高新区呢？", [other]) == "东湾高新区管委会主任是谁？"


def test_an_ordinal_counts_the_names_that_were_compared():
    compared = "青禾公司和乌云公司哪个员工更多？"
    assert after(compared, "第二个呢？") == "乌云公司员工多少？"
    assert after(compared, "前者的总部在哪里？") == "青禾公司的总部在哪里？"
    assert after(compared, "那云海公司呢？", "第二个的书记是谁？") == "乌云公司的书记是谁？"


def test_an_ordinal_counts_the_list_of_the_last_answer():
    asked = ("云桥镇建成了哪些公园？", "东山公园、北辰公园、湿地公园：建成了三座。[1]")
    assert after(asked, "第二个有多大？") == "云桥镇的北辰公园有多大？"
    assert after(asked, "最后一个有多大？") == "云桥镇的湿地公园有多大？"


def test_both_are_the_names_that_were_compared():
    assert after("青禾公司和乌云公司哪个员工更多？", "它们的总部在哪里？") == (
        "青禾公司和乌云公司的总部在哪里？"
    )


@pytest.mark.parametrize(
    ("turns", "whole"),
    [
        (
            ("云桥镇有多少亩茶园？", "乌云公司有多少员工？", "该镇的书记是谁？"),
            "云桥镇的书记是谁？",
        ),
        (("东江高新区的青禾公司造什么？", "该区有几家企业？"), "东江高新区有几家企业？"),
        (("东江高新区的青禾公司造什么？", "这家公司有多少人？"), "青禾公司有多少人？"),
        (
            ("乌云科技公司的董事长是谁？", "他什么时候上任的？"),
            "乌云科技公司的董事长什么时候上任的？",
        ),
    ],
)
def test_a_pronoun_stands_for_the_latest_name_of_its_kind(turns: tuple[str, ...], whole: str):
    assert after(*turns) == whole


def test_several_turns_keep_their_subject_until_another_is_named():
    turns = ("云桥镇有多少亩茶园？", "西坪村呢？", "那引进企业呢？")
    assert after(*turns) == "西坪村引进企业有多少？"
    assert after(*turns, "柳湾小学有多少学生？") == "柳湾小学有多少学生？"
    assert after(*turns, "柳湾小学有多少学生？", "老师呢？") == "柳湾小学有多少老师？"


@pytest.mark.parametrize(
    "question", ["给我讲个笑话", "你是谁？", "谢谢", "今天天气怎么样？", "帮我写一首诗吧"]
)
def test_what_is_said_to_the_program_borrows_no_subject(question: str):
    assert after("云桥镇有多少亩茶园？", question) == question


def test_small_talk_in_between_does_not_break_the_thread():
    assert after("云桥镇有多少亩茶园？", "谢谢你", "它引进了几家企业？") == (
        "云桥镇引进了几家企业？"
    )


def test_a_name_without_an_ending_takes_the_place_of_the_old_subject():
    assert after("小米汽车卖了多少辆？", "比亚迪呢？") == "比亚迪卖了多少辆？"
    assert after("南京的地铁有多长？", "苏州的呢？") == "苏州的地铁有多长？"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("云桥水库一期什么时候竣工？", "二期呢？", "云桥水库二期什么时候竣工？"),
        ("云桥地铁1号线何时通车？", "2号线呢？", "云桥地铁2号线何时通车？"),
        ("云桥镇有几家院士工作站？", "那博士后工作站呢？", "云桥镇有几家博士后工作站？"),
        ("博士每人可获得多少安家补贴？", "硕士呢？", "硕士每人可获得多少安家补贴？"),
    ],
)
def test_the_like_of_what_was_named_takes_its_place(before: str, question: str, whole: str):
    assert after(before, question) == whole


def test_a_number_without_its_like_before_it_is_no_counterpart():
    assert after("云桥水库总投资多少？", "二期呢？").startswith("云桥水库二期")


def test_a_subject_taken_over_from_its_like_is_kept_in_the_next_turn():
    turns = ("博士每人可获得多少安家补贴？", "硕士呢？", "本科生呢？")
    assert after(*turns) == "本科生每人可获得多少安家补贴？"


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("清华有多少学生？", "北大呢", "北大有多少学生？"),
        ("清华大学的校长是谁？", "北大呢？", "北大的校长是谁？"),
        ("云桥镇有多少党员？", "党委呢？", "云桥镇有多少党委？"),
        ("博士补贴多少？", "硕士呢？", "硕士补贴多少？"),
        ("张伟是谁？", "王芳呢？", "王芳是谁？"),
        ("云桥镇有多少家企业？", "青禾集团利税呢", "青禾集团利税是多少？"),
        ("青禾集团2018年销售收入多少？", "青禾集团利税呢", "青禾集团2018年利税是多少？"),
        ("青禾集团2018年销售收入多少？", "乌云公司利税呢？", "乌云公司2018年利税是多少？"),
        ("白沙市最低气温多少？", "停课学校呢", "白沙市停课学校有多少？"),
        (
            "白沙市医院有多少个窗口？",
            "它们是什么时候增设的？",
            "白沙市医院的窗口是什么时候增设的？",
        ),
        ("云桥镇建了几座公园？", "它们在哪里？", "云桥镇的公园在哪里？"),
        ("《归巢》票房多少？", "《山海谣》呢？", "《山海谣》票房多少？"),
        ("《归巢》票房多少？", "《山海谣》的票房呢？", "《山海谣》票房多少？"),
    ],
)
def test_a_likeness_an_owner_and_the_things_counted_are_filled_in(
    before: str, question: str, whole: str
):
    assert after(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("K12次列车停在哪里？", "K34次呢？", "K34次列车停在哪里？"),
        ("Alpha 3 Pro的售价是多少？", "Alpha 4呢？", "Alpha 4的售价是多少？"),
        ("Alpha 3 8+128GB的售价是多少？", "8+256GB的呢？", "Alpha 3 8+256GB的售价是多少？"),
        ("特斯拉Model 3能跑多远？", "那福特F150呢？", "福特F150能跑多远？"),
        ("特斯拉Model 3能跑多远？", "大众ID7呢，能跑多快？", "大众ID7能跑多快？"),
        ("特斯拉Model 3能跑多远？", "CEO呢？", "特斯拉Model 3CEO有多少？"),
    ],
)
def test_one_designation_takes_the_place_of_another(before: str, question: str, whole: str):
    assert after(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        (
            "青禾公司2019年销售收入多少？",
            "比上一年涨了百分之几？",
            "青禾公司2019年销售收入比上一年涨了百分之几？",
        ),
        ("青禾公司2019年产值达到多少？", "同比增长多少？", "青禾公司2019年产值同比增长多少？"),
        (
            "云桥镇2019年新建了多少亩茶园？",
            "与前一年相比增加了几成？",
            "云桥镇2019年新建了茶园与前一年相比增加了几成？",
        ),
    ],
)
def test_a_change_is_asked_of_the_figure_before_and_not_of_its_owner(
    before: str, question: str, whole: str
):
    assert after(before, question) == whole


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("云桥水库一期什么时候竣工？", "那二期呢，什么时候开工？", "云桥水库二期什么时候开工？"),
        ("云桥镇有几个省级平台？", "市级的呢？", "云桥镇有几个市级平台？"),
        ("云桥镇有多少亩茶园？", "西坪村有多少？", "西坪村有多少亩茶园？"),
        ("云桥镇茶叶每斤什么价？", "西坪镇那边卖多少？", "西坪镇茶叶每斤什么价？"),
        ("青禾公司有多少员工？", "乌云公司那边呢？", "乌云公司有多少员工？"),
        ("云桥镇有多少亩茶园？", "西坪村在哪里？", "西坪村在哪里？"),
    ],
)
def test_what_is_like_the_last_subject_is_asked_the_same(before: str, question: str, whole: str):
    assert after(before, question) == whole


def test_he_and_there_are_whom_and_what_place_the_answer_names():
    who = ("谁要骑行去西坪？", "云桥镇的骑行爱好者赵立新。")
    assert after(who, "他准备了多久？") == "赵立新准备了多久？"
    where = ("云桥镇的企业主要集中在哪里？", "主要集中在东湖软件园。")
    assert after(where, "那里有多少家企业？") == "东湖软件园有多少家企业？"
    assert after(where, "那里有多少家企业？", "它占地多大？") == "东湖软件园占地多大？"


def test_what_the_answer_names_unasked_is_no_antecedent():
    asked = ("云桥镇有多少家企业？", "企业集中在东湖软件园，由赵立新管理。")
    assert after(asked, "那里有多少党员？") == "云桥镇有多少党员？"
    assert after(("张伟今年多大？", "赵立新说他六十岁。"), "他做什么的？") == "张伟做什么的？"


def test_he_is_the_person_named_and_not_whose():
    assert after("云桥的张伟辞职跟什么有关？", "他几岁？") == "张伟几岁？"


def test_a_limited_company_keeps_its_whole_name():
    assert after("云桥青禾环保有限公司有几个车间？", "它有多少员工？") == (
        "云桥青禾环保有限公司有多少员工？"
    )


@pytest.mark.parametrize("question", ["占地多少亩？", "降水有多少？", "增加值是多少？"])
def test_what_only_begins_like_a_change_is_asked_of_the_subject(question: str):
    assert after("云桥镇2019年产值达到多少？", question) == f"云桥镇{question}"
