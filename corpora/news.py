"""News for training and for measuring: the two sides of a web-news corpus, cleaned.

In goes the data folder; out come texts in the order of the file. The rules of the folder's README
live here: which rows are for measuring only, and the cut-offs of glued headlines and datelines.
What is given for training shares no run of characters with an article held out
(``corpora.held_out``). Knows nothing of models, pages or questions.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from corpora.files import read_packed_lines
from corpora.held_out import HeldOut

NEWS_FILE: Final = "crud_news.tsv.xz"

ORIGINAL_TITLE: Final = "原标题："
_MEASURING_DIGITS: Final = ("0", "1")
_TITLE_CHARS: Final = 90  # a glued headline is looked for within this many characters
_REPEAT_KEY_CHARS: Final = 8

_DATE: Final = r"(?:\d{4}\s*年\s*)?(?:\d{1,2}\s*月\s*)?\d{1,2}\s*日"
_SIGNED: Final = r"(?:\s*[（(][^（）()]{0,60}[）)])?"
_DATELINE_BODY: Final = (
    rf"(?:[\w·“”/]{{0,20}}?\s?{_DATE}\s*(?:电|讯|消息|报道)"
    r"|[\w·]{0,16}(?:网|社|报|台|家|新闻|客户端|南都)讯)"
    rf"{_SIGNED}(?:\s*(?:记者|通讯员)[^，。！？；]{{1,20}}(?:报道|摄|发自\w{{2,4}}))?"
)
_DATELINE: Final = re.compile(rf"{_DATELINE_BODY}[\s，,：:]*")
_REPOST: Final = re.compile(
    r"(?:【[^】]{1,16}(?:新闻|讯|消息|报道)】|(?:本文)?(?:转自|来源)[：:]?\s*【[^】]{1,20}】[；;]?)\s*"
)
_DATELINE_INSIDE: Final = re.compile(
    rf"[一-鿿]{{2,6}}(?:网|社|报|台|客户端|新闻){_DATE}(?:电|讯|消息|报道){_SIGNED}[\s，：]*"
)
_LEAD_WORDS: Final = re.compile(
    r"近日|日前|近期|不久前|昨日|昨天|昨晚|今日[，,]|今天|今年\d|去年|"
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:[，,]|上午|下午|晚|凌晨|\d{1,2}时)|据《|据[一-鿿]{2,8}(?:报道|消息)|记者从|为进一步|为深入|为有效"
)
_SENTENCE_END: Final = re.compile(r"[。！？!?…]+[”’』」）)]*")


def is_for_measuring(line: str) -> bool:
    """Tell whether a news line (title, tab, text; no line feed) is kept for measuring only."""
    return hashlib.sha256(line.encode("utf-8")).hexdigest().endswith(_MEASURING_DIGITS)


def read_news(
    folder: Path, *, measuring: bool = False, held_out: HeldOut | None = None
) -> Iterator[str]:
    """Yield news texts of one side of the split, headlines and datelines cut off.

    `measuring=False` gives the rows that may be trained on (seven in eight), without those that
    share a run with an article held out (None: the folder's own); `measuring=True` gives all the
    others. Rows with nothing left are skipped.
    """
    if measuring:
        yield from _one_side(folder, measuring=True)
        return
    kept_back = HeldOut.of(folder) if held_out is None else held_out
    for text in _one_side(folder, measuring=False):
        if not kept_back.shares_run(text):
            yield text


def read_all_news(folder: Path) -> Iterator[str]:
    """Yield every news text, to be searched among, never trained on; measuring rows last."""
    return chain(_one_side(folder, measuring=False), _one_side(folder, measuring=True))


def _one_side(folder: Path, *, measuring: bool) -> Iterator[str]:
    for line in read_packed_lines(folder / NEWS_FILE):
        if is_for_measuring(line) == measuring:
            text = cut_lead_in(line.partition("\t")[2])
            if text:
                yield text


def cut_lead_in(text: str) -> str:
    """Cut a glued headline (`原标题：…`), a repost note and a dateline off a news text.

    The result is always a suffix of `text`. A headline has no end mark in the data: where
    none is found its whole first sentence goes, lead included.
    """
    rest = text.strip()
    if rest.startswith(ORIGINAL_TITLE):
        rest = _cut_title(rest[len(ORIGINAL_TITLE) :])
    for pattern in (_REPOST, _DATELINE):
        found = pattern.match(rest)
        if found:
            rest = rest[found.end() :]
    return rest.lstrip()


def _cut_title(text: str) -> str:
    """Cut a headline off the text it is glued to."""
    repeat = text.find(text[:_REPEAT_KEY_CHARS], _REPEAT_KEY_CHARS, _TITLE_CHARS)
    if repeat > 0:
        title = text[:repeat].rstrip()
        body = text[repeat:]
        if body.startswith(title):
            return body[len(title) :].lstrip()
        return body
    for pattern in (_DATELINE_INSIDE, _LEAD_WORDS):
        found = pattern.search(text, _REPEAT_KEY_CHARS, _TITLE_CHARS)
        if found:
            return text[found.start() :]
    end = _SENTENCE_END.search(text, _REPEAT_KEY_CHARS)
    return text[end.end() :].lstrip() if end else ""
