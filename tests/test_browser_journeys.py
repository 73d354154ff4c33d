"""Whole ways through the page: in English, in the dark, by many at once, over a restart."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Locator, Page, expect

from page.texts import ENGLISH
from tests.browsing import ask
from tests.fake_chatbot import ARTICLES, FakeChatbot, free_port, served
from tests.shown_page import Page as Shown

pytestmark = [
    pytest.mark.slow,
    # Gradio sums up its queue with pandas, whether or not anybody asks.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]
Open = Callable[..., Page]
PEOPLE = 20
SERVE = """
import sys, time
from tests.fake_chatbot import FakeChatbot, served
with served(FakeChatbot(), port=int(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    questions, folder = ["院士工作站有几家？"], tmp_path_factory.mktemp("files")
    with served(FakeChatbot(), questions, folder, places=4) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Open]:
    pages: list[Page] = []

    def start(
        locale: str = "zh-CN", width: int = 1280, scheme: str = "light", query: str = ""
    ) -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 860},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        pages.append(page)
        page.goto(f"{site}/{query}")
        page.locator("#yj-ask textarea").wait_for()
        return page

    yield start
    for page in pages:
        page.context.close()


def chinese(shown: Locator) -> list[str]:
    """The lines that hold Chinese and are neither an article's words nor a question's."""
    ours = "".join(article.text + article.title for article in ARTICLES) + "院士工作站有几家？引据"
    lines = [line.strip() for line in shown.inner_text().split("\n")]
    found = [re.findall("[一-鿿]{2,}", line) for line in lines]
    return [word for words in found for word in words if word not in ours]


