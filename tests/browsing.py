"""What every test in a browser does: ask, and wait as long as a busy machine takes."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

expect.set_options(timeout=30_000)


def ask(page: Page, question: str) -> Locator:
    """Type a question and press Enter; the reply's element."""
    replies = page.locator(".bot-row")
    before = replies.count()
    page.locator("#yj-ask textarea").fill(question)
    page.locator("#yj-ask textarea").press("Enter")
    expect(replies).to_have_count(before + 1)
    return replies.nth(before)
