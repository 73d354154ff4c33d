"""Which lines of an article name what is told, or by whom, and tell nothing themselves.

Knows nothing of readers or questions.
"""

from __future__ import annotations

import re

from rag.datatypes import Article

_NAMES_AUTHOR = re.compile(r"(?:作者|author)\s*[：:]", re.IGNORECASE)
_CLAUSES_OF_TEXT = 2  # commas of a line that is more than a heading


def is_headline(line: str, article: Article) -> bool:
    """Whether a line is of an article's title."""
    return line.strip("# ") in article.full_title


def tells_nothing(sentence: str, article: Article) -> bool:
    """Whether a line only names what is told, or by whom: headline, heading, byline.

    A line that says who the author is tells that, and so does a heading of several clauses: a
    sentence that was broken off, more likely.
    """
    bare = sentence.strip("# ")
    is_byline = bare in article.byline and not _NAMES_AUTHOR.match(bare)
    is_heading = bare in article.headings and bare.count("，") < _CLAUSES_OF_TEXT
    return is_heading or bare in article.full_title or is_byline
