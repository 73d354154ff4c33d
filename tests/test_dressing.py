import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.dressing import undressed


@pytest.mark.parametrize(
    "typed",
    [
        "请问栗子桥有多长？",
        "请问一下，栗子桥有多长？",
        "帮我查一下栗子桥有多长？",
        "麻烦你帮忙看一下，栗子桥有多长？",
        "根据文章回答：栗子桥有多长？",
        "请根据以上材料，回答下列问题：栗子桥有多长？",
        "请用一句话回答：栗子桥有多长？",
        "请简短回答，栗子桥有多长？",
        "【问题】栗子桥有多长？",
        "问：栗子桥有多长？",
        "您好，请问栗子桥有多长？",
        "我想知道栗子桥有多长？",
        "栗子桥有多长？谢谢！",
    ],
)
def test_courtesies_and_orders_on_how_to_answer_are_taken_off(typed: str):
    assert undressed(typed).rstrip("？") == "栗子桥有多长"


def test_do_you_know_is_taken_off_at_both_ends():
    assert undressed("你知道栗子桥有多长吗？") == "栗子桥有多长"


@pytest.mark.parametrize(
    "typed",
    [
        "栗子桥有多长？",
        "请问",
        "谢谢",
        "问题出在哪里？",
        "想了想又回来的是谁？",
        "谁知道这件事？",
        "把握住机会的是哪家企业？",
        "将来有什么打算？",
        "他们把哪些企业列入名单？",
        "文章里回答了几个问题？",
        " 栗子桥有多长？",
    ],
)
def test_what_belongs_to_the_question_stays(typed: str):
    assert undressed(typed) == typed


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("把修了桥的镇列出来", "修了桥的镇有哪些？"),
        ("请把修了桥的镇全部列出来。", "修了桥的镇有哪些？"),
        ("列出所有修了桥的镇", "修了桥的镇有哪些？"),
        ("列举三处新校舍", "三处新校舍有哪些？"),
        ("修了桥的镇有哪些，请全部列出来", "修了桥的镇有哪些"),
    ],
)
def test_an_order_for_a_list_becomes_a_question_for_it(typed: str, asked: str):
    assert undressed(typed) == asked


def test_either_script_is_undressed_and_stays_as_typed():
    assert undressed("請問一下，雲橋鎮有幾座橋？謝謝") == "雲橋鎮有幾座橋？"
    assert undressed("請列舉雲橋鎮的橋") == "雲橋鎮的橋有哪些？"


@given(st.text(alphabet="请问帮我查一下谢，。？！你好把列出来有哪些桥 ", max_size=14))
def test_something_is_left_and_a_second_time_takes_nothing_more_than_courtesies(typed: str):
    assert undressed(typed) or not typed
    assert len(undressed(typed)) <= len(typed) + len("有哪些？")
