"""The bytes of a web page to characters: mark, UTF-8, what the page declares, then by content.

Knows nothing of markup but the declaration of the encoding.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

from rag.articles.loaders.plain import decode, marked_encoding
from rag.errors import ArticleError

_HEAD_BYTES = 4_096
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
# Pages declare the small sets and use the large ones; browsers read them so too.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "big5": "big5hkscs"}


def decode_html(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding of a page.

    Valid UTF-8 wins over a declaration, which is often left from before a conversion. A page whose
    declared encoding fails here and there keeps the rest, as in a browser; one without any
    declaration is decoded as plain text, which may raise ArticleError.
    """
    head = data[:_HEAD_BYTES]
    if marked_encoding(data)[0] or 4 * head.count(0) > len(head):  # UTF-16 without a mark
        return decode(data, name)
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "utf-8"
    declared = _declared(data)
    if declared:
        with suppress(UnicodeDecodeError):
            return data.decode(declared), declared
    try:
        return decode(data, name)
    except ArticleError:
        if not declared:
            raise
    return data.decode(declared, "replace"), declared


def _declared(data: bytes) -> str:
    """The encoding that the head declares, or nothing if it names none that is known."""
    match = _DECLARED.search(data[:_HEAD_BYTES])
    if not match:
        return ""
    with suppress(LookupError):
        encoding = codecs.lookup(match.group(1).decode("ascii", "replace")).name
        return "" if encoding.startswith("utf-16") else _WIDER.get(encoding, encoding)
    return ""
