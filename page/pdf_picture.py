"""A page of a PDF as it looks, with boxes around words: drawn in a process of its own.

In go the bytes of a file, a page and words, out comes a picture with places on it. Knows nothing of
articles or of HTML.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore

import rag

_CHILD = Path(__file__).with_name("pdf_child.py")
_SECONDS = 20.0
_AT_ONCE = BoundedSemaphore(2)  # a page in drawing takes a core and some hundred megabytes


class PictureError(rag.RagError):
    """A page of a PDF cannot be drawn."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: ``jpeg`` in base64, its ``size`` in pixels, and boxes for each of the words.

    A box is left, top, right, bottom in pixels; words that are not found have none.
    """

    jpeg: str
    size: tuple[int, int]
    boxes: tuple[tuple[tuple[int, int, int, int], ...], ...]


def draw_page(path: Path, page: int, words: Sequence[str], at: float) -> Picture:
    """Draw a page, counted from 0; words are looked for around the share ``at`` of its text.

    PictureError when that cannot be done.
    """
    try:
        state = path.stat()
        return _drawn(path, (state.st_mtime_ns, state.st_size), page, tuple(words), at)
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        raise PictureError(f"第 {page + 1} 页画不出来；下面是这一页的文字") from error


@lru_cache(maxsize=8)
def _drawn(
    path: Path, state: tuple[int, int], page: int, words: tuple[str, ...], at: float
) -> Picture:
    """A page for as long as its file does not change."""
    order = json.dumps({"page": page, "words": words, "at": at})
    with _AT_ONCE:
        done = subprocess.run(  # noqa: S603 - our own program, and an order of our own
            [sys.executable, "-I", str(_CHILD), order],
            input=path.read_bytes(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    row = json.loads(done.stdout)
    boxes = tuple(tuple((a, b, c, d) for a, b, c, d in found) for found in row["boxes"])
    width, height = row["size"]
    return Picture(str(row["picture"]), (int(width), int(height)), boxes)
