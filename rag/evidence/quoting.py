"""Which words of a chosen sentence are quoted: all of it, or whole clauses when it is long.

Knows nothing of hits or numbers of citations.
"""

from __future__ import annotations

import re

from rag.evidence.features import QuestionView
from rag.text import Range, bigrams, clauses

_ENUMERATION = "、"
_MARKER = re.compile(r"[\[［【]\s*\d{1,3}\s*[\]］】]")
_LOOSE_END = re.compile(r"[，,；;](?:其中|同时|此外|并且|并|而且|以及)$")


def quoted_range(view: QuestionView, text: str, keep: Range | None, max_chars: int) -> Range:
    """The range of a sentence to quote, at most ``max_chars`` long and holding ``keep`` if it can.

    Neighbouring whole clauses are taken as long as they fit, those that share more with the
    question first. A clause that is too long by itself is cut at its enumeration commas.
    """
    start, end = _without_markers(view, text, keep)
    if (start, end) != (0, len(text)):
        is_whole = keep is not None and start <= keep.start and keep.end <= end
        inner = Range(keep.start - start, keep.end - start) if keep and is_whole else None
        quoted = quoted_range(view, text[start:end], inner, max_chars)
        return Range(start + quoted.start, start + quoted.end)
    if len(text) <= max_chars:
        return _without_loose_end(text, 0, len(text))
    pieces = _pieces(text, max_chars)
    worth = [view.overlap(frozenset(bigrams(text[a:b]))) for a, b in pieces]
    if keep is not None:
        first = next(i for i, piece in enumerate(pieces) if piece.end > keep.start)
        last = next(i for i, piece in enumerate(pieces) if piece.end >= keep.end)
    else:
        first = last = max(range(len(pieces)), key=worth.__getitem__)
    if pieces[last].end - pieces[first].start > max_chars:
        last = first
    while True:
        sides = [
            (worth[i], i < first, i)
            for i in (first - 1, last + 1)
            if 0 <= i < len(pieces) and _spread(pieces, first, last, i) <= max_chars
        ]
        if not sides:
            break
        chosen = max(sides)[2]
        first, last = min(first, chosen), max(last, chosen)
    start, end = pieces[first].start, min(pieces[last].end, pieces[first].start + max_chars)
    return _without_loose_end(text, start, end)


def _without_markers(view: QuestionView, text: str, keep: Range | None) -> Range:
    """The stretch of a sentence to quote from that holds no ``[n]`` of its own.

    Such a mark, a footnote's say, would read as one of the answer's citations.
    """
    edges = [0, *(edge for match in _MARKER.finditer(text) for edge in match.span()), len(text)]
    stretches = [Range(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    for stretch in stretches:
        if keep is not None and stretch.start <= keep.start and keep.end <= stretch.end:
            return stretch
    worth = [view.overlap(frozenset(bigrams(text[a:b]))) for a, b in stretches]
    return stretches[worth.index(max(worth))] if stretches else Range(0, len(text))


def _spread(pieces: list[Range], first: int, last: int, other: int) -> int:
    return pieces[max(last, other)].end - pieces[min(first, other)].start


def _pieces(text: str, max_chars: int) -> list[Range]:
    found: list[Range] = []
    for start, end in clauses(text):
        if end - start <= max_chars:
            found.append(Range(start, end))
            continue
        edges = [i + 1 for i in range(start, end) if text[i] == _ENUMERATION]
        found.extend(
            Range(a, b) for a, b in zip([start, *edges], [*edges, end], strict=True) if a < b
        )
    return found


def _without_loose_end(text: str, start: int, end: int) -> Range:
    while start < end - 1 and text[start].isspace():
        start += 1
    while end - 1 > start and (text[end - 1].isspace() or text[end - 1] in "，,、：:；;"):
        end -= 1
    loose = _LOOSE_END.search(text[start:end])
    if loose and loose.start() > 0:
        return _without_loose_end(text, start, start + loose.start())
    return Range(start, end)
