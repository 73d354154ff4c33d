"""Questions over invented pages, all the way with the shipped reader and judge.

What is asked here hangs on the trained weights: which sentence answers, by which words, and whether
any does.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

import rag
from rag.datatypes import TextSpan
from rag.text import fold
from tests.stories import (
    BUILTIN,
    STORIES,
    assert_quotes_hold,
    texts_of,
    traditional,
)

Page = tuple[str, str]


@lru_cache(maxsize=32)
def over(*pages: Page) -> rag.Chatbot:
    return rag.Chatbot.from_articles(pages, BUILTIN)


@lru_cache(maxsize=4)
def dated(*pages: tuple[str, str, str | None]) -> rag.Chatbot:
    articles = [
        rag.Article(
            id=f"memory/{number}#1",
            title=title,
            source=f"memory/{number}",
            text=text,
            spans=(TextSpan(0, 0, len(text)),),
            date=date,
        )
        for number, (title, text, date) in enumerate(pages, 1)
    ]
    return rag.Chatbot.from_articles(articles, BUILTIN)


# What the program gets wrong, by the test and what its name holds: which name a sentence without
# one goes on about, 分别, who holds an office. Strict: what is mended has to go from here.
BEYOND_THE_READER = {
    "test_each_of_parallel_clauses_answers_its_own_question": (
        "医院有多少个挂号窗口",
        "增设了多少个挂号窗口",
    ),
    "test_what_it_rose_to_and_the_number_in_the_place_of_the_name_are_taken": ("石门村转移了多少",),
    "test_what_is_told_of_one_is_no_answer_about_the_other": (
        "百川生物有多少研发人员",
        "百川生物的董事长是谁",
    ),
    "test_what_is_told_goes_on_about_the_name_that_was_named_last": (
        "丰泽机械厂去年用水多少吨",
        "榆林巷去年用水多少吨",
    ),
    "test_of_two_lines_films_trains_or_firms_each_has_its_own": ("Brandix在哪里", "5号线全长"),
    "test_words_alone_are_answered_by_a_sentence_that_has_them": ("襄阳的三家企业",),
    "test_an_office_is_answered_from_the_title_beside_the_name": ("",),
}


@pytest.fixture(autouse=True)
def beyond_the_reader(request: pytest.FixtureRequest) -> None:
    name = request.node.name.encode().decode("unicode_escape", errors="replace")
    words = BEYOND_THE_READER.get(request.node.originalname, ())
    if any(word in name for word in words):
        request.applymarker(pytest.mark.xfail(reason="beyond the reader as it is", strict=True))


def assert_told(answer: rag.Answer, told: str | None) -> None:
    """Answered with some words, or declined where there are none to tell."""
    assert (answer.outcome == "answered") is (told is not None), answer.text
    assert told is None or told in answer.text


# --- The seeds --------------------------------------------------------------------------------


def test_the_default_corpus_answers_without_any_set_up():
    answer = rag.answer("安康高新区建了几家院士工作站？")
    assert answer.outcome == "answered"
    assert answer.short == "3家"
    corpus = rag.Config().corpus
    texts = {source.name: rag.read_text(source) for source in corpus.glob("*.txt")}
    assert_quotes_hold(answer, rag.load().articles, texts)


@pytest.mark.parametrize(
    "question", ["宝鸡高新区建了几家院士工作站？", "恒口示范区2015年的财政预算收入是多少？"]
)
def test_another_zone_or_another_year_is_not_answered_from_the_default_corpus(question: str):
    answer = rag.answer(question)
    assert (answer.outcome, answer.citations) == ("no_evidence", ())


# --- Plain questions --------------------------------------------------------------------------

ACREAGE = "云桥镇2019年新建了多少亩茶园？"


@pytest.mark.parametrize(
    ("question", "short"),
    [
        (ACREAGE, "1.2万亩"),
        ("双河水库的总库容是多少？", "1.26亿立方米"),
        ("双河水库工程何时开工？", "2021年3月18日"),
        ("柳湾小学的新校舍占地多少亩？", "45亩"),
        ("镇党委书记是谁？", "林晓峰"),
        ("乌云科技公司的总部设在哪里？", "滨江市"),
    ],
)
def test_a_plain_question_gets_its_fact_and_the_quote_that_holds_it(question: str, short: str):
    chatbot = over(*STORIES)
    answer = chatbot.answer(question)
    assert (answer.outcome, answer.short, answer.model) == ("answered", short, "builtin")
    assert answer.text.startswith(short)
    assert short in answer.citations[0].quote
    assert_quotes_hold(answer, chatbot.articles, texts_of())


@pytest.mark.parametrize(
    "question",
    [
        "东江高新区有多少名员工？",
        "云桥镇2016年新建了多少亩茶园？",
        "怎么做红烧肉？",
        "云桥镇有几座机场？",
        "柳湾中学有多少名学生？",
    ],
)
def test_what_nobody_tells_is_declined(question: str):
    answer = over(*STORIES).answer(question)
    assert (answer.outcome, answer.citations) == ("no_evidence", ())


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("为什么柳湾小学要搬家？", "河道整治"),
        ("茶厂生产哪些茶？", "绿茶、白茶、红茶和黑茶"),
        ("水库工程由谁承建？", "省水利集团"),
        ("云桥镇一共新开辟了多大面积的茶地？", "1.2万亩"),
    ],
)
def test_reasons_lists_and_other_words_are_answered(question: str, told: str):
    assert_told(over(*STORIES).answer(question), told)


def test_a_question_for_two_facts_is_answered_from_two_articles():
    answer = over(*STORIES).answer("云桥镇2019年新建了多少亩茶园，双河水库工程的工期是几年？")
    assert {citation.title for citation in answer.citations} == {"云桥镇的茶", "双河水库开工"}
    assert "1.2万亩" in answer.text
    assert "5年" in answer.text


@pytest.mark.parametrize(
    ("before", "question", "short"),
    [
        (ACREAGE, "它引进了几家制茶企业？", "6家"),
        ("乌云科技公司有多少员工？", "其中研发人员有多少？", "1100人"),
        ("双河水库的总库容是多少？", "那工期呢？", "5年"),
    ],
)
def test_a_follow_up_is_answered_of_what_the_turn_before_was_about(
    before: str, question: str, short: str
):
    chatbot = over(*STORIES)
    history = [rag.Message("user", before), rag.Message("assistant", chatbot.answer(before).text)]
    assert chatbot.answer(question, history).short == short


TRADITIONAL = tuple((traditional(title), traditional(text)) for title, text in STORIES)


@pytest.mark.parametrize("question", [ACREAGE, "双河水库的总库容是多少？", "怎么做红烧肉？"])
@pytest.mark.parametrize("stories", [STORIES, TRADITIONAL], ids=["simplified", "traditional"])
def test_a_question_is_answered_alike_in_either_script(question: str, stories: tuple[Page, ...]):
    same = over(*STORIES).answer(question)
    for asked in (question, traditional(question)):
        answer = over(*stories).answer(asked)
        assert answer.outcome == same.outcome
        assert fold(answer.short or "") == fold(same.short or "")


# --- One number among others ------------------------------------------------------------------

GRANTS = (
    "河湾市发布人才新政",
    "河湾市发布人才新政\n按照新政，博士每人补贴30万元，硕士每人补贴12万元，本科生每人补贴3万元。",
)
CLINIC = (
    "河湾市医院门诊楼启用",
    (
        "河湾市医院门诊楼启用\n"
        "一楼大厅今年增设挂号窗口10个，挂号窗口总数达到26个。\n"
        "河湾市医院现有职工1860人，其中医生612人、护士903人。"
    ),
)
WARDS = (
    "柳城两家医院扩建",
    "柳城两家医院扩建\n柳城中医院设有病区21个，床位650张。\n柳城妇幼医院引进专家16名，病区改造投入350万元。",
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("博士补贴多少钱？", "30万元"),
        ("硕士每人补贴多少？", "12万元"),
        ("本科生补贴多少？", "3万元"),
        ("河湾市医院有多少名护士？", "903人"),
        ("河湾市医院有多少个挂号窗口？", "26个"),
        ("河湾市医院增设了多少个挂号窗口？", "10个"),
    ],
)
def test_each_of_parallel_clauses_answers_its_own_question(question: str, short: str):
    assert over(GRANTS, CLINIC, WARDS).answer(question).short == short


def test_two_things_of_one_sentence_are_compared_by_their_own_figures():
    answer = over(GRANTS, CLINIC, WARDS).answer("河湾市医院的医生和护士哪个多？")
    assert re.match(r"护士（903人\[\d\]）多于医生（612人\[\d\]）。", answer.text)


def test_unlike_figures_are_not_held_against_each_other():
    answer = over(GRANTS, CLINIC, WARDS).answer("柳城中医院和柳城妇幼医院的病区哪个多？")
    assert "21个" in answer.text
    assert "多于" not in answer.text


HOME = (
    "南溪镇养老院扩容",
    (
        "南溪镇养老院扩容\n"
        "南溪镇养老院今年完成扩建，床位从80张增加到210张，护理员由12人增至35人。\n"
        "暴雨中，柳林村和石门村分别转移群众2100人和1500人。\n"
        "扩建资金860万元，其中镇财政出资500万元。"
    ),
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("南溪镇养老院有多少名护理员？", "35人"),
        ("柳林村转移了多少群众？", "2100人"),
        ("石门村转移了多少群众？", "1500人"),
        ("扩建花了多少钱，镇财政出资多少？", "500万元"),
    ],
)
def test_what_it_rose_to_and_the_number_in_the_place_of_the_name_are_taken(
    question: str, told: str
):
    assert told in over(HOME).answer(question).text


# --- Of whom it is told -----------------------------------------------------------------------

RIVALS = (
    "梅山、松岭两个经开区你追我赶",
    (
        "梅山、松岭两个经开区你追我赶\n"
        "梅山经开区入驻企业260家，去年签约项目48个，财政收入12亿元。\n"
        "松岭经开区有孵化器5个，从业人员1.9万人，去年签约项目35个。"
    ),
)
COLLEGES = (
    "清源大学与北桥大学迎来毕业季",
    (
        "清源大学与北桥大学迎来毕业季\n"
        "清源大学现有院系56个，校长何文渊在典礼上讲话。\n"
        "北桥大学图书馆藏书800万册，今年毕业生6400人。"
    ),
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("松岭经开区有几个孵化器？", "5个"),
        ("梅山经开区有几个孵化器？", None),
        ("松岭经开区有多少家企业？", None),
        ("梅山经开区有多少家企业？", "260家"),
        ("清源大学有多少院系？", "56个"),
        ("北桥大学有多少院系？", None),
        ("清源大学的校长是谁？", "何文渊"),
        ("北桥大学的校长是谁？", None),
    ],
)
def test_of_two_that_share_a_headline_each_has_its_own_figures(question: str, told: str | None):
    assert_told(over(RIVALS, COLLEGES).answer(question), told)


FIRMS = (
    "康宁制药与百川生物半年报",
    (
        "康宁制药与百川生物半年报\n"
        "康宁制药上半年营业收入23.4亿元，研发人员520人。公司董事长为蒋一鸣，总部位于临泉市。\n"
        "百川生物上半年营业收入17.8亿元。百川生物成立于2004年。"
    ),
)
SCHOOLS = (
    "两所高中招生",
    (
        "两所高中招生\n"
        "第一高中今年计划招生1200人，设24个班；第二高中计划招生960人。\n"
        "第一高中的宿舍楼可住学生1800人。第二高中新建的体育馆面积4500平方米。"
    ),
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("康宁制药有多少研发人员？", "520人"),
        ("百川生物有多少研发人员？", None),
        ("康宁制药的董事长是谁？", "蒋一鸣"),
        ("百川生物的董事长是谁？", None),
        ("百川生物是哪年成立的？", "2004年"),
        ("康宁制药是哪年成立的？", None),
        ("第一高中招生多少人？", "1200人"),
        ("第二高中的宿舍可住多少学生？", None),
        ("第三高中招生多少人？", None),
        ("第一高中的体育馆面积多大？", None),
    ],
)
def test_what_is_told_of_one_is_no_answer_about_the_other(question: str, told: str | None):
    assert_told(over(FIRMS, SCHOOLS).answer(question), told)


def test_of_money_asked_for_nothing_is_told_by_a_sentence_without_any():
    assert_told(over(FIRMS, SCHOOLS).answer("第一高中的宿舍楼花了多少钱？"), None)


FACTORIES = (
    "榆林巷里的两家老厂。8月3日，丰泽机械厂搬进新厂房。该厂现有职工640人。\n"
    "今年以来，厂里接到的订单比往年多。车间主任说，全年产值预计达到2.4亿元。\n"
    "瑞祥印染厂成立于1996年。工人大多来自附近的村子，有320人。去年用水18万吨。"
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("丰泽机械厂有多少职工？", "640人"),
        ("丰泽机械厂的全年产值预计多少？", "2.4亿元"),  # named four sentences before
        ("瑞祥印染厂去年用水多少吨？", "18万吨"),
        ("丰泽机械厂去年用水多少吨？", None),  # another factory was named since
        ("榆林巷去年用水多少吨？", None),
    ],
)
def test_what_is_told_goes_on_about_the_name_that_was_named_last(question: str, told: str | None):
    assert_told(over(("", FACTORIES)).answer(question), told)


LINES = "地铁开通\n城北5号线昨天开通，全长31公里。\n6号线预计明年建成，全长26公里。"
FILMS = "票房报告\n《山海谣》票房9亿元，由导演许卓执导。\n同期的《归巢》票房1亿元，由陆一帆执导。"
TRAINS = "大雪封路\n大雪封路，两趟列车停在途中。K2716次列车上有旅客840人。T93次列车已经返回。"
BANKRUPT = "破产\n连年亏损之后，Brandix在当地法院申请破产。"


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        (LINES, "5号线全长多少公里？", "31公里"),
        (LINES, "6号线全长多少公里？", "26公里"),
        (LINES, "7号线全长多少公里？", None),
        (FILMS, "《山海谣》的导演是谁？", "许卓"),
        (FILMS, "《归巢》的导演是谁？", "陆一帆"),
        (TRAINS, "K2716次列车上有多少旅客？", "840人"),
        (TRAINS, "T93次列车上有多少旅客？", None),
        (BANKRUPT, "美国货运公司Brandix在哪里申请破产？", "当地法院"),
        (BANKRUPT, "美国货运公司Colmar在哪里申请破产？", None),
    ],
)
def test_of_two_lines_films_trains_or_firms_each_has_its_own(
    text: str, question: str, told: str | None
):
    assert_told(over((text[:4], text)).answer(question), told)


WEATHER = "石桥镇的冬天\n石桥镇最低气温零下8度，最高气温2度。镇上的剧场有800个座位，占地3公顷。"
RAILWAY = "平川铁路通车\n平川铁路全长286公里，其中最长的云岭隧道长14.6公里。"


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        (WEATHER, "石桥镇最高气温多少？", "2度"),
        (WEATHER, "石桥镇最低气温多少？", "零下8度"),
        (WEATHER, "石桥镇修剧场花了多少钱？", None),
        (WEATHER, "石桥镇的剧场是什么时候建成的？", None),
        (RAILWAY, "平川铁路有多长？", "286公里"),
        (RAILWAY, "云岭隧道有多长？", "14.6公里"),
    ],
)
def test_the_opposite_extreme_a_part_and_another_measure_are_no_answer(
    text: str, question: str, told: str | None
):
    assert_told(over((text[:4], text)).answer(question), told)


# --- Words alone, members, causes, persons ----------------------------------------------------

SCHOOL = (
    "阳光小学开办食育课",
    (
        "阳光小学开办食育课\n"
        "阳光小学有学生1380名、教师76名。学校食堂从9月起开设食育课，由营养师授课。\n"
        "校长唐文秀说，孩子们挑食、浪费粮食的现象比较突出。因此学校开设了食育课。\n"
        "课程开设以来，剩饭量减少了四成。"
    ),
)
CLUB = (
    "雄鹰足球俱乐部夺冠",
    (
        "雄鹰足球俱乐部夺冠\n"
        "昨晚，雄鹰足球俱乐部战胜海燕队。俱乐部青训营有学员320名。\n"
        "襄阳的三家企业赞助了比赛。"
    ),
)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("襄阳", "襄阳的三家企业"),
        ("俱乐部 青训营 学员", "学员320名"),
        ("阳光小学 教师 人数", "教师76名"),
        ("海燕队", "战胜海燕队"),
    ],
)
def test_words_alone_are_answered_by_a_sentence_that_has_them(words: str, told: str):
    answer = over(SCHOOL, CLUB).answer(words)
    assert answer.outcome == "answered"
    assert told in answer.citations[0].quote


@pytest.mark.parametrize("words", ["鄂州", "阳光小学 医务室", "北桥大学 教师"])
def test_words_that_nothing_tells_are_declined(words: str):
    assert_told(over(SCHOOL, CLUB).answer(words), None)


def test_the_cause_is_told_and_not_its_consequence():
    answer = over(SCHOOL, CLUB).answer("阳光小学为什么开设食育课？")
    assert "挑食" in answer.text


TOWN = (
    "云桥镇的五年",
    (
        "云桥镇的五年\n"
        "五年里，云桥镇先后铺设管网28公里，改造厂房4.5万平方米，建成了听雨、枕河、望山三大社区，安置住户920家，"
        "绿化率提高到41%。\n"
        "云桥镇的三大社区居民过万。"
    ),
)


@pytest.mark.parametrize(
    "question",
    ["云桥镇建成的三大社区是哪几个", "云桥镇有哪三大社区？"],
)
def test_all_members_of_a_list_are_told(question: str):
    answer = over(TOWN).answer(question)
    assert all(name in answer.text for name in ("听雨", "枕河", "望山"))


@pytest.mark.parametrize(
    "question", ["云桥镇的四大公园分别叫什么？", "东江镇的三大社区分别叫什么？"]
)
def test_members_of_another_number_or_another_town_are_not_told(question: str):
    assert_told(over(TOWN).answer(question), None)


SNOW = (
    "寒潮来袭",
    (
        "寒潮来袭\n"
        "田桂芳连日守在值班室。白沙市气象台台长田桂芳提醒，降雪将持续到15日。\n"
        "供电局抢修队队长马建国说，抢修人员已到位。"
    ),
)


def test_an_office_is_answered_from_the_title_beside_the_name():
    assert "气象台台长" in over(SNOW).answer("田桂芳是什么职务？").text
    assert_told(over(SNOW).answer("周启明是什么职务？"), None)


STOPPED = (
    "镇口查车\n"
    "6月2日晚，交警在石桥镇口拦下一辆没有尾灯的白色货车。司机神色慌张。\n"
    "经过清点，车上装有树苗430棵。"
)
PLANTED = "植树节\n植树节那天，学生们栽种的小树苗一共有430棵，大家都很开心。"


@pytest.mark.parametrize(("text", "told"), [(STOPPED, "430棵"), (PLANTED, None)])
def test_what_a_question_tells_before_it_asks_has_to_be_told_of_it(text: str, told: str | None):
    question = "在石桥镇口被拦下的那辆没有尾灯的货车，装有多少棵树苗？"
    assert_told(over((text[:4], text)).answer(question), told)


# --- Periods and comparisons ------------------------------------------------------------------

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
ZONES = (EAST, LATER, SOUTH, NORTH, ROCK)


def ask_zones(question: str) -> rag.Answer:
    chatbot = dated(*ZONES)
    answer = chatbot.answer(question)
    texts = {f"memory/{number}": text for number, (_, text, _) in enumerate(ZONES, 1)}
    assert_quotes_hold(answer, chatbot.articles, texts)
    return answer


@pytest.mark.parametrize(
    ("year", "figure"), [("2020年", "三十五家"), ("二〇二〇年", "三十五家"), ("2021年", "41家")]
)
def test_last_year_is_the_year_before_the_article(year: str, figure: str):
    assert ask_zones(f"东湾高新区{year}引进了多少家企业？").short == figure


@pytest.mark.parametrize("period", ["三季度", "第三季度", "7月至9月", "7—9月"])
def test_a_quarter_is_found_in_any_printing(period: str):
    # Found, not believed: what is planned for it stands near the threshold.
    judged = dated(*ZONES).read(f"东湾高新区{period}新建多少套人才公寓？")[0]
    assert "800套" in judged.readings[0].told


@pytest.mark.parametrize(
    "question",
    [
        "东湾高新区2019年引进了多少家企业？",
        "东湾高新区四季度新建多少套人才公寓？",
        "东湾高新区的软件园有多少家互联网企业？",
        "东湾高新区是哪一年升级为国家级高新区的？",
        "南岭高新区建成了多少套保障性住房？",
        "西岭开发区的机场有几条跑道？",
    ],
)
def test_another_period_or_what_is_told_of_another_zone_is_declined(question: str):
    assert_told(ask_zones(question), None)


def test_a_comparison_begins_with_the_winner_and_quotes_what_it_rests_on():
    answer = ask_zones("2020年东湾高新区和南岭高新区哪个引进的企业更多？")
    result, first, second = answer.text.split("\n")
    assert result == "东湾高新区（三十五家[1]）多于南岭高新区（20家[2]）。"
    assert "三十五家" in first
    assert "20家" in second
    assert answer.short == "东湾高新区"
    assert {citation.title for citation in answer.citations} == {EAST[0], SOUTH[0]}


def test_of_a_subject_that_only_stands_in_passing_nothing_is_told():
    answer = ask_zones("东湾高新区和江北大学哪个引进的企业多？")
    assert "材料里没有找到“江北大学" in answer.text


def test_a_comparison_of_what_nobody_tells_is_declined():
    assert_told(ask_zones("西岭开发区和东山开发区的茶园哪个大？"), None)


def test_a_figure_claimed_of_the_wrong_zone_is_not_confirmed():
    answer = ask_zones("南岭高新区建成了1.3万套保障性住房，是吗？")
    assert answer.outcome == "no_evidence" or "青石开发区" in answer.text
