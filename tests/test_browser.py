"""The page in a real browser, over a chatbot that behaves."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from page.home import home
from tests.browsing import ask
from tests.fake_chatbot import ARTICLES, MEETING, FakeChatbot, served

pytestmark = [
    pytest.mark.slow,
    # Gradio sums up its queue with pandas, whether or not anybody asks.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
STOPPED = re.compile(r"^\s*(慢慢)+\s*（已停止）")
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeChatbot, str]]:
    chatbot = FakeChatbot(notice="要用对话模型，请运行某命令")
    examples, folder = (
        ["院士工作站有几家？", "博士服务团多少人？"],
        tmp_path_factory.mktemp("files"),
    )
    with served(chatbot, examples, folder) as address:
        yield chatbot, address


@pytest.fixture
def open_page(browser: Browser, site: tuple[FakeChatbot, str]) -> Iterator[Open]:
    """Opens pages; at the end, none may have asked another host, failed or run planted code."""
    pages, hosts, errors = [], set(), []

    def start(locale: str = "zh-CN", width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 860},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site[1])
        page.locator("#yj-ask textarea").wait_for()
        pages.append(page)
        return page

    yield start
    for page in pages:
        assert page.evaluate("window.__pwned") is None
        page.context.close()
    assert hosts - {None} == {"127.0.0.1"}
    assert errors == []


def test_a_question_is_answered_with_citations_and_the_words_marked(open_page: Open) -> None:
    page = open_page()
    expect(page).to_have_title("引据")
    expect(page.locator("#yj-top")).to_contain_text("问本地的 3 篇文章")
    reply = ask(page, "安康高新区建了几家院士工作站？")
    quotes = ["全区建成院士工作站3家，博士后工作站2家。核心区八成以上群众住进了新房。"]
    quotes.append("安康高新区以党建统揽发展全局纪实")
    rows = reply.locator(".yj-citations li")
    expect(rows).to_have_text(
        [f"[{n}] {quote}《秦巴腹地党旗红》 000.txt" for n, quote in enumerate(quotes, 1)]
    )
    now = page.locator("#yj-panel mark.now")
    expect(now).to_have_text(quotes[0])
    expect(now).to_be_in_viewport()
    assert page.locator(".yj-paper").evaluate("paper => paper.textContent") == ARTICLES[0].text
    rows.nth(1).locator("a").click()
    expect(now).to_have_text(quotes[1])
    expect(page.locator("#yj-panel .yj-head")).to_contain_text("000.txt")
    reply.locator(".yj-text a").first.click()
    expect(now).to_have_text(quotes[0])


def test_the_source_is_left_and_found_again_and_its_file_shown_with_the_same_words(
    open_page: Open,
) -> None:
    page = open_page()
    reply = ask(page, "石河子高新区哪年升级？")
    now, panel = page.locator("#yj-panel mark.now"), page.locator("#yj-panel")
    quoted = page.locator(".yj-citations li b + .yj-quote").first.text_content() or ""
    expect(now).to_have_text(quoted)
    expect(panel.locator(".yj-origin")).to_contain_text("001.txt · 第 ")
    page.get_by_role("link", name="看原来的版面").click()
    raw = panel.locator(".yj-raw")
    expect(raw).to_be_visible()
    assert raw.locator("p").first.evaluate("p => getComputedStyle(p).textIndent") == "0px"
    lines = raw.locator("p").all_text_contents()
    assert "\n".join(lines) == MEETING
    expect(raw.locator("mark.now")).to_have_text(quoted)
    page.get_by_role("link", name="看整理后的文章").click()
    expect(raw).to_have_count(0)
    expect(now).to_have_text(quoted)
    page.get_by_role("link", name="← 全部文章").click()
    expect(page.locator("#yj-articles")).to_be_visible()
    expect(panel).to_be_hidden()
    reply.locator(".yj-text a").first.click()
    expect(now).to_have_text(quoted)
    expect(reply).to_contain_text("石河子")


def test_a_refusal_leads_to_the_nearest_articles_and_the_panel_goes_along(
    open_page: Open,
) -> None:
    page = open_page()
    ask(page, "院士工作站有几家？")
    expect(page.locator("#yj-panel mark.now")).to_have_count(1)
    refused = ask(page, "石河子高新区的天气")
    expect(page.locator("#yj-panel")).to_contain_text("没有可引用的原文")
    expect(page.locator("#yj-panel li").first).to_contain_text("词项找到 · 得分")
    refused.get_by_role("link", name="石河子高新区迎来第18批博士服务团").click()
    expect(page.locator("#yj-panel mark.now")).to_contain_text("石河子高新区")
    page.get_by_role("link", name="看原来的版面").click()
    expect(page.locator("#yj-panel .yj-raw mark.now")).to_contain_text("石河子高新区")
    page.get_by_text("找到而没有引用的").click()
    page.locator(".yj-uncited li a").last.click()
    expect(page.locator("#yj-panel mark.now")).to_be_in_viewport()


def test_a_citation_is_read_opened_and_left_by_keyboard(open_page: Open) -> None:
    page = open_page()
    reply = ask(page, "院士工作站有几家？")
    mark = reply.locator(".yj-text a").first
    mark.focus()
    shown = mark.evaluate("mark => getComputedStyle(mark, '::after').content")
    assert "全区建成院士工作站3家" in shown
    page.keyboard.press("Enter")
    expect(page.locator(".yj-paper")).to_be_focused()
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_a_last_question_is_edited_and_asked_again(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    chatbot, page = site[0], open_page()
    expect(ask(page, "院士工作站有几座？")).to_contain_text("院士工作站3家")
    page.get_by_role("link", name="改问题").click()
    box = page.locator("#yj-ask textarea")
    expect(box).to_have_value("院士工作站有几座？")
    expect(box).to_be_focused()
    box.fill("博士服务团多少人？")
    box.press("Enter")
    expect(page.locator(".bot-row .yj-text")).to_have_text(re.compile("博士服务团一行18人"))
    expect(page.locator(".user-row")).to_have_text(["博士服务团多少人？"])
    asked = len(chatbot.asked)
    page.get_by_role("link", name="重新回答").click()
    deadline = time.monotonic() + 30
    while len(chatbot.asked) == asked and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert chatbot.asked[asked:] == [("博士服务团多少人？", ())]
    expect(page.locator(".bot-row .yj-text")).to_contain_text("博士服务团一行18人")


def test_a_follow_up_says_what_was_searched_and_is_asked_by_its_own_words(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    chatbot, page = site[0], open_page()
    expect(ask(page, "石河子高新区何时升级？")).to_contain_text("2013年")
    expect(ask(page, "多少人？")).to_contain_text("检索的是：石河子高新区何时升级？多少人？")
    page.get_by_role("link", name="按原话问").click()
    expect(page.locator(".bot-row")).to_have_count(3)
    expect(page.locator(".bot-row").last.locator(".yj-acts")).to_be_visible()
    assert chatbot.asked[-1] == ("多少人？", ())


def test_an_answer_is_copied_with_its_citations_and_rated(open_page: Open) -> None:
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reply = ask(page, "院士工作站有几家？")
    reply.get_by_role("link", name="复制").click()
    expect(reply.get_by_role("link", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "院士工作站3家" in copied
    assert "[1] 全区建成院士工作站3家" in copied
    assert "000.txt" in copied
    reply.get_by_role("link", name="出处不对").click()
    comment = page.locator("#yj-comment textarea")
    comment.fill("应该引另一句")
    comment.press("Enter")
    expect(comment).to_be_hidden()
    kept = [
        json.loads(line)
        for line in (home() / "feedback.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    assert (kept[-1]["rating"], kept[-1]["comment"]) == ("出处不对", "应该引另一句")


def test_an_example_is_asked_by_a_click(open_page: Open) -> None:
    page = open_page()
    page.get_by_text("博士服务团多少人？").click()
    expect(page.locator(".user-row")).to_have_text("博士服务团多少人？")
    expect(page.locator(".bot-row .yj-text")).to_contain_text("博士服务团一行18人")


def test_stop_keeps_the_text_and_asking_goes_on(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    chatbot, page = site[0], open_page()
    chatbot.closed.clear()
    stop = page.get_by_role("button", name="停止")
    expect(stop).to_be_disabled()
    reply = ask(page, "慢慢说石河子")
    expect(reply).to_contain_text(re.compile("(慢慢){3}"))
    expect(reply).to_contain_text("找到")
    stop.click()
    expect(reply).to_have_text(STOPPED)
    assert chatbot.closed.wait(30)
    expect(stop).to_be_disabled()
    expect(ask(page, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    expect(reply).to_have_text(STOPPED)
    history = chatbot.asked[-1][1]
    assert [message.role for message in history] == ["user", "assistant"]
    assert set(history[1].content) == {"慢"}


def test_stop_is_heeded_at_once_even_while_the_stream_is_silent(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    chatbot, page = site[0], open_page()
    silent = ask(page, "沉默的石河子")
    expect(silent).to_contain_text("找到")
    page.get_by_role("button", name="停止").click()
    expect(silent).to_contain_text("（已停止）")
    expect(ask(page, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    assert chatbot.most_running == 1


def test_a_chatbot_that_does_not_heed_the_stop_keeps_the_next_one_waiting(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    chatbot, page = site[0], open_page()
    silent = ask(page, "聋的石河子")
    expect(silent).to_contain_text("找到")
    page.get_by_role("button", name="停止").click()
    expect(silent).to_have_text(re.compile(r"^\s*（已停止）"))
    waiting = ask(page, "院士工作站有几家？")
    expect(waiting).to_contain_text("排队中")
    expect(waiting).to_contain_text("前面还有 1 个")
    chatbot.released.set()
    expect(waiting).to_contain_text("院士工作站3家")
    expect(silent).to_contain_text("（已停止）")
    chatbot.released.clear()
    assert chatbot.most_running == 1


def test_the_next_question_stops_the_one_before(
    open_page: Open, site: tuple[FakeChatbot, str]
) -> None:
    page = open_page()
    slow = ask(page, "慢慢说石河子")
    expect(slow).to_contain_text("慢慢")
    expect(ask(page, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    expect(slow).to_contain_text("（已停止）")
    assert site[0].most_running == 1


def test_others_wait_in_a_visible_queue_and_a_closed_tab_frees_the_place(
    open_page: Open, browser: Browser, site: tuple[FakeChatbot, str]
) -> None:
    chatbot = site[0]
    leaving = browser.new_page(locale="zh-CN")
    leaving.goto(site[1])
    leaving.locator("#yj-ask textarea").wait_for()
    expect(ask(leaving, "慢慢说石河子")).to_contain_text("慢慢")
    page = open_page()
    reply = ask(page, "院士工作站有几家？")
    expect(reply).to_contain_text("排队中")
    leaving.close()
    expect(reply).to_contain_text("院士工作站3家")
    assert chatbot.most_running == 1


def test_a_tab_closed_in_silence_frees_the_place_too(
    open_page: Open, browser: Browser, site: tuple[FakeChatbot, str]
) -> None:
    leaving = browser.new_page(locale="zh-CN")
    leaving.goto(site[1])
    leaving.locator("#yj-ask textarea").wait_for()
    expect(ask(leaving, "沉默的石河子")).to_contain_text("找到")
    page = open_page()
    reply = ask(page, "院士工作站有几家？")
    expect(reply).to_contain_text("前面还有 1 个")
    leaving.close()
    expect(reply).to_contain_text("院士工作站3家")
    assert site[0].most_running == 1


def test_hostile_articles_are_shown_as_text_and_ask_nothing_of_the_network(
    open_page: Open,
) -> None:
    page = open_page()
    hostile = ARTICLES[2]
    page.get_by_role("link", name="恶意文章").click()
    paper = page.locator("#yj-panel article")
    expect(paper).to_contain_text("window.__pwned=1")
    assert paper.evaluate("paper => paper.textContent") == hostile.text
    reply = ask(page, "全部恶意内容")
    expect(reply.locator(".yj-citations li").first).to_contain_text("<img src=x onerror=")
    failed = ask(page, "卡住恶意内容")
    expect(failed).to_contain_text("没能作答")
    failed.locator("summary").click()
    expect(failed.locator("details li").first).to_be_visible()
    outside = "#yj-chat .bot-row, #yj-chat .user-row, #yj-panel"
    assert page.locator(outside).locator("img, script, iframe, svg, .katex").count() == 0
    links = page.locator("#yj-chat a, #yj-panel a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert all(re.fullmatch(r"#[a-z]+-[0-9a-f]+-\d+", link) for link in links)


def test_bad_questions_and_faults_are_one_line_and_nothing_is_lost(open_page: Open) -> None:
    page = open_page()
    expect(ask(page, "   ")).to_contain_text("问题是空的；请输入一个问题")
    expect(ask(page, "崩溃")).to_contain_text("程序内部出错")
    expect(ask(page, "石河子存疑")).to_contain_text("部分有据")
    assert page.locator(".yj-weak").first.get_attribute("title") == "数字不同"
    expect(page.locator(".bot-row")).to_have_count(3)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".bot-row")).to_have_count(0)
    expect(page.locator("#yj-articles")).to_contain_text("共 3 篇文章")
    expect(page.get_by_text("博士服务团多少人？")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_is_chinese_fits_and_is_as_light_as_the_system_wishes(
    open_page: Open, width: int, scheme: str
) -> None:
    page = open_page(width=width, scheme=scheme)
    expect(ask(page, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    seen = page.locator("body").inner_text()
    hostile = "".join(article.title for article in ARTICLES)
    assert set(re.findall("[A-Za-z]{2,}", seen)) <= {"txt", *re.findall("[A-Za-z]+", hostile)}
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_narrow_screen_the_source_is_a_sheet_with_a_way_back(open_page: Open) -> None:
    page = open_page(width=390)
    reply = ask(page, "院士工作站有几家？")
    sheet, mark = page.locator("#yj-beside"), reply.locator(".yj-text a").first
    expect(mark).to_be_visible()
    expect(sheet).to_be_hidden()
    box = mark.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    mark.click()
    expect(page.locator("#yj-panel mark.now")).to_be_in_viewport()
    page.get_by_role("link", name="↩ 回到回答").click()
    expect(sheet).to_be_hidden()
    expect(mark).to_be_focused()
    page.get_by_role("link", name="文章库").click()
    expect(page.locator("#yj-articles")).to_be_visible()


def test_the_browser_enforces_the_policy(browser: Browser, site: tuple[FakeChatbot, str]) -> None:
    page = browser.new_page(locale="zh-CN")
    page.goto(site[1])
    blocked = page.evaluate(
        """() => new Promise(resolve => {
          document.addEventListener('securitypolicyviolation', e => resolve(e.blockedURI));
          new Image().src = 'http://192.0.2.1/a.png';
        })"""
    )
    page.close()
    assert blocked == "http://192.0.2.1/a.png"
