"""The work that all programs are given, made once and kept: passages, vectors, questions.

Questions are those that the articles suggest, each with its article; titles ask where there are
few. Knows nothing of who does the work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rag.articles import article_from_text
from rag.datatypes import Article
from rag.index.records import MadeRecords
from rag.index.sample_questions import drafts
from rag.models.embedder import load_embedder
from rag.passages import split_article
from rag.text import as_read

_QUESTIONS = 100
_STEPS = 60  # articles that questions are drafted from at once
_FILES = ("articles.jsonl", "passages.json", "owners.npy", "vectors.npy", "asked.json", "asked.npy")


class Given(NamedTuple):
    """``owners`` is the article of each passage; ``asked`` are questions with their articles."""

    articles: list[dict[str, Any]]
    passages: list[str]
    owners: NDArray[np.int64]
    vectors: NDArray[np.float32]
    asked: list[tuple[str, int]]
    asked_vectors: NDArray[np.float32]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """What ``make`` wrote."""
        lines = (folder / _FILES[0]).read_text(encoding="utf-8").splitlines()
        return cls(
            [json.loads(line) for line in lines],
            json.loads((folder / _FILES[1]).read_bytes()),
            np.load(folder / _FILES[2]),
            np.load(folder / _FILES[3]),
            [
                (question, owner)
                for question, owner in json.loads((folder / _FILES[4]).read_bytes())
            ],
            np.load(folder / _FILES[5]),
        )

    def first(self, most: int) -> Self:
        """The work of the first articles, as many as give so many passages, or of one at least."""
        articles = max(1, int(self.owners[min(most, self.owners.size - 1)]))
        rows = int(np.searchsorted(self.owners, articles))
        kept = [place for place, (_, owner) in enumerate(self.asked) if owner < articles]
        return type(self)(
            self.articles[:articles],
            self.passages[:rows],
            self.owners[:rows],
            self.vectors[:rows],
            [self.asked[place] for place in kept],
            self.asked_vectors[kept],
        )


def make(texts: Iterable[str], passages: int, folder: Path) -> None:
    """Take texts until they give so many passages, and write the work into a folder."""
    articles: list[Article] = []
    cut: list[str] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        if len(cut) >= passages:
            break
        article = article_from_text(f"{number}#1", "", text, f"{number}")
        own = split_article(article, passage_chars=240)
        cut.extend(as_read(one.search_text).text for one in own)
        owners.extend([number] * len(own))
        articles.append(article)
    embedder = load_embedder("builtin")
    asked = _asked(articles)
    folder.mkdir(parents=True, exist_ok=True)
    records = MadeRecords(articles)
    lines = [records.line(place).decode("utf-8") for place in range(len(articles))]
    (folder / _FILES[0]).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / _FILES[1]).write_text(json.dumps(cut, ensure_ascii=False), encoding="utf-8")
    np.save(folder / _FILES[2], np.array(owners, dtype=np.int64))
    np.save(folder / _FILES[3], embedder.embed_passages(cut))
    (folder / _FILES[4]).write_text(json.dumps(asked, ensure_ascii=False), encoding="utf-8")
    np.save(folder / _FILES[5], np.stack([embedder.embed_query(one) for one, _ in asked]))


def _asked(articles: list[Article]) -> list[tuple[str, int]]:
    step = max(1, len(articles) // (10 * _STEPS))
    chosen = list(range(0, len(articles), step))
    found: list[tuple[str, int]] = []
    for start in range(0, len(chosen), _STEPS):
        some = {articles[at].id: at for at in chosen[start : start + _STEPS]}
        told = drafts([articles[at] for at in some.values()])
        found.extend((draft.question, some[draft.article_id]) for draft in told)
    titles = [(articles[at].text[:20], at) for at in chosen]
    return (found or titles)[:_QUESTIONS]
