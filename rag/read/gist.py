"""The telling sentences of articles, of all they say or of what they say on a topic.

In go articles and the words of a topic, out come stretches to quote, in the order of the text. No
reader and no threshold: there is no question to answer. What is on the topic holds its name, and
its other words or like ones; of these, sentences are taken that stand for most of the others (by
the embedder's vectors), come early, hold figures, and do not repeat what is taken already (maximal
marginal relevance, Carbonell and Goldstein 1998). Knows nothing of how they are worded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.datatypes import Article, Evidence
from rag.models.embedder import Embedder
from rag.read.context import lead_of
from rag.read.lines import tells_nothing
from rag.read.quoting import evidence_in, quoted_range
from rag.read.topic import Topic
from rag.text import Range, clauses, find_quantities, sentences, standard_form

Floats = NDArray[np.float32]
Added = Callable[[Article, bool], int]
_SHORTEST = 8  # characters of a sentence that tells something
_LONGEST_QUOTE = 110
_FEWEST_CHARS = 24  # of a cut sentence that is worth its place
_LEAD, _FIGURES, _ON_TOPIC = 0.3, 0.12, 0.8  # beside likeness to the whole, which is at most 1
_LENGTH, _LONG = 0.2, 40  # a short sentence mostly only leads to the next
_REPEATS = 0.6
_SAME = 0.92  # cosine from which two sentences say the same
_HAD = 0.1  # for each sentence that its article, or its part of it, has given already
_OF_HEAD, _OF_HEADING = 0.6, 0.5  # of what title and lead, or the heading, say of the topic
_ONE_MATTER, _OF_TEXT = 700, 0.45  # an article as short as this on its owner is of one matter
_LEAST_ON_TOPIC = 0.35  # of the sentence that is most so
_DANGLES = re.compile(
    r"^(?:他|她|它|他们|这|那|此外|另外|同时|据悉|其中|对此|因此|所以|但|而且|并且|不过|然而)"
)
_MARKER = re.compile(r"[\[［【]\s*\d{1,3}\s*[\]］】]")
_NO_TELLING = ("？", "?", "：", ":")


def nothing_added(article: Article, is_first: bool) -> int:
    """No characters."""
    return 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: Article
    heading: str
    place: int  # among the sentences of its article
    range: Range
    on_topic: float

    @property
    def text(self) -> str:
        return self.article.text[self.range.start : self.range.end]


class _Limits(NamedTuple):
    chars: int
    points: int
    added: Added


class Gist:
    """Picks telling sentences; its verb is ``of``."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def of(
        self,
        articles: Sequence[Article],
        topic: Topic,
        *,
        most_chars: int,
        most_points: int | None = None,
        added: Added = nothing_added,
    ) -> tuple[Evidence, ...]:
        """Stretches of the articles, together at most ``most_chars`` long, in their order.

        None where nothing is on the topic. ``most_points`` limits how many there are; ``added``
        says how many characters are going to be added to one of an article, the first or another.
        """
        found = [one for article in articles for one in _sentences(article, topic)]
        if not found:
            return ()
        vectors = self._embedder.embed_passages([one.text for one in found])
        if topic.words:
            found, vectors = self._on_topic(found, vectors, topic)
        worth = self._worth(found, vectors)
        limits = _Limits(most_chars, most_points or len(found), added)
        chosen = _chosen(found, worth, vectors, limits)
        order = {article.id: place for place, article in enumerate(articles)}
        chosen.sort(key=lambda one: (order[one.article_id], one.start))
        return tuple(chosen)

    def _on_topic(
        self, found: Sequence[_Sentence], vectors: Floats, topic: Topic
    ) -> tuple[list[_Sentence], Floats]:
        """The sentences that are on the topic, with how much they are, and their vectors."""
        near = np.maximum(vectors @ self._embedder.embed_query(topic.matter), 0)
        rated = near + np.asarray([one.on_topic for one in found], dtype=np.float32)
        most = float(rated.max()) or 1.0
        rows = [row for row, one in enumerate(rated) if one >= _LEAST_ON_TOPIC * most]
        kept = [replace(found[row], on_topic=float(rated[row]) / most) for row in rows]
        return kept, vectors[rows]

    def _worth(self, found: Sequence[_Sentence], vectors: Floats) -> Floats:
        """What each sentence is worth: likeness to its article, place, figures and topic."""
        worth = np.zeros(len(found), dtype=np.float32)
        for article_id in {one.article.id for one in found}:
            rows = [row for row, one in enumerate(found) if one.article.id == article_id]
            title = self._embedder.embed_query(found[rows[0]].article.full_title)
            middle = vectors[rows].mean(axis=0) + 0.5 * title
            length = float(np.linalg.norm(middle)) or 1.0
            worth[rows] = vectors[rows] @ (middle / length)
        for row, one in enumerate(found):
            worth[row] += _LEAD / (1 + one.place) + _ON_TOPIC * one.on_topic
            worth[row] += _FIGURES * bool(find_quantities(standard_form(one.text)))
            worth[row] += _LENGTH * min(len(one.text), _LONG) / _LONG
            worth[row] -= _FIGURES * bool(_DANGLES.match(one.text))
        return worth


