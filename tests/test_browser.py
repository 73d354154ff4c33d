"""The page in a real browser, over a chatbot that behaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.fake_chatbot import ARTICLES, FakeChatbot, served

pytestmark = [
    pytest.mark.slow,
    # Gradio sums up its queue with pandas, whether or not anybody asks.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
STOPPED = re.compile(r"^\s*(慢慢)+\s*（已停止）")
Open = Callable[..., Page]
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        executable = found or playwright.chromium.executable_path
        if not Path(executable).is_file():
            pytest.skip(f"no Chromium: none of {', '.join(NAMES)} on PATH, nor Playwright's own")
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=executable, args=options)
        yield started
        started.close()


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[FakeChatbot, str]]:
    chatbot = FakeChatbot(notice="要用对话模型，请运行某命令")
    with served(chatbot, ["院士工作站有几家？", "博士服务团多少人？"]) as address:
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


def ask(page: Page, question: str) -> Locator:
    """Type a question and press Enter; the reply's element."""
    replies = page.locator(".bot-row")
    before = replies.count()
    page.locator("#yj-ask textarea").fill(question)
    page.locator("#yj-ask textarea").press("Enter")
    expect(replies).to_have_count(before + 1)
    return replies.nth(before)


def test_a_question_is_answered_with_citations_and_the_words_marked(open_page: Open) -> None:
    page = open_page()
    expect(page).to_have_title("引据")
    expect(page.locator("#yj-top")).to_contain_text("要用对话模型，请运行某命令")
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
    expect(silent).to_have_text(re.compile(r"^\s*（已停止）\s*$"))
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
    leaving = browser.new_page()
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
    leaving = browser.new_page()
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
    assert all(re.fullmatch(r"#(cite|read)-\d+-\d+", link) for link in links)


def test_bad_questions_and_faults_are_one_line_and_nothing_is_lost(open_page: Open) -> None:
    page = open_page()
    expect(ask(page, "   ")).to_have_text("问题是空的，请输入要问的内容")
    expect(ask(page, "崩溃")).to_contain_text("程序内部出错")
    expect(ask(page, "石河子存疑")).to_contain_text("部分有据")
    assert page.locator(".yj-weak").first.get_attribute("title") == "数字不同"
    expect(page.locator(".bot-row")).to_have_count(3)
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".bot-row")).to_have_count(0)
    expect(page.locator("#yj-panel")).to_contain_text("共 3 篇文章")
    expect(page.get_by_text("博士服务团多少人？")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_chinese_light_and_fits_whatever_the_browser_prefers(
    open_page: Open, width: int
) -> None:
    page = open_page(locale="en-US", width=width, scheme="dark")
    expect(ask(page, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    seen = page.locator("body").inner_text()
    hostile = "".join(article.title for article in ARTICLES)
    assert set(re.findall("[A-Za-z]{2,}", seen)) <= {"txt", *re.findall("[A-Za-z]+", hostile)}
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert not page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_browser_enforces_the_policy(browser: Browser, site: tuple[FakeChatbot, str]) -> None:
    page = browser.new_page()
    page.goto(site[1])
    blocked = page.evaluate(
        """() => new Promise(resolve => {
          document.addEventListener('securitypolicyviolation', e => resolve(e.blockedURI));
          new Image().src = 'http://192.0.2.1/a.png';
        })"""
    )
    page.close()
    assert blocked == "http://192.0.2.1/a.png"
