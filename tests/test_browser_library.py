"""The page over a real corpus in a real browser: files come and go, conversations stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import app
import rag
from page.conversations import Conversations
from page.export import export_routes
from page.library import Library
from page.serving import serving, web_app
from page.shelf import OWN, Shelf
from tests.browsing import ask
from tests.fake_chatbot import free_port
from tests.fakes import overlap_judge
from tests.stories import ONE, TWO, folder_of_one

pytestmark = [
    pytest.mark.slow,
    # Gradio sums up its queue with pandas, whether or not anybody asks.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


# What is being done, and how much of it, has room to be read.
PROGRESS = """() => {
  const shown = document.querySelector('#yj-result .progress-level');
  return shown && shown.innerText.trim() && shown.getBoundingClientRect().height >= 20
    && document.querySelector('#yj-result').getBoundingClientRect().height >= 60;
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = folder_of_one(tmp_path)
    (tmp_path / "乙.txt").write_text(TWO, encoding="utf-8")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7\nnothing of a PDF")
    return corpus


@pytest.fixture
def address(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The page as the program puts it together, over articles that are not to be changed."""
    monkeypatch.setattr("rag.assembly.builtin_judge", overlap_judge)
    kept, port = folder.parent / "home", free_port()
    config = rag.Config(corpus=folder, index_dir=folder.parent / "index", chat_model="builtin")
    first = Library.load(config, "自带的文章", is_writable=False)
    page = app.build_ui(Shelf(first, kept, config), kept)
    site = web_app(page, routers=[export_routes(Conversations(kept))])
    with serving(site, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
    opened, faults = context.new_page(), []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(address)
    opened.locator("#yj-ask textarea").wait_for()
    yield opened
    context.close()
    assert faults == []


def upload(page: Page, *paths: Path) -> None:
    page.get_by_text("上传、移除、换文章库").click()
    page.locator("#yj-files input[type=file]").set_input_files([str(path) for path in paths])


def test_a_file_is_uploaded_asked_removed_and_put_back(
    page: Page, address: str, folder: Path
) -> None:
    """The first articles are read only, so that the files make a library of the reader's own."""
    upload(page, folder.parent / "乙.txt", folder.parent / "坏.pdf")
    page.wait_for_function(PROGRESS)
    result, articles = page.locator("#yj-result"), page.locator("#yj-articles")
    expect(result).to_contain_text("乙.txt：读出 1 篇：《海事要闻》")
    expect(result).to_contain_text("坏.pdf 打不开")
    expect(result).to_contain_text(f"放进了“{OWN}”")
    expect(articles).to_contain_text("共 1 篇文章")
    expect(page.locator("#yj-top")).to_contain_text("1 篇文章")
    assert (folder / "甲.txt").read_text(encoding="utf-8") == ONE
    assert not (folder / "乙.txt").exists()
    reply = ask(page, "上海海事局全年救助船只多少艘？")
    expect(reply).to_contain_text("120艘")
    expect(page.locator("#yj-panel mark.now")).to_contain_text("救助船只120艘")
    page.get_by_role("tab", name="文章库").click()
    page.locator("#yj-files input[type=file]").set_input_files(str(folder / "甲.txt"))
    expect(articles).to_contain_text("共 2 篇文章")
    page.get_by_role("row", name="海事要闻").get_by_role("link", name="移除").click()
    expect(result).to_contain_text("移除了 乙.txt")
    expect(articles).to_contain_text("共 1 篇文章")
    refused = ask(page, "上海海事局全年救助船只多少艘？")
    expect(refused).to_contain_text("没有找到")
    expect(page.locator("#yj-panel")).to_contain_text("没有可引用的原文")  # it comes last
    page.get_by_role("tab", name="文章库").click()
    page.get_by_role("link", name="撤销").click()
    expect(articles).to_contain_text("海事要闻")
    page.goto(address)  # who comes back asks what they asked last
    expect(page.locator("#yj-top")).to_contain_text("2 篇文章")
    expect(page.locator(".bot-row")).to_have_count(0)


def test_what_was_removed_is_put_back_though_the_files_are_folded_away(
    page: Page, folder: Path
) -> None:
    """An article is removed in the list, where nobody need open what uploads."""
    upload(page, folder.parent / "乙.txt")
    expect(page.locator("#yj-result")).to_contain_text("乙.txt：读出 1 篇")
    page.locator("#yj-files input[type=file]").set_input_files(str(folder / "甲.txt"))
    expect(page.locator("#yj-articles")).to_contain_text("共 2 篇文章")
    page.get_by_text("上传、移除、换文章库").click()
    expect(page.get_by_role("button", name="上传文章")).to_be_hidden()
    page.get_by_role("row", name="海事要闻").get_by_role("link", name="移除").click()
    expect(page.get_by_text("移除了 乙.txt")).to_be_visible()
    page.get_by_role("link", name="撤销").click()
    expect(page.locator("#yj-articles")).to_contain_text("共 2 篇文章")


def test_questions_are_limited_to_a_source_and_a_wrong_date_is_one_line(
    page: Page, folder: Path
) -> None:
    (folder / "乙.txt").write_text(TWO, encoding="utf-8")
    page.locator("#yj-find textarea").fill("要闻")
    expect(page.locator("#yj-articles")).to_contain_text("共 2 篇文章")
    page.get_by_text("限定提问的范围").click()
    boxes = page.locator("#yj-limit").get_by_role("textbox")
    expect(boxes).to_have_count(3)  # the fold takes a moment to open
    since, _, sources = boxes.all()
    apply = page.get_by_role("button", name="限定", exact=True)
    since.fill("二月")
    apply.click()
    expect(page.locator(".toast-wrap")).to_contain_text("读不懂；请写成 2021")
    expect(page.locator(".toast-wrap")).not_to_contain_text("Warning", use_inner_text=True)
    since.fill("")
    sources.fill("甲.txt")
    apply.click()
    scope = page.locator("#yj-scope")
    expect(scope).to_contain_text("只在这些文章里找：来源 甲.txt（1 篇）")
    expect(ask(page, "上海海事局全年救助船只多少艘？")).to_contain_text("没有找到")
    expect(ask(page, "上海青浦区新开工项目多少个？")).to_contain_text("19个")


def test_questions_are_limited_to_an_article_and_freed_again(page: Page, folder: Path) -> None:
    (folder / "乙.txt").write_text(TWO, encoding="utf-8")
    page.locator("#yj-find textarea").fill("要闻")
    expect(page.locator("#yj-articles")).to_contain_text("共 2 篇文章")
    page.get_by_role("row", name="青浦要闻").get_by_role("link", name="只问这篇").click()
    scope = page.locator("#yj-scope")
    expect(scope).to_contain_text("只在这些文章里找：《青浦要闻》（1 篇）")
    expect(ask(page, "上海海事局全年救助船只多少艘？")).to_contain_text("没有找到")
    page.get_by_role("link", name="问全部文章").click()
    expect(scope).to_have_text("")
    expect(ask(page, "上海海事局全年救助船只多少艘？")).to_contain_text("120艘")


def test_a_conversation_is_found_after_a_reload_and_by_nobody_else(
    page: Page, address: str, browser: Browser
) -> None:
    expect(ask(page, "上海青浦区新开工项目多少个？")).to_contain_text("19个")
    expect(page).to_have_url(re.compile(r"\?c=[0-9a-f]{32}$"))
    named = page.url
    page.reload()
    expect(page.locator(".bot-row")).to_contain_text("19个")
    page.locator(".bot-row .yj-text a").first.click()
    expect(page.locator("#yj-panel mark.now")).to_contain_text("19个")
    page.get_by_role("tab", name="对话").click()
    talks = page.locator("#yj-talks li")
    expect(talks).to_contain_text(["上海青浦区新开工项目多少个？"])
    with page.expect_download() as download:
        page.get_by_role("link", name="导出").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "[^1-1]: “" in text
    page.get_by_role("button", name="新对话").click()
    expect(page.locator(".bot-row")).to_have_count(0)
    expect(page).to_have_url(re.compile("^[^?]*$"))
    page.get_by_role("tab", name="对话").click()
    page.get_by_role("link", name="上海青浦区新开工项目多少个？").click()
    expect(page.locator(".bot-row")).to_contain_text("19个")
    other = browser.new_page(locale="zh-CN")
    other.goto(named)
    other.locator("#yj-ask textarea").wait_for()
    expect(other.locator(".bot-row")).to_have_count(0)
    other.close()
