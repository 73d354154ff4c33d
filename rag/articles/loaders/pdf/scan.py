"""A PDF read page by page in a child process with limits.

A page that ends the child is counted as lost, and another child goes on behind it. Knows nothing
of columns or of what is told to the user.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.articles.loaders.pdf import child
from rag.articles.loaders.pdf.child import Order
from rag.errors import ArticleError

logger = logging.getLogger(__name__)
_MAX_CRASHES = 3
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may cost: memory, seconds in all, more for each page, and for any one page."""

    memory_mb: int
    seconds: float
    more_seconds_a_page: float
    page_seconds: float


# A page of text takes 0.01 s and the child 40 MB; a file made to eat memory takes all there is.
TEXT_LIMITS = Limits(memory_mb=512, seconds=30, more_seconds_a_page=0.2, page_seconds=10)
# A crowded page takes half a minute on two cores, and the engine reserves 2.2 GB.
OCR_LIMITS = Limits(memory_mb=4096, seconds=60, more_seconds_a_page=60, page_seconds=180)


@dataclass(slots=True)
class Scan:
    """What the children said: their rows by page, the pages lost, and of the file as a whole.

    ``fault`` is ``password`` or ``damaged`` when the file could not be opened.
    """

    page_count: int = 0
    created: str = ""
    fault: str = ""
    is_over: bool = False
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    def take(self, row: dict[str, Any]) -> None:
        """Note one row of a child."""
        if "pages" in row:
            self.page_count, self.created = row["pages"], row["created"]
        elif "page" not in row:
            self.fault = row.get("fault", self.fault)
            self.is_over = row.get("is_over", self.is_over)
        elif "fault" in row:
            self.lost.append(row["page"])
        else:
            self.pages[row["page"]] = row


def scan(
    data: bytes, limits: Limits, *, max_pages: float, only: Sequence[int] = (), by_ocr: bool = False
) -> Scan:
    """Read the first ``max_pages`` pages of a PDF, or ``only`` some of them, perhaps by OCR."""
    found = Scan()
    last = int(min(max_pages, _MOST_PAGES))
    order = order_of(limits, last, only, by_ocr=by_ocr, size=len(data))
    missing: list[int] = []
    for _ in range(_MAX_CRASHES + 1):
        for row in _rows(order, data):
            found.take(row)
        if not found.page_count:
            found.fault = found.fault or "damaged"
            return found
        done = {*found.pages, *found.lost}
        wanted = only or range(min(last, found.page_count))
        missing = [page for page in wanted if page not in done]
        if not missing or found.is_over:
            break
        found.lost.append(missing[0])
        order["first"] = missing[0] + 1
    found.lost += missing[0 if found.is_over else 1 :]
    return found


def order_of(limits: Limits, last: int, only: Sequence[int], *, by_ocr: bool, size: int) -> Order:
    """The order for a file of ``size`` bytes, which are held several times over."""
    wall_seconds = limits.seconds + limits.more_seconds_a_page * (len(only) or last)
    return Order(
        first=0,
        last=last,
        only=list(only),
        by_ocr=by_ocr,
        seconds=limits.seconds,
        more_seconds_a_page=limits.more_seconds_a_page,
        page_seconds=limits.page_seconds,
        wall_seconds=wall_seconds + limits.page_seconds,
        memory_mb=limits.memory_mb + 3 * size // 1_048_576,
    )


def _rows(order: Order, data: bytes) -> Iterator[dict[str, Any]]:
    """What a child writes before it ends, dies, or is killed for taking too long."""
    command = [sys.executable, "-P", str(Path(child.__file__)), json.dumps(order)]
    with tempfile.TemporaryFile() as output:
        try:
            ended = subprocess.run(  # noqa: S603 - our own program, the file goes in as bytes
                command,
                input=data,
                stdout=output,
                stderr=subprocess.PIPE,  # its end is seen at once; a file's is polled for
                timeout=order["wall_seconds"],
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                env=os.environ | {"MALLOC_ARENA_MAX": "2"},
            )
            if ended.returncode:
                logger.debug("child ended with %s: %s", ended.returncode, ended.stderr[-2_000:])
        except subprocess.TimeoutExpired:
            logger.debug("child killed after %s s", order["wall_seconds"])  # and waited for
        except OSError as error:
            raise ArticleError(f"读 PDF 要开的子进程开不了（{error}）；请检查内存和权限") from error
        output.seek(0)
        for line in output:
            with suppress(ValueError):  # cut off
                yield json.loads(line)
