"""What the built-in scorers see of a candidate sentence beside a question.

Knows nothing of the scorers' weights. The same code makes the features in training and in use;
``FEATURES`` names the columns, and a change of it calls for training again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.evidence.candidates import Candidate
from rag.evidence.typed_spans import has_unit, typed_spans
from rag.models.embedder import Embedder
from rag.models.term_weights import TermWeights
from rag.queries import KINDS, Query, content_of, core_of
from rag.text import Range, bigrams, designators_in, fold, periods_in

Floats = NDArray[np.float32]
LOCAL_CHARS = 20  # what stands this near a number, date or name says what it counts
_REASON_WORDS = (
    "因",
    "由于",
    "为了",
    "以",
    "使",
    "从而",
    "有助于",
    "有利于",
    "破解",
    "难",
    "旨在",
    "促进",
)
FEATURES: tuple[str, ...] = (
    "sentence", "before", "after", "title", "sentence_or_title", "passage", "article",
    "characters", "precision", "longest", "similarity", "passage_similarity",
    "hit_score", "hit_rank", "typed", "typed_count", "unit", "local", "length", "position",
    "no_end", "enumeration", "reason_words", "period_here", "period_near", "other_period",
    "asked_here", "asked_near", "designator_near",
    "subject_here", "subject_passage", "subject_article", "rarest_missing",
    "rarest_missing_passage", "rarest_missing_article",
    *(f"kind_{kind}" for kind in KINDS),
    *(f"kind_{kind}_typed" for kind in KINDS),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(bigrams(text))


@dataclass(frozen=True, slots=True)
class QuestionView:
    """The weighted terms of a question, ready to be compared with many sentences."""

    query: Query
    terms: dict[str, float]
    total: float
    characters: frozenset[str]
    runs: tuple[str, ...]
    subject: dict[str, float]
    asked: dict[str, float]
    periods: tuple[frozenset[str], frozenset[str], frozenset[str]]
    designators: frozenset[str]

    @classmethod
    def of(cls, query: Query, weights: TermWeights) -> QuestionView:
        """The view of one stand-alone question."""
        content = query.content
        terms = {term: weights.of(term) for term in _terms(content) or _terms(query.text)}
        return cls(
            query=query,
            terms=terms,
            total=sum(terms.values()) or 1.0,
            characters=frozenset(content) - {" "},
            runs=tuple(run for run in content.split() if len(run) > 1),
            subject=_subject_terms(query.subject, weights),
            asked={term: weights.of(term) for term in _terms(query.asked)},
            periods=periods_in(query.text),
            designators=designators_in(query.text),
        )

    def overlap(self, terms: frozenset[str]) -> float:
        """The weighted share of the question's terms that stand in a text."""
        return sum(weight for term, weight in self.terms.items() if term in terms) / self.total

    def subject_overlap(self, terms: frozenset[str]) -> float:
        """The same for the subject alone; 1 when the question names none."""
        return weighted_share(self.subject, terms)

    def asked_overlap(self, terms: frozenset[str]) -> float:
        """The same for the words nearest to the asking one; 1 when there are none."""
        return weighted_share(self.asked, terms)

    def topic_overlap(self, terms: frozenset[str]) -> float:
        """The same for what is asked about the subject: the question's other terms."""
        topic = {term: weight for term, weight in self.terms.items() if term not in self.subject}
        return weighted_share(topic, terms)

    def rarest_missing(self, terms: frozenset[str]) -> float:
        """The weight of the rarest question term that a text lacks."""
        return max((w for term, w in self.terms.items() if term not in terms), default=0.0)

    def spans(self, text: str) -> list[Range]:
        """Stretches of the text that could be the answer and do not stand in the question."""
        query = self.query
        return [
            span
            for span in typed_spans(query.kind, query.unit, text)
            if text[span.start : span.end] not in query.text
        ]

    def local_overlap(self, text: str, span: Range) -> float:
        """The question's terms right around a stretch of the text."""
        near = text[max(0, span.start - LOCAL_CHARS) : span.end + LOCAL_CHARS]
        return self.overlap(frozenset(bigrams(near)))


def weighted_share(wanted: dict[str, float], terms: frozenset[str]) -> float:
    """The weighted share of wanted terms that are among others; 1 where none is wanted."""
    total = sum(wanted.values())
    found = sum(weight for term, weight in wanted.items() if term in terms)
    return found / total if total else 1.0


