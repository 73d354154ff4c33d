"""What is counted: items in an answer, ranks of gold evidence, citations, and their uncertainty.

Pure functions. Knows nothing of chatbots, files or reports. A *gold* is the tuple of places of
one gold quote, any of which will do; *ranks* hold, for each gold of a case, the rank from 1 of
the first hit that finds it, or None.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log2
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from eval.cases import GoldSpan

Gold = Sequence[GoldSpan]
Ranks = Sequence[int | None]

FIRST_FACT_CHARS = 150
FURTHER_FACT_CHARS = 80

_MARKER = re.compile(r"\[[0-9]+\]")
_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_CHINESE_DIGITS = "〇零一二三四五六七八九十两百千"
_DIGIT_BEFORE = re.compile(r"[0-9]\.?\Z")
_DIGIT_AFTER = re.compile(r"\.?[0-9]")
_CHINESE_DIGIT_BEFORE = re.compile(rf"[{_CHINESE_DIGITS}万亿]点?\Z")
_CHINESE_DIGIT_AFTER = re.compile(rf"点?[{_CHINESE_DIGITS}]")


class HasSpans(Protocol):
    """A hit or a citation: words of a source, and where they stand in it."""

    @property
    def source(self) -> str: ...

    @property
    def source_spans(self) -> Sequence[tuple[int, int]]: ...


def fold(text: str) -> str:
    """Text as it is compared: NFKC, lower case, no white space, no thousand separators."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _THOUSANDS.sub(lambda match: match[0].replace(",", ""), folded)


def contains_form(text: str, form: str) -> bool:
    """Whether ``text`` holds ``form`` as a whole, not as a piece of another number.

    A form that begins or ends with a digit, Arabic or Chinese, touches no further digit there and
    no decimal point with a digit behind it: "3家" is not in "13家" or "1.3家", "2" not in "2.5".
    Raises ValueError for a form without visible characters.
    """
    text, form = fold(text), fold(form)
    if not form:
        raise ValueError("a form needs visible characters")
    start = text.find(form)
    while start >= 0:
        if _stands_alone(text, start, start + len(form)):
            return True
        start = text.find(form, start + 1)
    return False


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    for digits, digit_before, digit_after in (
        ("0123456789", _DIGIT_BEFORE, _DIGIT_AFTER),
        (_CHINESE_DIGITS, _CHINESE_DIGIT_BEFORE, _CHINESE_DIGIT_AFTER),
    ):
        if text[start] in digits and digit_before.search(before):
            return False
        if text[end - 1] in digits and digit_after.match(after):
            return False
    return True


def answer_is_right(text: str, answers: Sequence[Sequence[str]]) -> bool:
    """Whether every item asked for stands in ``text`` in one of its forms; markers do not count."""
    plain = _MARKER.sub("[]", text)
    return bool(answers) and all(
        any(contains_form(plain, form) for form in forms) for forms in answers
    )


def length_bound(n_facts: int) -> int:
    """The most characters an answer to ``n_facts`` asked-for facts may have, markers included."""
    return FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (max(1, n_facts) - 1)


def covered_chars(spans: Iterable[tuple[int, int]], start: int, end: int) -> int:
    """How many characters of ``[start, end)`` the spans cover, each counted once."""
    total, reached = 0, start
    for low, high in sorted(spans):
        low, high = max(low, reached), min(high, end)
        if low < high:
            total += high - low
            reached = high
    return total


def hit_finds(hit: HasSpans, gold: Gold) -> bool:
    """Whether the hit covers at least half of the characters of a place of the gold."""
    return any(
        hit.source == place.source
        and 2 * covered_chars(hit.source_spans, place.start, place.end) >= place.end - place.start
        for place in gold
    )


def citation_overlaps(citation: HasSpans, gold: Gold) -> bool:
    """Whether quote and gold share at least half of the characters of the shorter of the two."""
    spans = citation.source_spans
    if not spans:
        return False
    size = covered_chars(spans, min(low for low, _ in spans), max(high for _, high in spans))
    return size > 0 and any(
        citation.source == place.source
        and 2 * covered_chars(spans, place.start, place.end) >= min(size, place.end - place.start)
        for place in gold
    )


