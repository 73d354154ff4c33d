"""The piece of a sentence that a number or date stands in, and what it tells of a question.

Knows nothing of which piece a reader prefers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rag.evidence.features import QuestionView, weighted_share
from rag.queries import PERIOD, subject_of
from rag.text import Range, bigrams, clauses

_RISE = re.compile(r"增[设加长添建]|新[增建设]|减少|下降|提高")
_START = re.compile(r"[从由]$")  # 由12人增至35人
_END = re.compile(r"[^，。；]{0,6}[到至]")
_OF_RISE = 0.02
_UNTOLD = 0.1
_RESPECTIVELY = re.compile(r"(?P<names>[^，,。；;：]+?(?:[、和与及][^，,。；;：、和与及]+?)+)分别")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a piece tells: a clause, or an item of an enumeration in it.

    ``worth`` is how much of what is asked it tells; what is asked about the subject counts most,
    for in 某校有学生1380名、教师76名 both are the subject's own. Next to nothing it is of a rise
    (增设10个，达到26个), or of where it rose from, where none is asked about: ``is_mere_rise``.
    ``asked`` are the terms told.
    """

    worth: float
    is_mere_rise: bool
    asked: frozenset[str]

    @classmethod
    def around(cls, view: QuestionView, text: str, span: Range) -> Self:
        """The piece that a stretch of a text stands in."""
        piece = _piece(text, span)
        here = frozenset(bigrams(piece))
        question, subject = view.query.text, view.query.subject
        about = (subject, subject_of(question), *PERIOD.findall(question))
        known = frozenset(bigrams(" ".join(about)))
        asked = {term: weight for term, weight in view.terms.items() if term not in known}
        is_start = _START.search(text[: span.start]) and _END.match(text[span.end :])
        rises = bool(is_start or _RISE.search(piece)) and not _RISE.search(question)
        told = (_UNTOLD + weighted_share(asked, here)) ** 2 * (
            _UNTOLD + weighted_share(view.terms, here)
        )
        return cls(told * _OF_RISE if rises else told, rises, here & frozenset(asked))

    def is_half_of(self, other: Piece) -> bool:
        """Whether either tells something of what is asked that the other does not."""
        return bool(self.asked - other.asked) and bool(other.asked - self.asked)


def _piece(text: str, span: Range) -> str:
    start, end = next(clause for clause in clauses(text) if span.start < clause.end)
    before, behind = text.rfind("、", start, span.start), text.find("、", span.end, end)
    return text[start if before < 0 else before + 1 : end if behind < 0 else behind]


def respective(subject: str, text: str, spans: Sequence[Range]) -> Range | None:
    """The number of a subject among as many: the second of 甲和乙分别有5人和7人; None if none is.

    ``spans`` are all numbers of the text.
    """
    for match in _RESPECTIVELY.finditer(text):
        names = re.split("[、和与及]", match["names"])
        behind = [span for span in spans if span.start >= match.end()]
        places = [place for place, name in enumerate(names) if subject and subject in name]
        if len(places) == 1 and len(behind) >= len(names):
            return behind[places[0]]
    return None
