"""How long the page lets a person wait, in a real browser and with many at once.

``python -m eval bench`` adds these times to its own; ``python -m eval.page_bench [--shots DIR]``
takes them alone, and pictures of the page. Measures and reports; judges nothing. Without Chromium
or Playwright (the extra ``test``) what needs a browser is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Barrier
from typing import Any

import rag
from eval import metrics
from eval.cases import Case
from eval.environment import CASES, ROOT, describe_run

PEOPLE = 20
ROUNDS = 5
CONVERSATIONS = 200
ARTICLES = 5_000
START_S, WAIT_MS = 180.0, 120_000
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# From Enter to the first words of the answer, in the browser's own clock.
_ASKED = """question => new Promise(resolve => {
  const box = document.querySelector('#yj-ask textarea');
  const rows = () => document.querySelectorAll('#yj-chat .bot-row');
  const before = rows().length, begun = performance.now();
  const look = () => {
    const text = rows()[before] && rows()[before].querySelector('.yj-text');
    if (text && text.textContent.trim()) {
      seen.disconnect();
      resolve(performance.now() - begun);
    }
  };
  const seen = new MutationObserver(look);
  seen.observe(document.body, {childList: true, subtree: true, characterData: true});
  box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', bubbles: true}));
  box.dispatchEvent(new KeyboardEvent('keypress', {key: 'Enter', code: 'Enter', bubbles: true}));
})"""
# From the click on a mark to the marked words in sight: the panel is hidden when it begins.
_OPENED = """() => new Promise(resolve => {
  const begun = performance.now();
  const look = () => {
    const mark = document.querySelector('#yj-panel mark.now');
    if (mark && mark.offsetParent && mark.getBoundingClientRect().height) {
      resolve(performance.now() - begun);
    } else {
      requestAnimationFrame(look);
    }
  };
  document.querySelector('#yj-chat .yj-text a.yj-cite').click();
  look();
})"""


def asked_of(cases: Sequence[Case]) -> list[str]:
    """Questions that stand alone and are answered."""
    return [case.question for case in cases if case.answerable and not case.history]


def page_times(environment: Mapping[str, str], questions: Sequence[str]) -> dict[str, Any]:
    """What a person waits for on the page over the corpus of the environment, in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="yinju-page-") as folder:
        own = dict(environment) | {"YINJU_HOME": folder}
        times = listing_times(Path(folder))
        with serving(own) as address:
            times |= crowd_times(address, questions)
            times |= browser_times(address, questions)
    return times


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[str]:
    """The address of the page as the program serves it, once it answers."""
    from eval.bench import BenchError, _answers, _free_port

    port = _free_port()
    command = [sys.executable, "-m", "page.command", "app", "--port", str(port)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = subprocess.Popen(command, cwd=ROOT, env=dict(environment), **quiet)
    deadline = time.monotonic() + START_S
    try:
        while not _answers(port):
            if program.poll() is not None or time.monotonic() > deadline:
                raise BenchError("页面没有起来；请运行 make app 看原因")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(timeout=30)


def crowd_times(address: str, questions: Sequence[str]) -> dict[str, Any]:
    """p50 of one who asks alone, p95 of twenty who ask at once, and how many of these failed."""
    from gradio_client import Client

    def wait(client: Client, question: str) -> float:
        begun = time.perf_counter()
        client.predict(question, api_name="/ask")
        shown = client.predict(api_name="/reply")[0]
        spent = (time.perf_counter() - begun) * 1000
        said = shown[-1]["content"][0]["text"]
        is_own = len(shown) == 2 and "yj-acts" in said and "yj-error" not in said
        return spent if is_own else float("inf")

    alone = [wait(Client(address, verbose=False), question) for question in questions[:ROUNDS]]
    people = [Client(address, verbose=False) for _ in range(PEOPLE)]
    start = Barrier(PEOPLE)

    def together(number: int) -> float:
        start.wait(START_S)
        return wait(people[number], questions[number % len(questions)])

    with ThreadPoolExecutor(PEOPLE) as pool:
        spent = list(pool.map(together, range(PEOPLE)))
    answered = [one for one in spent if one != float("inf")]
    p50, p95 = median(alone), metrics.percentile(answered, 95)
    return {
        "page_alone_p50_ms": p50,
        "page_20_at_once_p95_ms": p95,
        "page_20_at_once_ratio": p95 / p50,
        "page_20_at_once_failed": PEOPLE - len(answered),
    }


def browser_times(address: str, questions: Sequence[str]) -> dict[str, Any]:
    """Medians of what is measured in Chromium; nothing without it."""
    with chromium() as browser:
        if browser is None:
            return {}
        ready = []
        for _ in range(ROUNDS):
            context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(address)
            page.locator("#yj-ask textarea").wait_for(timeout=WAIT_MS)
            ready.append((time.perf_counter() - begun) * 1000)
            context.close()
        page = browser.new_page(locale="zh-CN")
        page.goto(address)
        page.locator("#yj-ask textarea").wait_for(timeout=WAIT_MS)
        over = [_over_its_own_time(page, question) for question in questions[:ROUNDS]]
        opened = [_citation_opened(page) for _ in range(ROUNDS)]
    return {
        "page_ready_ms": median(ready),
        "page_first_piece_over_answer_ms": median(over),
        "page_citation_opened_ms": median(opened),
    }


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; None where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield None
        return
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM)), None)
        executable = found or playwright.chromium.executable_path
        if not Path(executable).is_file():
            yield None
            return
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=executable, args=options)
        yield browser
        browser.close()