def faults(page: Page) -> list[str]:
    """What axe-core finds amiss, a line each."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-core comes with the extra test"
    )
    found = axe.Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def test_an_english_browser_has_an_english_page(open_page: Open) -> None:
    page = open_page(locale="en-US")
    expect(page.locator("#yj-top")).to_contain_text("3 articles on this machine")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert (
        page.locator("#yj-ask textarea").get_attribute("placeholder")
        == ENGLISH["输入问题，按回车发送"]
    )
    reply = ask(page, "院士工作站有几家？")
    expect(reply.get_by_role("link", name="Wrong answer")).to_be_visible()
    expect(page.locator("#yj-panel")).to_contain_text("All articles")
    for tab in ("Source", "Library", "Conversations", "Settings"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.wait_for_timeout(300)
        assert chinese(page.locator("body")) == []
    expect(ask(page, "   ")).to_contain_text("The question is empty; type one")
    expect(ask(page, "石河子存疑")).to_contain_text("partly supported")
    refused = ask(page, "石河子高新区的天气")
    expect(refused).to_contain_text("Nearest articles")
    expect(page.locator("#yj-panel")).to_contain_text("Nothing to cite")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 390)])
def test_the_rules_of_accessibility_are_kept(open_page: Open, scheme: str, width: int) -> None:
    page = open_page(scheme=scheme, width=width)
    expect(page.locator("#yj-chat .example")).to_be_visible()
    expect(page.locator("p.loading")).to_have_count(0)  # Gradio's own, as long as it loads
    assert faults(page) == []
    reply = ask(page, "院士工作站有几家？")
    expect(reply.locator(".yj-acts")).to_be_visible()
    assert faults(page) == []
    if width < 780:
        reply.locator(".yj-text a").first.click()
    expect(page.locator("#yj-panel mark.now")).to_be_in_viewport()
    for tab in ("原文", "文章库", "对话", "设置"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(300)
        assert faults(page) == [], tab


def test_the_address_can_ask_for_the_dark(open_page: Open) -> None:
    page = open_page(query="?__theme=dark")
    expect(page.locator("body.dark")).to_have_count(1)
    colour = page.locator("#yj-chat").evaluate("one => getComputedStyle(one).color")
    assert min(map(int, re.findall(r"\d+", colour)[:3])) > 150


def test_two_tabs_are_two_conversations(open_page: Open) -> None:
    one = open_page()
    other = one.context.new_page()
    other.goto(one.url)
    other.locator("#yj-ask textarea").wait_for()
    expect(ask(one, "院士工作站有几家？")).to_contain_text("院士工作站3家")
    expect(ask(other, "博士服务团多少人？")).to_contain_text("一行18人")
    expect(one.locator(".bot-row")).to_have_count(1)
    expect(other.locator(".bot-row")).to_have_count(1)
    assert one.url != other.url
    one.get_by_role("tab", name="对话").click()
    expect(one.locator("#yj-talks li")).to_have_count(2)


def test_the_nearest_way_by_touch_is_wide_enough(open_page: Open) -> None:
    page = open_page(width=390)
    reply = ask(page, "院士工作站有几家？")
    expect(reply.locator(".yj-acts")).to_be_visible()
    for link in (reply.locator("a.yj-cite").first, page.locator("#yj-top a").first):
        box = link.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    page.locator("#yj-top").get_by_role("link", name="设置").click()
    expect(page.locator("#yj-holdings")).to_be_visible()
    page.get_by_role("link", name="↩ 回到回答").click()
    expect(page.locator("#yj-beside")).to_be_hidden()


def test_twenty_people_at_once_are_answered_each_their_own(site: str) -> None:
    """Over the endpoints that the page itself calls: twenty browsers would measure the browsers."""
    start = threading.Barrier(PEOPLE)

    def one(number: int) -> str:
        with closing(Client(site, verbose=False, httpx_kwargs={"timeout": 120})) as client:
            start.wait(120)
            client.predict(f"院士工作站有几家，第{number}人问？", api_name="/ask")
            shown = client.predict(api_name="/reply")[0]
            return Shown("".join(one["content"][0]["text"] for one in shown)).text

    with ThreadPoolExecutor(PEOPLE) as pool:
        replies = list(pool.map(one, range(PEOPLE)))
    for number, reply in enumerate(replies):
        assert re.findall(r"第(\d+)人问", reply)[0] == str(number)
        assert set(re.findall(r"第(\d+)人问", reply)) == {str(number)}
        assert "院士工作站3家" in reply


def serve(port: int, root: Path) -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)], cwd=root, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


def end(program: subprocess.Popen[str]) -> None:
    program.kill()
    program.wait()
    if program.stdout is not None:
        program.stdout.close()


def test_a_server_that_died_in_mid_answer_is_gone_on_with(browser: Browser, root: Path) -> None:
    port = free_port()
    program, page = serve(port, root), browser.new_page(locale="zh-CN")
    try:
        page.goto(f"http://127.0.0.1:{port}")
        page.locator("#yj-ask textarea").wait_for()
        answered = ask(page, "院士工作站有几家？")
        expect(answered.locator(".yj-acts")).to_be_visible()
        expect(answered).to_contain_text("院士工作站3家")
        expect(ask(page, "慢慢说石河子")).to_contain_text("慢慢慢慢")
        named = page.url
        end(program)
        program = serve(port, root)
        page.goto(named)
        expect(page.locator(".bot-row")).to_have_count(2)
        expect(page.locator(".bot-row").first).to_contain_text("院士工作站3家")
        expect(page.locator(".bot-row").last).to_contain_text("没有答完")
        page.get_by_role("link", name="改问题").click()
        box = page.locator("#yj-ask textarea")
        expect(box).to_have_value("慢慢说石河子")
        box.fill("博士服务团多少人？")
        box.press("Enter")
        expect(page.locator(".bot-row").last).to_contain_text("一行18人")
    finally:
        end(program)
        page.close()


def test_a_page_whose_server_is_gone_says_so(browser: Browser, root: Path) -> None:
    port = free_port()
    program, page = serve(port, root), browser.new_page(locale="zh-CN")
    try:
        page.goto(f"http://127.0.0.1:{port}")
        page.locator("#yj-ask textarea").wait_for()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models") as answered:
            assert answered.status == 200
    finally:
        end(program)
    page.locator("#yj-ask textarea").fill("院士工作站有几家？")
    page.locator("#yj-ask textarea").press("Enter")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not page.locator(".toast-wrap *").count():
        page.wait_for_timeout(100)
    assert page.locator(".toast-wrap").inner_text().strip()
    page.close()
