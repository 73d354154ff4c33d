"""The page as it came: the decoded text of a source file, and which stretch of it to show.

In go the corpus folder, a source and its spans, out comes text to be marked. Nothing outside the
folder is read. Knows nothing of HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import rag

_WINDOW = 12_000  # characters shown on either side of a quote
_ARCHIVE = "!/"

Spans = tuple[tuple[int, int], ...]


class OriginalError(rag.RagError):
    """The file of an article cannot be shown as it came."""


@dataclass(frozen=True, slots=True)
class Original:
    """A stretch of a source file: ``text`` begins at ``start`` of the file.

    ``place`` is a text of the page that says with the ``number`` where the quote stands: on a line,
    or on a page of a PDF.
    """

    source: str
    text: str
    start: int
    place: str
    number: int

    @property
    def is_pdf(self) -> bool:
        """Whether its file has pages that can be drawn."""
        return self.source.lower().endswith(".pdf")


def original(folder: Path | None, source: str, spans: Spans, quote: str) -> Original:
    """The file of a quote around it; OriginalError when it is gone or no longer says this.

    Of a PDF it is the page that the quote begins on.
    """
    text = _text(folder, source)
    if "".join(text[a:b] for a, b in spans) != quote:
        raise OriginalError(f"{source} 在建索引后改过，原来的位置对不上了；请重建索引")
    at = spans[0][0] if spans else 0
    is_pdf = source.lower().endswith(".pdf")
    if is_pdf:
        low = text.rfind("\f", 0, at) + 1
        high = text.find("\f", max(at, low))
        high = len(text) if high < 0 else max(high, spans[-1][1] if spans else 0)
    else:
        low, high = max(0, at - _WINDOW), at + _WINDOW
        high = max(high, spans[-1][1] if spans else 0)
    place, sign = ("第 {number} 页", "\f") if is_pdf else ("第 {number} 行", "\n")
    return Original(source, text[low:high], low, place, text.count(sign, 0, at) + 1)


def path_of(folder: Path | None, source: str) -> Path:
    """Where the file of a source stands; OriginalError when it is not in the folder itself."""
    if folder is None:
        raise OriginalError("这些文章不是从文件读来的，没有原件可看")
    if _ARCHIVE in source:
        raise OriginalError(f"{source} 在压缩包里，这里看不了原件")
    root = folder.expanduser().resolve()
    path = (root / source).resolve()
    if not path.is_relative_to(root):
        raise OriginalError(f"{source} 不在文章文件夹里，这里不显示")
    return path


def _text(folder: Path | None, source: str) -> str:
    path = path_of(folder, source)
    try:
        state = path.stat()
    except OSError as error:
        raise OriginalError(f"原件 {source} 打不开（{error.strerror}）；它可能被移走了") from error
    return _decoded(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _decoded(path: Path, changed_ns: int, size: int) -> str:
    """The text of a file for as long as it does not change."""
    return rag.read_text(path)