def _over_its_own_time(page: Any, question: str) -> float:
    """What the page adds to the time that the answer itself took, which stands below it."""
    rows = page.locator("#yj-chat .bot-row")
    place = rows.count()
    page.locator("#yj-ask textarea").fill(question)
    spent = float(page.evaluate(_ASKED, question))
    rows.nth(place).locator(".yj-acts").wait_for(timeout=WAIT_MS)
    note = rows.nth(place).locator(".yj-note").last.inner_text()
    own = float(note.rpartition("用时")[2].partition("秒")[0])
    return spent - own * 1000


def _citation_opened(page: Any) -> float:
    page.get_by_role("tab", name="文章库").click()
    page.locator("#yj-articles").wait_for(timeout=WAIT_MS)
    return float(page.evaluate(_OPENED))


def listing_times(folder: Path) -> dict[str, Any]:
    """How long it takes to list very many conversations, and a page of very many articles."""
    from page.conversations import Conversations, new_id
    from page.library import Library
    from page.listing import render_list
    from page.talks import render_talks
    from page.turns import Turn

    saved, owner = Conversations(folder), "cookie:bench"
    turns = [Turn(f"第 {number} 个问题？", text="回答。" * 40, stopped=True) for number in range(6)]
    for _ in range(CONVERSATIONS):
        saved.write(owner, new_id(), "文章", turns)
    begun = time.perf_counter()
    render_talks(saved.all_of(owner), "")
    listed = (time.perf_counter() - begun) * 1000
    told = ((f"第 {number} 篇", f"第 {number} 篇讲的事。" * 3) for number in range(ARTICLES))
    library = Library(rag.Chatbot.from_articles(told, rag.Config(profile="builtin")))
    begun = time.perf_counter()
    shown = render_list(library, "讲的事", "题名")
    found = (time.perf_counter() - begun) * 1000
    return {
        "page_200_conversations_ms": listed,
        "page_5000_articles_ms": found,
        "page_5000_articles_kb": len(shown.encode()) / 1000,
    }


def take_pictures(address: str, folder: Path, question: str) -> None:
    """The page light, dark and narrow, after a question, into a folder."""
    with chromium() as browser:
        if browser is None:
            return
        sights = (
            ("page", "light", 1280),
            ("page-dark", "dark", 1280),
            ("page-narrow", "light", 390),
        )
        for name, scheme, width in sights:
            size = {"width": width, "height": 860}
            context = browser.new_context(locale="zh-CN", viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(address)
            page.locator("#yj-ask textarea").fill(question)
            page.locator("#yj-ask textarea").press("Enter")
            page.locator(".yj-acts").wait_for(timeout=WAIT_MS)
            page.wait_for_timeout(1_000)
            page.screenshot(path=folder / f"{name}.png")
            context.close()


def main() -> None:
    """Take the page's times, and pictures where a folder is named."""
    parser = argparse.ArgumentParser(prog="python -m eval.page_bench", description=__doc__)
    parser.add_argument("--shots", type=Path, help="folder for pictures of the page")
    parser.add_argument("--question", default="安康高新区建了几家院士工作站？")
    arguments = parser.parse_args()
    from eval.cases import load_cases
    from eval.run import select

    with tempfile.TemporaryDirectory(prefix="yinju-page-") as folder:
        environment = os.environ | {"YINJU_INDEX_DIR": folder, "YINJU_CHAT_MODEL": "builtin"}
        if arguments.shots:
            with serving(environment | {"YINJU_HOME": folder}) as address:
                take_pictures(address, arguments.shots, arguments.question)
        cases = load_cases(CASES, rag.Config().corpus)
        times = page_times(environment, asked_of(select(cases, "tune")))
    print(json.dumps(describe_run() | {"times": times}, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
