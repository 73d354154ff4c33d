"""A PDF file to text: pages in reading order, parted by a form feed, and what could not be read.

The text of a page depends on that page alone, so that the first pages of a file read the same
whatever limit is set. Knows nothing of articles.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate

from rag.articles.loaders.decoded import Decoded, page_list
from rag.articles.loaders.furniture import page_furniture
from rag.articles.loaders.pdf.lines import DIRECTIONS, Line, RawLine, mended
from rag.articles.loaders.pdf.ocr import OCR_COMMAND, ocr_version
from rag.articles.loaders.pdf.paragraphs import page_text
from rag.articles.loaders.pdf.reading_order import columns
from rag.articles.loaders.pdf.scan import OCR_LIMITS, TEXT_LIMITS, Scan, scan
from rag.errors import ArticleError

PAGE_END = "\f"
_MAX_LINES = 3_000  # on a page; a broadsheet has about a thousand
_MIN_DOWN = 3  # vertical lines on a page that are a text of their own
_CREATED = re.compile(r"D:((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


def read_pdf(data: bytes, name: str, max_pages: float = math.inf) -> Decoded:
    """The text of the first ``max_pages`` pages, one form feed between two of them.

    A page that cannot be read is empty and named in ``remarks``; ArticleError when the file cannot
    be opened or no page of it gives text.
    """
    found = scan(data, TEXT_LIMITS, max_pages=max_pages)
    if found.fault == "password":
        raise ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
    if found.fault:
        raise ArticleError(f"{name} 打不开：不是 PDF，或已损坏；请重新下载或另存")
    pictures = [page for page, row in found.pages.items() if row["is_picture"]]
    remarks = _remarks(found, max_pages)
    if pictures and ocr_version():
        remarks += _read_pictures(data, found, pictures)
    elif pictures:
        remarks.append(
            f"{page_list(pictures)}是图片，没有文字层；要读出来请运行 {OCR_COMMAND} 后重建索引"
        )
    last = int(min(found.page_count, max_pages))
    texts = [
        _text(found.pages[page]["lines"]) if page in found.pages else "" for page in range(last)
    ]
    if not any(texts):
        raise ArticleError(f"{name} 里没有读得出的文字：{'；'.join(remarks) or '每一页都是空的'}")
    created = _CREATED.match(found.created)
    return Decoded(
        PAGE_END.join(texts),
        created="-".join(created.groups()) if created else None,
        furniture=page_furniture(texts),
        page_starts=tuple(accumulate((len(text) + 1 for text in texts[:-1]), initial=0)),
        remarks=tuple(remarks),
    )


def _remarks(found: Scan, max_pages: float) -> list[str]:
    remarks = []
    if found.page_count > max_pages:
        remarks.append(
            f"共 {found.page_count} 页，只读前 {max_pages:g} 页；要读更多请调高设置 max_pdf_pages"
        )
    if found.lost:
        remarks.append(f"{page_list(found.lost)}读不出（损坏，或太费时间、内存）")
    empty = [page for page, row in found.pages.items() if row["is_empty"]]
    if empty:
        remarks.append(f"{page_list(empty)}上什么也没有（空白页，或已损坏）")
    return remarks


def _read_pictures(data: bytes, found: Scan, pictures: Sequence[int]) -> list[str]:
    """Put what OCR reads in place of the lines of these pages; remarks on those it cannot read."""
    last = max(pictures) + 1
    seen = scan(data, OCR_LIMITS, max_pages=last, only=pictures, by_ocr=True)
    found.pages |= {page: row for page, row in seen.pages.items() if row["lines"]}
    unread = [page for page in pictures if not (page in seen.pages and seen.pages[page]["lines"])]
    return [f"{page_list(unread)}是图片，没认出文字"] if unread else []


def _text(raw: Sequence[RawLine]) -> str:
    """The text of a page in reading order; what is set at an angle comes last."""
    if len(raw) > _MAX_LINES:
        return "\n".join(line[0] for line in raw)
    across, down, slanted = ([line for line in raw if line[6] == kind] for kind in DIRECTIONS)
    flows = [_lines(across), _turned(down)]
    if _chars(down) > _chars(across):
        flows = [_turned([*across, *down])]  # a page of vertical columns, read from the right
    elif len(down) < _MIN_DOWN:
        flows = [_lines([*across, *down])]  # a headline set down the side of its story
    texts = [page_text(columns(mended(lines))) for lines in flows if lines]
    return "\n\n".join([*texts, *(line[0] for line in slanted)])


def _lines(raw: Sequence[RawLine]) -> list[Line]:
    return [Line(*line[:6]) for line in raw]


def _turned(raw: Sequence[RawLine]) -> list[Line]:
    return [line.turned() for line in _lines(raw)]


def _chars(raw: Sequence[RawLine]) -> int:
    return sum(len(line[0]) for line in raw)