def head_of(article: Article) -> str:
    """Title and first sentence, in which news name their subject."""
    return f"{article.full_title} {lead_of(article)}"


def _sentences(article: Article, topic: Topic) -> list[_Sentence]:
    """The sentences of an article that tell something and can be on the topic.

    What its title and first sentence tell of, all of it tells of; what a short one tells, too.
    """
    found: list[_Sentence] = []
    head = head_of(article)
    is_all_of_owner, share_of_all = topic.is_owner_in(head), _OF_HEAD * topic.share_in(head)
    if topic.owner and is_all_of_owner and len(article.text) <= _ONE_MATTER:
        share_of_all = max(share_of_all, _OF_TEXT * topic.share_in(article.text))
    heading, is_of_owner = "", False
    for one in sentences(article.text):
        text = article.text[one.start : one.end]
        if tells_nothing(text.strip("—- "), article) or text in article.captions:
            heading = text if text.strip("# ") in article.headings else heading
            continue
        is_new_block = article.text[max(0, one.start - 1) : one.start] == "\n"
        is_of_owner = topic.is_owner_in(text) or (is_of_owner and not is_new_block)
        if not (is_all_of_owner or is_of_owner) or not topic.is_of_period(text, article.date):
            continue
        if len(text) < _SHORTEST or text.endswith(_NO_TELLING) or _MARKER.search(text):
            continue
        on_topic = topic.share_in(text) + _OF_HEADING * topic.share_in(heading)
        on_topic = max(on_topic, share_of_all)
        found.append(_Sentence(article, heading, len(found), one, on_topic))
    return found


def _chosen(
    found: Sequence[_Sentence], worth: Floats, vectors: Floats, limits: _Limits
) -> list[Evidence]:
    """The sentences of most worth that do not repeat one another, as many as there is room for.

    Each one taken of an article, and of a part of it, makes the others of it worth less.
    """
    chosen: list[Evidence] = []
    repeats = np.zeros(len(found), dtype=np.float32)
    taken: Counter[str] = Counter()
    open_rows = set(range(len(found)))
    room = limits.chars

    def worth_now(row: int) -> float:
        one = found[row]
        had = taken[one.article.id] + taken[f"{one.article.id}\n{one.heading}"]
        return float(worth[row] - _REPEATS * repeats[row] - _HAD * had)

    while open_rows and len(chosen) < limits.points and room >= _SHORTEST:
        best = max(open_rows, key=worth_now)
        open_rows.remove(best)
        article = found[best].article
        own = room - limits.added(article, not taken[article.id])
        part = _cut(found[best], min(own, _LONGEST_QUOTE)) if repeats[best] < _SAME else None
        if part is None:
            continue
        chosen.append(evidence_in(article, part, float(worth[best])))
        room = own - (part.end - part.start)
        repeats = np.maximum(repeats, vectors @ vectors[best])
        taken.update((article.id, f"{article.id}\n{found[best].heading}"))
    return chosen


def _cut(one: _Sentence, room: int) -> Range | None:
    """The sentence, or its first clauses where it is long; None where too little would be left."""
    text = one.text
    if len(text) > room and room < _FEWEST_CHARS:
        return None
    start, end = quoted_range(text, clauses(text)[0], room)
    if len(text) > room and end - start < min(_FEWEST_CHARS, len(text)):
        return None
    return Range(one.range.start + start, one.range.start + end)
