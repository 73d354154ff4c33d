"""The nouns of searching: passages, and what is found for a query.

Knows nothing of evidence or answers.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from rag.datatypes.articles import SourceSpans
from rag.datatypes.tables import Saying

_PATH_PARTS = re.compile(r"!?/")
_SUFFIX = re.compile(r"\.\w{1,8}$")
_NAME = re.compile(r"\w*[\u4e00-\u9fff]{2}\w*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable span of an article: ``article.text[start:end] == text``.

    Of rows of a table, ``told`` is what they say as sentences and ``sayings`` these one by one;
    elsewhere both are empty.
    """

    article_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    told: str = ""
    sayings: tuple[Saying, ...] = ()

    @property
    def path_name(self) -> str:
        """What folders and file are called in Chinese, as far as title and text do not say it.

        A weak title: 青石乡/工作报告.txt names whose report it is.
        """
        source, _, _ = self.article_id.rpartition("#")
        path = " ".join(_SUFFIX.sub("", part) for part in _PATH_PARTS.split(source))
        told = f"{self.title}\n{self.text}"
        return " ".join(dict.fromkeys(name for name in _NAME.findall(path) if name not in told))

    @property
    def search_text(self) -> str:
        """What is embedded and indexed: the passage under its path, title and heading."""
        parts = (self.path_name, self.title, self.heading, self.told or self.text)
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that tells what a passage tells: the same story, cut, edited or reprinted."""

    article_id: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for a query; ``found_by`` names the rankings that held it.

    ``also_in`` are the other articles that tell it, in the order of the corpus.
    """

    passage: Passage
    score: float
    found_by: tuple[str, ...]
    source: str
    source_spans: SourceSpans
    also_in: tuple[Copy, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The hit as flat JSON."""
        passage = self.passage
        return {
            "article_id": passage.article_id,
            "title": passage.title,
            "source": self.source,
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "source_spans": [list(pair) for pair in self.source_spans],
            "score": self.score,
            "found_by": list(self.found_by),
            "also_in": [asdict(copy) for copy in self.also_in],
        }