def _subject_terms(subject: str, weights: TermWeights) -> dict[str, float]:
    """What tells the subject from others of its kind, in weighted terms; empty without one."""
    core = core_of(subject)
    return {term: weights.of(term) for term in _terms(content_of(core)) or _terms(core)}


def feature_rows(
    view: QuestionView, candidates: Sequence[Candidate], embedder: Embedder, weights: TermWeights
) -> Floats:
    """Features of shape ``(candidates, len(FEATURES))``."""
    if not candidates:
        return np.zeros((0, len(FEATURES)), dtype=np.float32)
    query_vector = embedder.embed_query(view.query.text)
    similarities = embedder.embed_passages([c.text for c in candidates]) @ query_vector
    passages = list({c.hit.passage.text: None for c in candidates})
    passage_similarity = dict(
        zip(passages, embedder.embed_passages(passages) @ query_vector, strict=True)
    )
    best = max(c.hit.score for c in candidates) or 1.0
    kinds = [float(view.query.kind == kind) for kind in KINDS]
    rows = []
    for candidate, similarity in zip(candidates, similarities, strict=True):
        row = [
            *_overlaps(view, candidate, weights),
            float(similarity),
            float(passage_similarity[candidate.hit.passage.text]),
            candidate.hit.score / best,
            1.0 / candidate.rank,
            *_shape(view, candidate),
            *_subject_and_period(view, candidate),
            *kinds,
        ]
        typed = row[FEATURES.index("typed")]
        rows.append([*row, *(kind * typed for kind in kinds)])
    return np.asarray(rows, dtype=np.float32)


def _overlaps(view: QuestionView, candidate: Candidate, weights: TermWeights) -> list[float]:
    here = _terms(candidate.standard)
    title = _terms(candidate.headline)
    folded = fold(candidate.standard)
    shared = [term for term in view.terms if term in here]
    return [
        view.overlap(here),
        view.overlap(_terms(candidate.before)),
        view.overlap(_terms(candidate.after)),
        view.overlap(title),
        view.overlap(here | title),
        view.overlap(_terms(candidate.passage)),
        view.overlap(_terms(candidate.article.text)),
        len(view.characters & frozenset(folded)) / max(1, len(view.characters)),
        sum(view.terms[term] for term in shared) / (weights.total(here) or 1.0),
        _longest_shared(view.runs, folded) / 10,
    ]


def _longest_shared(runs: Sequence[str], text: str) -> int:
    """The length of the longest stretch of a question run that stands in the text."""
    longest = 0
    for run in runs:
        for start in range(len(run)):
            while start + longest < len(run) and run[start : start + longest + 1] in text:
                longest += 1
    return longest


def _shape(view: QuestionView, candidate: Candidate) -> list[float]:
    text, unit = candidate.standard, view.query.unit
    spans = view.spans(text)[:8]
    return [
        float(bool(spans)),
        math.log1p(len(spans)),
        float(bool(unit) and any(has_unit(text[a:b], unit) for a, b in spans)),
        max((view.local_overlap(text, span) for span in spans), default=0.0),
        math.log1p(len(text)) / 5,
        candidate.start / max(1, len(candidate.article.text)),
        float(text[-1] not in "。！？；!?;…”’）)"),
        math.log1p(text.count("、")),
        sum(word in text for word in _REASON_WORDS) / 3,
    ]


def _subject_and_period(view: QuestionView, candidate: Candidate) -> list[float]:
    passage = candidate.passage
    here = _terms(candidate.standard) | _terms(candidate.headline)
    near = here | _terms(passage) | _terms(candidate.before)
    article = _terms(candidate.article.text) | here
    around = f"{candidate.before} {candidate.standard} {passage} {candidate.headline}"
    asked = frozenset().union(*view.periods)
    named = frozenset().union(*periods_in(candidate.standard))
    close = frozenset().union(*periods_in(around))
    return [
        len(asked & named) / max(1, len(asked)),
        len(asked & close) / max(1, len(asked)),
        float(bool(asked) and bool(named) and not asked & named),
        view.asked_overlap(_terms(candidate.standard)),
        view.asked_overlap(near),
        float(view.designators <= designators_in(around)),
        view.subject_overlap(here),
        view.subject_overlap(near),
        view.subject_overlap(article),
        view.rarest_missing(here) / 8,
        view.rarest_missing(near) / 8,
        view.rarest_missing(article) / 8,
    ]
