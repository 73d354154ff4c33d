"""What the reader makes of the hits: for each sentence, how likely it answers and by which words.

In go a turn, hits and their articles, out come readings, best first. Whether the best of them is
believed is the judge's; how it is worded, the answer's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Hit
from rag.models.reader import PassageScores, Reader, Shown, Turn
from rag.models.scorer import Scorer
from rag.read.context import context_of
from rag.read.words import whole_words
from rag.text import Range, sentences, standard_form

Floats = NDArray[np.float32]
HIT_FEATURES: tuple[str, ...] = ("answers", "search_score", "place")
_LONGEST_PIECES = 60  # of the words that answer
_PARTS_MEMBERS = re.compile(r"[、，,；;。和及与跟或/]")
_LEAST_BEGINNING = 0.2  # of the likeliest beginning
_INSIDE = 1.0  # log-odds from which a piece is part of an answer (docs/experiments.md, Reader)

standard_text = lru_cache(maxsize=512)(standard_form)


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence of a hit as the reader sees it; ranges count in ``article.text``.

    ``words`` are those that would answer, ``members`` all stretches of the sentence that are part
    of an answer (none where it is no list). ``answers`` is the reader's log-odds that the hit
    answers, ``odds`` the same with what the search made of it (``HIT_FEATURES``). ``share`` is how
    likely the answer of the hit stands in this sentence, ``certainty`` how likely it is just these
    words. ``place`` is that of the hit, from 0.
    """

    hit: Hit
    article: Article
    place: int
    sentence: Range
    words: Range
    members: tuple[Range, ...]
    answers: float
    odds: float
    share: float
    certainty: float

    @property
    def score(self) -> float:
        """The log-odds that this sentence answers; higher is better."""
        return self.odds + float(np.log(max(self.share, 1e-6)))

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


@dataclass(frozen=True, slots=True)
class ScoredHit:
    """A hit, its article, what the reader makes of it, and the log-odds that it answers."""

    hit: Hit
    article: Article
    place: int
    scores: PassageScores
    odds: float


def score_hits(
    reader: Reader,
    scorer: Scorer,
    turn: Turn,
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
) -> list[ScoredHit]:
    """The hits as they are read, in their order; ``scorer`` is one of ``HIT_FEATURES``."""
    owners = [articles[hit.passage.article_id] for hit in hits]
    shown = [
        Shown(context_of(article, hit.passage), standard_form(hit.passage.text))
        for article, hit in zip(owners, hits, strict=True)
    ]
    scored = reader.read(turn, shown)
    odds = scorer.score(hit_rows(hits, scored)).tolist()
    return [
        ScoredHit(hit, owner, place, scores, one)
        for place, (hit, owner, scores, one) in enumerate(
            zip(hits, owners, scored, odds, strict=True)
        )
    ]


def hit_rows(hits: Sequence[Hit], scored: Sequence[PassageScores]) -> Floats:
    """``HIT_FEATURES`` of each hit, shape ``(hits, features)``: what reader and search say."""
    best = max((hit.score for hit in hits), default=0.0)
    rows = [
        (scores.answers, hit.score / best if best > 0 else 0.0, np.log1p(place))
        for place, (hit, scores) in enumerate(zip(hits, scored, strict=True))
    ]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(HIT_FEATURES))


def readings_of(scored: Sequence[ScoredHit]) -> list[Reading]:
    """The sentences of the hits, each once, best first."""
    found = [reading for one in scored for reading in _of_passage(one)]
    return sorted(found, key=lambda one: -one.score)


def _of_passage(scored: ScoredHit) -> list[Reading]:
    """A reading for each sentence of a passage that is no headline of its article."""
    passage, scores, article = scored.hit.passage, scored.scores, scored.article
    text, start = passage.text, passage.start
    if not scores.starts:
        return []
    begins, ends = _shares(scores.begins), _shares(scores.ends)
    found = []
    for sentence in sentences(text):
        inside = [n for n, a in enumerate(scores.starts) if sentence.start <= a < sentence.end]
        if not inside or tells_nothing(text[sentence.start : sentence.end], article):
            continue
        first, last = inside[0], inside[-1] + 1
        a, b, certainty = _best(begins[first:last], ends[first:last])
        words = Range(scores.starts[first + a], scores.stops[first + b])
        found.append(
            Reading(
                hit=scored.hit,
                article=article,
                place=scored.place,
                sentence=_moved(sentence, start),
                words=_moved(words, start),
                members=tuple(
                    _moved(one, start) for one in _members(text, scores, begins, first, last)
                ),
                answers=scores.answers,
                odds=scored.odds,
                share=float(begins[first:last].sum() + ends[first:last].sum()) / 2,
                certainty=certainty,
            )
        )
    return found


def _members(
    text: str, scores: PassageScores, begins: Floats, first: int, last: int
) -> list[Range]:
    """The stretches among some pieces that are members of a list.

    Stretches with no sign or joining word between them are one. Only those count at which the
    answer may well begin: a neighbour's figure is likely inside, too, but no beginning.
    """
    runs: list[list[int]] = []
    for n in range(first, last):
        if scores.inside[n] <= _INSIDE:
            continue
        if runs and not _PARTS_MEMBERS.search(text[scores.stops[runs[-1][-1]] : scores.starts[n]]):
            runs[-1].append(n)
        else:
            runs.append([n])
    least = _LEAST_BEGINNING * float(begins.max())
    return [
        Range(scores.starts[run[0]], scores.stops[run[-1]])
        for run in runs
        if float(begins[run[0] : run[-1] + 1].max()) >= least
    ]


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


def tells_nothing(sentence: str, article: Article) -> bool:
    """Whether a line only names what is told, or by whom: headline, heading, byline."""
    bare = sentence.strip("# ")
    return bare in article.headings or bare in article.full_title or bare in article.byline
