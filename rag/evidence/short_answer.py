"""The asked-for fact inside a chosen sentence: a number, date, name, place or list.

Knows nothing of hits. Says nothing when it is not sure: the sentence itself is always quoted.
"""

from __future__ import annotations

import re

from rag.evidence.features import QuestionView
from rag.evidence.typed_spans import has_unit
from rag.text import Range, bigrams, clauses

_NEAR_CHARS = 8
_CLEAR_LEAD = 0.1  # the best stretch must stand nearer to the question's words by this much
_MAX_CHARS = 60
_LIST_ENDS = re.compile(r"(?:等|[\d一二两三四五六七八九十]+(?:余|多)?[大个项家种类名所座条]).*$")
_LIST_STARTS = re.compile(r"^(?:.*?(?:包括|建有|设有|分别[是为]|有)|[在从到])(?=.)")
_JOINERS = re.compile(r"、|和(?=[^、]*$)")
_MIN_LIST_ITEMS = 3
_QUOTE = re.compile("[“「]")


def find_short_answer(view: QuestionView, text: str) -> Range | None:
    """The range of the asked-for fact in a sentence, or None when nothing stands out."""
    if view.query.kind == "list":
        return _list(view, text)
    spans = [span for span in view.spans(text) if _counts(view, text[span.start : span.end])]
    scored = sorted(((_score(view, text, span), -span.start, span) for span in spans), reverse=True)
    if not scored or scored[0][2].end - scored[0][2].start > _MAX_CHARS:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEAR_LEAD:
        return None
    return scored[0][2]


def _counts(view: QuestionView, found: str) -> bool:
    """Whether a number counts something: 第18批 and 三大 do not answer how many."""
    if view.query.kind != "number":
        return True
    is_ordinal = found.startswith("第") and "第" not in view.query.text
    return not is_ordinal and not found.endswith("大")


def _score(view: QuestionView, text: str, span: Range) -> float:
    clause = next(c for c in clauses(text) if c.start <= span.start < c.end)
    near = text[max(0, span.start - _NEAR_CHARS) : span.end + _NEAR_CHARS]
    unit = view.query.unit
    fits = bool(unit) and has_unit(text[span.start : span.end], unit)
    here = frozenset(bigrams(text[clause.start : clause.end]))
    asked = view.asked_overlap(here) if view.asked else 0.0
    return (
        view.topic_overlap(here) + asked + view.topic_overlap(frozenset(bigrams(near))) + 0.3 * fits
    )


def _list(view: QuestionView, text: str) -> Range | None:
    """The enumeration nearest to the question's words, if its first item looks like the others.

    A list's first item often carries the verb before it; such a one is left to the quote.
    """
    spans = view.spans(text)
    if not spans:
        return None
    best = max(spans, key=lambda span: _score(view, text, span))
    lead = _LIST_STARTS.match(text[best.start : best.end].partition("、")[0])
    start = best.start + (lead.end() if lead else 0)
    printed = _LIST_ENDS.sub("", text[start : best.end])
    items = _JOINERS.split(printed)
    longest = max(map(len, items[1:]), default=0)
    typical = sorted(map(len, items))[len(items) // 2]
    is_even = max(map(len, items)) <= 2 * typical + 2
    looks_whole = is_even and len(items[0]) <= longest + 1 and not _QUOTE.search(printed)
    if len(items) < _MIN_LIST_ITEMS or not looks_whole or len(printed) > _MAX_CHARS:
        return None
    return Range(start, start + len(printed))
