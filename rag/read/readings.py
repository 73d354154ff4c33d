"""What the reader makes of the hits: for each sentence, how likely it answers and by which words.

In go a turn, hits and their articles, out come readings, best first. Whether the best of them is
believed is the judge's; how it is worded, the answer's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Hit, Passage, Saying
from rag.models.reader import PassageScores, Reader, Shown, Turn
from rag.models.scorer import Scorer
from rag.read.context import context_of
from rag.read.lines import is_headline, tells_nothing
from rag.read.periods import in_words_of
from rag.read.words import whole_words
from rag.text import AsRead, Range, as_read, sentences, standard_form

Floats = NDArray[np.float32]
HIT_FEATURES: tuple[str, ...] = ("answers", "search_score", "place")
_LONGEST_PIECES = 60  # of the words that answer
_PARTS_MEMBERS = re.compile(r"[、，,；;。和及与跟或/]")
_LEAST_BEGINNING = 0.2  # of the likeliest beginning
_INSIDE = 1.0  # log-odds from which a piece is part of an answer (docs/experiments.md, Reader)


@lru_cache(maxsize=512)
def standard_text(text: str) -> str:
    """The standard form of a text as it is read."""
    return standard_form(as_read(text).text)


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence of a hit as the reader sees it; ranges count in ``article.text``.

    ``words`` are those that would answer, ``members`` all stretches of the sentence that are part
    of an answer (none where it is no list). ``answers`` is the reader's log-odds that the hit
    answers, ``odds`` the same with what the search made of it (``HIT_FEATURES``). ``share`` is how
    likely the answer of the hit stands in this sentence, ``certainty`` how likely it is just these
    words. ``place`` is that of the hit, from 0. Where the hit is rows of a table, ``saying`` is
    what one of its cells says: ``sentence`` and ``words`` are then that cell.
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
    saying: Saying | None = None

    @property
    def score(self) -> float:
        """The log-odds that this sentence answers; higher is better."""
        return self.odds + float(np.log(max(self.share, 1e-6)))

    @property
    def text(self) -> str:
        """The sentence as printed."""
        return self.article.text[self.sentence.start : self.sentence.end]

    @property
    def told(self) -> str:
        """The sentence as it is read: without spaces between letters; what a cell says."""
        saying = self.saying
        return (
            self.hit.passage.told[saying.start : saying.end] if saying else as_read(self.text).text
        )

    @property
    def facts(self) -> tuple[Range, ...]:
        """The words that answer, made whole: the members of a list, else the likeliest stretch."""
        if self.saying:
            return (self.words,)
        members = sorted({self._whole(one) for one in self.members})
        told = tuple(one for one in members if one.start < one.end)
        return told if len(told) > 1 else (self._whole(self.words),)

    @property
    def fact(self) -> str:
        """The bare fact as printed; the members of a list are joined by ``、``.

        A cell is followed by the unit that its heads or its table's caption say.
        """
        if self.saying:
            return self.hit.passage.told[self.saying.value_start : self.saying.value_end]
        return "、".join(dict.fromkeys(self.shown(fact) for fact in self.facts))

    def shown(self, found: Range) -> str:
        """A stretch of the sentence as it is shown by itself: without spaces between letters."""
        read = as_read(self.text)
        start, end = read.read(_moved(found, -self.sentence.start))
        return read.text[start:end]

    def _whole(self, found: Range) -> Range:
        start = self.sentence.start
        read = as_read(self.text)
        inner = whole_words(read.text, read.read(_moved(found, -start)))
        return _moved(read.printed(inner), start)


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
    turns: Sequence[Turn],
    found: Sequence[Sequence[Hit]],
    articles: Mapping[str, Article],
) -> list[list[ScoredHit]]:
    """The hits of each turn, read all in one go; ``scorer`` is one of ``HIT_FEATURES``."""
    asked = [
        _asked(turn, articles[hit.passage.article_id], hit)
        for turn, hits in zip(turns, found, strict=True)
        for hit in hits
    ]
    scores = iter(reader.read_all(asked))
    return [_scored(scorer, hits, list(islice(scores, len(hits))), articles) for hits in found]


def _asked(turn: Turn, article: Article, hit: Hit) -> tuple[Turn, Shown]:
    text = standard_form(_read(hit.passage).text)
    shown = Shown(context_of(article, hit.passage), text)
    return in_words_of(turn, text, article.date), shown


def _scored(
    scorer: Scorer,
    hits: Sequence[Hit],
    scores: Sequence[PassageScores],
    articles: Mapping[str, Article],
) -> list[ScoredHit]:
    """The hits of one turn with the log-odds that each answers."""
    odds = scorer.score(hit_rows(hits, scores)).tolist()
    return [
        ScoredHit(hit, articles[hit.passage.article_id], place, own, one)
        for place, (hit, own, one) in enumerate(zip(hits, scores, odds, strict=True))
    ]


def hit_rows(hits: Sequence[Hit], scored: Sequence[PassageScores]) -> Floats:
    """``HIT_FEATURES`` of each hit, shape ``(hits, features)``: what reader and search say."""
    best = max((hit.score for hit in hits), default=0.0)
    rows = [
        (scores.answers, hit.score / best if best > 0 else 0.0, np.log1p(place))
        for place, (hit, scores) in enumerate(zip(hits, scored, strict=True))
    ]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), len(HIT_FEATURES))


def readings_of(scored: Sequence[ScoredHit], *, headlines: bool = False) -> list[Reading]:
    """The sentences of the hits, each once, best first; with ``headlines`` these, too."""
    found = [reading for one in scored for reading in _of_passage(one, headlines=headlines)]
    return sorted(found, key=lambda one: -one.score)


def _of_passage(scored: ScoredHit, *, headlines: bool) -> list[Reading]:
    """A reading for each sentence of a passage, of headlines only where they are asked for."""
    passage, scores, article = scored.hit.passage, scored.scores, scored.article
    if not scores.starts:
        return []
    if passage.sayings:
        return _of_rows(scored)
    read, start = _read(passage), passage.start
    text = read.text

    def printed(found: Range) -> Range:
        return _moved(read.printed(found), start)

    begins, ends = _shares(scores.begins), _shares(scores.ends)
    found = []
    for sentence in sentences(text):
        inside = [n for n, a in enumerate(scores.starts) if sentence.start <= a < sentence.end]
        place = printed(sentence)
        line = article.text[place.start : place.end]
        is_told = not tells_nothing(line, article) or (headlines and is_headline(line, article))
        if not inside or not is_told:
            continue
        first, last = inside[0], inside[-1] + 1
        a, b, certainty = _best(begins[first:last], ends[first:last])
        words = Range(scores.starts[first + a], scores.stops[first + b])
        found.append(
            Reading(
                hit=scored.hit,
                article=article,
                place=scored.place,
                sentence=place,
                words=printed(words),
                members=tuple(map(printed, _members(text, scores, begins, first, last))),
                answers=scores.answers,
                odds=scored.odds,
                share=_share(begins[first:last], ends[first:last]),
                certainty=certainty,
            )
        )
    return found


def _of_rows(scored: ScoredHit) -> list[Reading]:
    """A reading for each cell of a passage that is rows of a table."""
    passage, scores = scored.hit.passage, scored.scores
    begins, ends = _shares(scores.begins), _shares(scores.ends)
    found = []
    for saying in passage.sayings:
        inside = [n for n, a in enumerate(scores.starts) if saying.start <= a < saying.end]
        value = [n for n in inside if scores.stops[n] > saying.value_start]
        if not value:
            continue
        own = slice(inside[0], inside[-1] + 1)
        cell = Range(*saying.cell)
        found.append(
            Reading(
                hit=scored.hit,
                article=scored.article,
                place=scored.place,
                sentence=cell,
                words=cell,
                members=(),
                answers=scores.answers,
                odds=scored.odds,
                share=_share(begins[own], ends[own]),
                certainty=float(begins[value].sum() + ends[value].sum()) / 2,
                saying=saying,
            )
        )
    return found


def _read(passage: Passage) -> AsRead:
    """A passage as it is read: rows of a table as sentences, spaced letters without the spaces."""
    return AsRead(passage.told) if passage.told else as_read(passage.text)


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


def _share(begins: Floats, ends: Floats) -> float:
    """How likely an answer lies in a run of pieces; never over 1 by a rounding."""
    return min(1.0, float(begins.sum() + ends.sum()) / 2)


def _shares(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares
