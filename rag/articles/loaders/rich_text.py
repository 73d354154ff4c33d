"""Rich text (.rtf): its text by striprtf's reading of the codes, cells of a table by bars.

Knows nothing of articles.
"""

from __future__ import annotations

import re

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.written import Field, WrittenText
from rag.errors import ArticleError

_MAX_MB = 20  # pictures are written as digits and are no text
_PICTURE = re.compile(rb"\{\\\*?\\?(?:pict|object)[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


def read_rtf(data: bytes, name: str) -> Decoded:
    """The text of a file, a paragraph a block; ArticleError when it is damaged or holds none."""
    from striprtf.striprtf import rtf_to_text

    bare = _PICTURE.sub(b"", data)
    if len(bare) > _MAX_MB * 1_000_000:
        raise ArticleError(f"{name} 除去图片还有 {len(bare) / 1e6:.0f} MB，太大；请另存为 .docx")
    try:
        text = rtf_to_text(bare.decode("latin-1"), encoding="gb18030", errors="replace")
    except (ValueError, IndexError, KeyError, TypeError, LookupError, RecursionError) as error:
        raise ArticleError(f"{name} 已损坏，打不开；请重新另存为 .docx") from error
    written = WrittenText()
    rows: list[list[Field]] = []
    for line in [*text.split("\n"), ""]:
        if "|" in line:
            rows.append([Field(cell) for cell in line.rstrip("|").split("|")])
            continue
        written.add_table(rows)
        rows = []
        if line.strip():
            written.add(line.strip())
    if not written:
        raise ArticleError(f"{name} 里没有文字（可能只有图片）；请放入有文字的文件")
    return Decoded(written.text, is_one_story=True, tables=written.tables)
