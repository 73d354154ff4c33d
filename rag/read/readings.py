"""What the reader makes of the hits: for each sentence, how likely it answers and by which words.

In go a turn, hits and their articles, out come readings, best first. Whether the best of them is
believed is the judge's; how it is worded, the answer's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Hit
from rag.models.reader import PassageScores, Reader, Shown, Turn
from rag.read.context import context_of
from rag.read.words import whole_words
from rag.text import Range, sentences, standard_form

Floats = NDArray[np.float32]
_LONGEST_PIECES = 60  # of the words that answer
_INSIDE = 0.0  # log-odds from which a piece is part of an answer

standard_text = lru_cache(maxsize=512)(standard_form)


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence of a hit as the reader sees it; ranges count in ``article.text``.

    ``words`` are those that would answer, ``members`` all stretches of the sentence that are part
    of an answer (none where it is no list). ``answers`` is the log-odds that the hit answers,
    ``share`` how likely the answer of the hit stands in this sentence, ``certainty`` how likely it
    is just these words. ``place`` is that of the hit, from 0.
    """

    hit: Hit
    article: Article
    place: int
    sentence: Range
    words: Range
    members: tuple[Range, ...]
    answers: float
    share: float
    certainty: float

    @property
    def score(self) -> float:
        """The log-odds that this sentence answers; higher is better."""
        return self.answers + float(np.log(max(self.share, 1e-6)))

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.article.text[self.sentence.start : self.sentence.end]

    @property
    def facts(self) -> tuple[Range, ...]:
        """The words that answer, made whole: the members of a list, else the likeliest stretch."""
        members = sorted({self._whole(one) for one in self.members})
        told = tuple(one for one in members if one.start < one.end)
        return told if len(told) > 1 else (self._whole(self.words),)

    @property
    def fact(self) -> str:
        """The bare fact as printed; the members of a list are joined by ``、``."""
        printed = (self.article.text[start:end] for start, end in self.facts)
        return "、".join(dict.fromkeys(printed))

    def _whole(self, found: Range) -> Range:
        start = self.sentence.start
        inner = whole_words(self.text, Range(found.start - start, found.end - start))
        return _moved(inner, start)


def read_hits(
    reader: Reader, turn: Turn, hits: Sequence[Hit], articles: Mapping[str, Article]
) -> list[Reading]:
    """The sentences of the hits, each once, best first."""
    owners = [articles[hit.passage.article_id] for hit in hits]
    shown = [
        Shown(context_of(article, hit.passage), standard_form(hit.passage.text))
        for article, hit in zip(owners, hits, strict=True)
    ]
    return readings_of(hits, owners, reader.read(turn, shown))


def readings_of(
    hits: Sequence[Hit], owners: Sequence[Article], scored: Sequence[PassageScores]
) -> list[Reading]:
    """The sentences of hits whose passages were read, each once, best first."""
    found: list[Reading] = []
    for place, (hit, article, scores) in enumerate(zip(hits, owners, scored, strict=True)):
        found += _of_passage(hit, article, place, scores)
    return sorted(found, key=lambda one: -one.score)


def _of_passage(hit: Hit, article: Article, place: int, scores: PassageScores) -> list[Reading]:
    """A reading for each sentence of a passage that is no headline of its article."""
    text, start = hit.passage.text, hit.passage.start
    if not scores.starts:
        return []
    begins, ends = _shares(scores.begins), _shares(scores.ends)
    found = []
    for sentence in sentences(text):
        if _tells_nothing(text[sentence.start : sentence.end], article):
            continue
        inside = [n for n, a in enumerate(scores.starts) if sentence.start <= a < sentence.end]
        if not inside:
            continue
        first, last = inside[0], inside[-1] + 1
        a, b, certainty = _best(begins[first:last], ends[first:last])
        words = Range(scores.starts[first + a], scores.stops[first + b])
        members = _members(scores, first, last)
        found.append(
            Reading(
                hit, article, place,
                _moved(sentence, start),
                _moved(words, start),
                tuple(_moved(one, start) for one in members),
                scores.answers,
                float(begins[first:last].sum() + ends[first:last].sum()) / 2,
                certainty,
            )
        )  # fmt: skip
    return found


def _members(scores: PassageScores, first: int, last: int) -> list[Range]:
    """The stretches among some pieces that are part of an answer."""
    found: list[Range] = []
    begun: int | None = None
    for n in range(first, last + 1):
        is_inside = n < last and scores.inside[n] > _INSIDE
        if is_inside and begun is None:
            begun = n
        elif not is_inside and begun is not None:
            found.append(Range(scores.starts[begun], scores.stops[n - 1]))
            begun = None
    return found


def _moved(found: Range, by: int) -> Range:
    return Range(found.start + by, found.end + by)


def _best(begins: Floats, ends: Floats) -> tuple[int, int, float]:
    """The likeliest first and last piece together, and how likely they are."""
    together = np.triu(begins[:, None] * ends[None, :])
    together = together - np.triu(together, _LONGEST_PIECES)
    best = int(together.argmax())
    first, last = divmod(best, len(ends))
    return first, last, float(together.flat[best])


def _shares(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def _tells_nothing(sentence: str, article: Article) -> bool:
    """Whether a line only names what is told, or by whom: headline, heading, byline."""
    bare = sentence.strip("# ")
    return bare in article.headings or bare in article.full_title or bare in article.byline
