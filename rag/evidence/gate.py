"""Whether the chosen evidence answers the question.

Knows nothing of how the evidence was ranked. A figure of another place or another year is not an
answer: where the question's subject, or its period, stands nowhere near the evidence, the gate is
shut whatever else speaks for it. For the rest a scorer gives the log-odds. Its features are made so
that more of each speaks for an answer, and training keeps these signs: on pages unlike those it
was trained on it can be wrong, but not absurd.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from rag.evidence.aboutness import begins_with, begins_with_other_name
from rag.evidence.candidates import Candidate, sentences_before, standard_text
from rag.evidence.characters import SENTENCE_FEATURES
from rag.evidence.features import QuestionView
from rag.evidence.period import is_of_period
from rag.evidence.reading import ReadSentences
from rag.queries import core_of, rivals_of
from rag.text import bigrams, designators_in, fold

Floats = NDArray[np.float32]
GATE_FEATURES: tuple[str, ...] = (
    "holds", "margin", "lift", "certainty", "similarity", "passage_similarity", "characters",
    "asked_here", "asked_near", "likeness", "topic_likeness", "topic_here", "topic_near", "typed",
    "unit",
)  # fmt: skip
_COPIED = (
    "similarity", "passage_similarity", "characters", "asked_here", "asked_near", "likeness",
    "topic_likeness",
)  # fmt: skip
_ENOUGH_OF_SUBJECT = 0.5
_MOST_LEAD = 5.0  # that counts
_MOST_LIFT = 4.0
_CALLED = re.compile(r"\s?(?P<name>[A-Za-z][A-Za-z-]+)")
_TYPED_KINDS = frozenset({"number", "date", "person"})


def is_about(view: QuestionView, candidate: Candidate) -> bool:
    """Whether the evidence can be about the subject, the thing and the period asked about.

    The subject counts without what names of its kind end in, and has to stand for the most part in
    the sentence, the one before, or the title, or to be the last name that a clause of the article
    began with: a passage may name others in passing. Numbers that
    tell one thing from its like (12号线) have to stand in the passage. A year or month may stand
    anywhere in the article, unless the sentence names another; a quarter or half counts only
    against one that names another.
    """
    return (
        _is_of_subject(view, candidate)
        and not _is_rival(view, candidate)
        and view.designators <= designators_in(_near(candidate))
        and is_of_period(view.query, candidate)
    )


def gate_row(view: QuestionView, candidate: Candidate, read: ReadSentences, best: int) -> Floats:
    """Features of shape ``(len(GATE_FEATURES),)`` for the best sentence among its rivals.

    ``best`` is the candidate's number in ``read``.
    """
    ranks, row = read.ranks, read.rows[best]
    others = np.delete(ranks, best)
    lead = float(ranks[best] - others.max()) if others.size else 0.0
    weights = np.exp(ranks - ranks.max())
    # To be the likeliest of three says less than to be it of sixty.
    lift = float(np.log(weights[best] / weights.mean()))
    here = frozenset(bigrams(f"{candidate.standard} {candidate.headline}"))
    return np.asarray(
        [
            float(np.clip(read.holds[best], -10, 10)) / 10,
            min(_MOST_LEAD, lead) / _MOST_LEAD,
            max(0.0, lift) / _MOST_LIFT,
            read.guesses[best].probability,
            *(_value(row, name) for name in _COPIED),
            view.topic_overlap(here),
            view.topic_overlap(_terms_near(candidate)),
            *_type(view, row),
        ],
        dtype=np.float32,
    )


def probability(log_odds: float) -> float:
    """The probability that goes with log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _is_of_subject(view: QuestionView, candidate: Candidate) -> bool:
    """Whether the subject stands around the sentence, or the article was last telling of it.

    该公司 and 他 stand for a name that may be paragraphs away. Of 美国货运公司Acme the last word is
    enough.
    """
    if view.subject_overlap(_terms_told_of(candidate)) >= _ENOUGH_OF_SUBJECT:
        return True
    subject = view.query.subject
    called = _CALLED.match(view.query.text.partition(subject)[2])
    if called and fold(called["name"]) in fold(f"{candidate.before} {candidate.standard}"):
        return True
    if begins_with_other_name(subject, candidate.standard):
        return False
    for told in reversed(sentences_before(candidate)):
        is_other = begins_with_other_name(subject, told)
        if view.subject_overlap(frozenset(bigrams(told))) >= _ENOUGH_OF_SUBJECT:
            return not is_other or begins_with(core_of(subject), told)
        if is_other:
            return False
    return False


def _is_rival(view: QuestionView, candidate: Candidate) -> bool:
    """Whether the evidence is about one that bears the same name but is of another kind."""
    subject, everything = view.query.subject, _everything(candidate)
    if not subject or subject in everything:
        return False
    return any(rival in everything for rival in rivals_of(subject))


def _terms_told_of(candidate: Candidate) -> frozenset[str]:
    return frozenset(bigrams(f"{candidate.before} {candidate.standard} {candidate.headline}"))


def _everything(candidate: Candidate) -> str:
    article = candidate.article
    return f"{standard_text(article.text)} {standard_text(article.full_title)}"


def _near(candidate: Candidate) -> str:
    near = (candidate.before, candidate.standard, candidate.after, candidate.passage)
    return " ".join((*near, candidate.headline))


def _terms_near(candidate: Candidate) -> frozenset[str]:
    return frozenset(bigrams(_near(candidate)))


def _type(view: QuestionView, row: Floats) -> list[float]:
    """Whether a stretch of the asked kind, in the asked unit, is there; 1 when none is asked."""
    query = view.query
    typed = query.kind not in _TYPED_KINDS or bool(_value(row, "typed"))
    unit = not query.unit or bool(_value(row, "unit"))
    return [float(typed), float(unit)]


def _value(row: Floats, name: str) -> float:
    return float(row[SENTENCE_FEATURES.index(name)])