def gold_ranks(hits: Sequence[HasSpans], golds: Sequence[Gold]) -> tuple[int | None, ...]:
    """For each gold the rank, from 1, of the first hit that finds it; None when none does."""
    return tuple(
        next((rank for rank, hit in enumerate(hits, start=1) if hit_finds(hit, gold)), None)
        for gold in golds
    )


def recall_at(ranks: Ranks, k: int) -> float:
    """The share of a case's golds that the first ``k`` hits find; ValueError without golds."""
    return sum(_within(ranks, k)) / _count(ranks)


def all_at(ranks: Ranks, k: int) -> float:
    """1.0 when the first ``k`` hits find every gold of a case, else 0.0."""
    return float(sum(_within(ranks, k)) == _count(ranks))


def reciprocal_rank_at(ranks: Ranks, k: int = 10) -> float:
    """One over the rank of the first hit that finds any gold; 0.0 past rank ``k``."""
    _count(ranks)
    return max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0)


def ndcg_at(ranks: Ranks, k: int = 10) -> float:
    """Normalised discounted cumulative gain of a case's ranking (Järvelin & Kekäläinen 2002).

    A hit gains one for each gold it is the first to find. The ideal ranking has the same gains in
    falling order, then a hit for each gold that was not found: 1.0 means nothing to improve.
    """
    gains = Counter(rank for rank in ranks if rank is not None and rank <= k)
    missed = _count(ranks) - gains.total()
    ideal = (sorted(gains.values(), reverse=True) + [1] * missed)[:k]
    gained = sum(gain / log2(rank + 1) for rank, gain in gains.items())
    return gained / sum(gain / log2(rank + 1) for rank, gain in enumerate(ideal, start=1))


def _within(ranks: Ranks, k: int) -> list[bool]:
    return [rank is not None and rank <= k for rank in ranks]


def _count(ranks: Ranks) -> int:
    if not ranks:
        raise ValueError("a case without gold evidence has no retrieval figures")
    return len(ranks)


def citation_precision(citations: Sequence[HasSpans], golds: Sequence[Gold]) -> float | None:
    """The share of an answer's citations that overlap a gold; None without citations."""
    if not citations:
        return None
    right = [any(citation_overlaps(one, gold) for gold in golds) for one in citations]
    return sum(right) / len(right)


def citation_recall(citations: Sequence[HasSpans], golds: Sequence[Gold]) -> float | None:
    """The share of a case's golds that a citation overlaps; None without golds."""
    if not golds:
        return None
    found = [any(citation_overlaps(one, gold) for one in citations) for gold in golds]
    return sum(found) / len(found)


def refusals_due(answerable: Sequence[bool], refused: Sequence[bool]) -> list[bool]:
    """For each refused case whether it holds no answer; the mean is the refusal precision."""
    return [not one for one, was in zip(answerable, refused, strict=True) if was]


def due_refused(answerable: Sequence[bool], refused: Sequence[bool]) -> list[bool]:
    """For each case without an answer whether it was refused; the mean is the refusal recall."""
    return [was for one, was in zip(answerable, refused, strict=True) if not one]


def bootstrap_interval(
    values: Sequence[float], resamples: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean of ``values`` (Efron & Tibshirani 1993).

    One value a case; the same values and seed give the same interval. For a paired comparison
    pass the differences. Raises ValueError without values.
    """
    if not values:
        raise ValueError("no values to resample")
    sample = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(sample), (resamples, len(sample)))
    low, high = np.percentile(sample[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that ``percent`` % of ``values`` do not exceed, interpolated."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent))


def area_under_curve(held: ArrayLike, lacked: ArrayLike) -> float:
    """The chance that one of ``held`` scores above one of ``lacked``, a tie counting half."""
    rivals = np.sort(np.asarray(lacked, dtype=np.float64))
    scores = np.asarray(held, dtype=np.float64)
    below, not_above = (np.searchsorted(rivals, scores, side=side) for side in ("left", "right"))
    return float((below + not_above).mean() / (2 * len(rivals)))
