"""What Milvus is asked for in words: rows of some articles, values in a list, a filter.

Values are quoted here, by JSON's rules, and stand nowhere else in an expression. Knows nothing of
collections.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rag.index.filters import Filter

# The character behind the slash: what begins with ``folder/`` sorts between the two.
_BEHIND_SLASH = chr(ord("/") + 1)
LAST = "-99"
NOTHING = "row < 0"


def quoted(text: str) -> str:
    """A text as Milvus reads it; half a pair of surrogates is spelled out, as in ``plain``."""
    return json.dumps(plain(text), ensure_ascii=False)


def plain(text: str) -> str:
    """A text that can be sent: what is no character (a file's name may hold it) is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def among(field: str, values: Iterable[int | str]) -> str:
    """Rows whose field is one of the values."""
    listed = [str(one) if isinstance(one, int) else quoted(one) for one in values]
    return f"{field} in [{', '.join(listed)}]"


def both(*parts: str) -> str:
    """Rows that all expressions admit; an empty one admits all."""
    said = [f"({part})" for part in parts if part]
    return " and ".join(said)


def expression_of(only: Filter | None) -> str:
    """The rows of articles that a filter admits; empty where it asks nothing."""
    if only is None or not only.limits:
        return ""
    return both(
        among("article_id", only.articles) if only.articles else "",
        _of_sources([one for one in only.sources if one]) if only.sources else "",
        _of_dates(*only.dates) if any(only.dates) else "",
    )


def _of_sources(sources: list[str]) -> str:
    """Files and folders by their paths, or publishers by their names."""
    if not sources:
        return NOTHING
    said = [among("source", sources), among("publisher", sources)]
    for source in sources:
        folder = source.rstrip("/")
        low, high = quoted(f"{folder}/"), quoted(f"{folder}{_BEHIND_SLASH}")
        said.append(f"(source >= {low} and source < {high})")
    return " or ".join(said)


def _of_dates(since: str | None, until: str | None) -> str:
    """``date`` is an article's date, ``last`` what sorts behind each day of it."""
    said = ['date != ""']
    if since:
        said.append(f"last >= {quoted(since)}")
    if until:
        said.append(f"date <= {quoted(until + LAST)}")
    return " and ".join(said)
