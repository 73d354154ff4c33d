"""Which words of a sentence are quoted: all of it, or whole clauses when it is long; and the fact.

In goes a reading, out comes the evidence to quote. Knows nothing of questions or of whether the
reading is believed.
"""

from __future__ import annotations

import re

from rag.datatypes import Article, Evidence
from rag.read.readings import Reading
from rag.text import Range, clauses

_ENUMERATION = "、"
_MARKER = re.compile(r"[\[［【]\s*\d{1,3}\s*[\]］】]")
_LOOSE_END = re.compile(r"[，,；;](?:其中|同时|此外|并且|并|而且|以及)$")
_NUMBER = re.compile(  # with the first sign of what may be its unit
    r"\d(?:[\d,，.:：/]*\d)?[万亿%％]*[\u4e00-\u9fff]?|[零〇一二两三四五六七八九十百千万亿]{2,}"
)
_SIGNS = "，,、：:；;"
_MOST_SHORT = 60
_BARE = 0.7  # of its sentence, beyond which a fact says no more than the quote
_SURE = 0.12  # of the words; under it they are as likely others (docs/experiments.md)


def quoted_evidence(reading: Reading, max_chars: int) -> tuple[Evidence, str | None]:
    """The sentence of a reading, or whole clauses of it, and the bare fact if one stands out.

    The fact of a list are its members, joined by ``、``.
    """
    facts = reading.facts
    keep = Range(min(fact.start for fact in facts), max(fact.end for fact in facts))
    sentence, text = reading.sentence, reading.text
    inner = Range(keep.start - sentence.start, keep.end - sentence.start)
    start, end = quoted_range(text, inner, max_chars)
    start, end = start + sentence.start, end + sentence.start
    shown = [reading.shown(fact) for fact in facts if start <= fact.start and fact.end <= end]
    short = "、".join(dict.fromkeys(shown))
    says_less = 0 < len(short) <= min(_MOST_SHORT, _BARE * len(text))
    is_whole = len(shown) == len(facts) and (len(facts) > 1 or reading.certainty >= _SURE)
    return evidence_of(reading, Range(start, end)), short if says_less and is_whole else None


def whole_sentence(reading: Reading) -> Evidence:
    """The whole sentence of a reading."""
    return evidence_of(reading, reading.sentence)


def evidence_of(reading: Reading, part: Range) -> Evidence:
    """A range of a reading's article as evidence."""
    return evidence_in(reading.article, part, reading.score)


def evidence_in(article: Article, part: Range, score: float) -> Evidence:
    """A range of an article as evidence."""
    return Evidence(
        article_id=article.id,
        title=article.full_title,
        source=article.source,
        text=article.text[part.start : part.end],
        start=part.start,
        end=part.end,
        source_spans=article.source_spans(part.start, part.end),
        score=score,
        date=article.date,
        page=article.page_at(part.start),
    )


def quoted_range(text: str, keep: Range, max_chars: int) -> Range:
    """The range of a sentence to quote, at most ``max_chars`` long and holding ``keep`` if it can.

    Whole clauses around the words are taken as long as they fit, those before first: they name
    whose it is. A clause that is too long by itself is cut at its enumeration commas.
    """
    stretch = _without_markers(text, keep)
    start, end = stretch
    if end - start > max_chars:
        pieces = [one for one in _pieces(text, max_chars) if start <= one.start and one.end <= end]
        start, end = _grown(pieces, keep, max_chars) if pieces else (start, start + max_chars)
        end = _before_number(text, start, end)
    return _without_loose_end(text, start, end)


def _before_number(text: str, start: int, end: int) -> int:
    """The end, or the place before the number that it would cut in two."""
    for place, stop in ((one.start(), one.end()) for one in _NUMBER.finditer(text)):
        if start < place < end < stop:
            return place
    return end


def _grown(pieces: list[Range], keep: Range, max_chars: int) -> Range:
    """The pieces with the words, and as many beside them as fit, those before them first."""
    first = next((i for i, piece in enumerate(pieces) if piece.end > keep.start), len(pieces) - 1)
    last = next((i for i, piece in enumerate(pieces) if piece.end >= keep.end), len(pieces) - 1)
    if pieces[last].end - pieces[first].start > max_chars:
        last = first
    for step in (-1, 1):
        while True:
            other = first - 1 if step < 0 else last + 1
            if not 0 <= other < len(pieces):
                break
            low, high = min(first, other), max(last, other)
            if pieces[high].end - pieces[low].start > max_chars:
                break
            first, last = low, high
    start = pieces[first].start
    return Range(start, min(pieces[last].end, start + max_chars))


def _without_markers(text: str, keep: Range) -> Range:
    """The stretch of a sentence to quote from that holds no ``[n]`` of its own.

    Such a mark, a footnote's say, would read as one of the answer's citations.
    """
    edges = [0, *(edge for match in _MARKER.finditer(text) for edge in match.span()), len(text)]
    stretches = [Range(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
    held = [one for one in stretches if one.start <= keep.start and keep.end <= one.end]
    longest = sorted(stretches, key=lambda one: one.start - one.end)
    return next(iter([*held, *longest]), Range(0, len(text)))


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
    while start < end - 1 and (text[start].isspace() or text[start] in _SIGNS):
        start += 1
    while end - 1 > start and (text[end - 1].isspace() or text[end - 1] in _SIGNS):
        end -= 1
    loose = _LOOSE_END.search(text[start:end])
    if loose and loose.start() > 0:
        return _without_loose_end(text, start, start + loose.start())
    return Range(start, end)
