"""Which passages are told in other articles too: one story in several papers, cut or edited.

Knows nothing of queries or scores. MinHash (Broder 1997, "On the resemblance and containment of
documents"), by rensa, finds articles that share passages without comparing all with all. Two tell
the same story when most of the shorter is told in the longer and neither contradicts the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from rag.datatypes import Article, Passage
from rag.index.records import Records
from rag.text import contradict, facts, figures, share_told, shingles

# Of two passages that share half of their shingles, 94 in 100 pairs agree in one of the bands.
_BANDS, _ROWS_PER_BAND = 21, 3
_SEED = 1
_BATCH_CHARS = 2_000_000
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
_NEIGHBOURS = 16  # of those alike in a band, each is compared with so many
_ALIKE = 0.35  # share of equal MinHash values that makes two articles worth a closer look
_MOST = 0.5
# Articles kept at hand: eight bytes a character, and about a hundred with their facts.
_CACHED, _CACHED_FACTS = 4096, 1024

SIGNATURE = _BANDS * _ROWS_PER_BAND

Signatures = NDArray[np.uint32]
Pair = tuple[int, int]  # of articles, by their places
# Part of the manifest: raised whenever the same articles would give other copies.
COPIES = "minhash/1"
NO_COPIES = "none"
Rows = NDArray[np.int64]


class Found(NamedTuple):
    """The places of the articles that tell a row too, by row, and the pairs that were compared."""

    copies: Mapping[int, tuple[int, ...]]
    pairs: Rows  # of shape (pairs, 2)

    @classmethod
    def nothing(cls) -> Found:
        """Where nothing was compared."""
        return cls({}, np.zeros((0, 2), dtype=np.int64))


class Known(NamedTuple):
    """For each pair of articles that was compared before: rows, and the other that tells each."""

    told: Mapping[Pair, Sequence[tuple[int, int]]]

    @classmethod
    def of(cls, found: Found, taken: Rows, rows_before: Rows, rows_now: Rows) -> Known:
        """What was found before of pairs of articles that were taken over, by new places and rows.

        ``taken`` are the old places of the articles that there are now, -1 of new ones; rows
        ``rows_before[i]:rows_before[i + 1]`` were of article ``i``, and so now by ``rows_now``.
        """
        now = np.full(rows_before.size - 1, -1, dtype=np.int64)
        now[taken[taken >= 0]] = np.flatnonzero(taken >= 0)
        told: dict[Pair, list[tuple[int, int]]] = {}
        for one, other in found.pairs.tolist():
            if now[one] >= 0 and now[other] >= 0:
                told[int(now[one]), int(now[other])] = []
        for row, places in found.copies.items():
            before = int(np.searchsorted(rows_before, row, side="right")) - 1
            here = int(now[before])
            new_row = int(rows_now[here] + row - rows_before[before])
            for there in (int(now[place]) for place in places):
                if here >= 0 <= there:
                    told[min(here, there), max(here, there)].append((new_row, there))
        return cls(told)


def find_copies(
    articles: Records[Article],
    passages: Records[Passage],
    first_rows: Rows,
    signatures: tuple[Signatures, Signatures],
    known: Known | None = None,
) -> Found:
    """Which rows other articles tell too, and which articles were compared to find that out.

    Rows ``first_rows[i]:first_rows[i + 1]`` are of article ``i``; ``signatures`` are those of the
    passages and of the articles. What is ``known`` of pairs of articles is not looked at again.
    """
    texts = _Texts(articles, passages)
    copies: defaultdict[int, set[int]] = defaultdict(set)
    pairs = _worth_comparing(first_rows, signatures)
    told = known.told if known else {}
    for pair in pairs:
        if pair in told:
            for row, there in told[pair]:
                copies[row].add(there)
            continue
        if not texts.tell_one_story(*pair):
            continue
        for here, there in (pair, pair[::-1]):
            first, end = first_rows[here : here + 2].tolist()
            for row in range(first, end):
                if texts.tells(there, row):
                    copies[row].add(there)
    told_too = {row: tuple(sorted(places)) for row, places in sorted(copies.items())}
    return Found(told_too, np.array(pairs, dtype=np.int64).reshape(-1, 2))


class _Texts:
    """Articles, by their places, and passages, by their rows, held against one another."""

    def __init__(self, articles: Records[Article], passages: Records[Passage]) -> None:
        cached, few = lru_cache(maxsize=_CACHED), lru_cache(maxsize=_CACHED_FACTS)
        self._passage = cached(lambda row: shingles(passages[row].text))
        self._passage_figures = cached(lambda row: figures(passages[row].text))
        self._article = cached(lambda place: np.sort(shingles(articles[place].text)))
        self._article_figures = cached(lambda place: figures(articles[place].text))
        self._facts = few(lambda place: facts(articles[place].text))

    def tell_one_story(self, one: int, other: int) -> bool:
        """Whether most of the shorter is told in the longer and they do not contradict."""
        shorter, longer = sorted((self._article(one), self._article(other)), key=len)
        is_told = share_told(shorter, longer) >= _MOST
        return is_told and not contradict(self._facts(one), self._facts(other))

    def tells(self, place: int, row: int) -> bool:
        """Whether an article tells a passage: most of its words, and most of its figures."""
        named = self._passage_figures(row)
        has_figures = len(named & self._article_figures(place)) >= _MOST * len(named)
        return has_figures and share_told(self._passage(row), self._article(place)) >= _MOST


def _worth_comparing(
    first_rows: Rows, signatures: tuple[Signatures, Signatures]
) -> tuple[Pair, ...]:
    """Pairs of articles, by their places, alike in MinHash values as a whole or in a passage."""
    count = first_rows.size - 1
    owners = np.concatenate([np.repeat(np.arange(count), np.diff(first_rows)), np.arange(count)])
    values = np.concatenate(signatures)
    rows = np.flatnonzero(values.any(axis=1))
    values, owners = values[rows], owners[rows]
    found = [np.zeros((0, 2), dtype=np.int64)]
    for left, right in _alike_in_a_band(values):
        is_alike = np.mean(values[left] == values[right], axis=1) >= _ALIKE
        pairs = np.stack([owners[left[is_alike]], owners[right[is_alike]]], axis=1)
        found.append(pairs[pairs[:, 0] != pairs[:, 1]])
    pairs = np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
    return tuple((one, other) for one, other in pairs.tolist())


def signatures_of(texts: Sequence[str]) -> Signatures:
    """MinHash values of shape ``(texts, SIGNATURE)``; zeros for a text too short to have any."""
    found = np.zeros((len(texts), SIGNATURE), dtype=np.uint32)
    start = 0
    for texts_of_batch in _batches(texts):
        batch = [shingles(text) for text in texts_of_batch]
        sizes = np.array([*map(len, batch)])
        edges = np.cumsum([0, *sizes], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(batch), edges, SIGNATURE, _SEED
        )
        values = np.array(matrix.to_rows(), dtype=np.uint32)
        found[start : start + len(batch)] = np.where(sizes[:, None] > 0, values, 0)
        start += len(batch)
    return found


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in order, some at a time: their shingles take eight bytes a character."""
    start = chars = 0
    for end, text in enumerate(texts):
        if chars and chars + len(text) > _BATCH_CHARS:
            yield texts[start:end]
            start, chars = end, 0
        chars += len(text)
    if start < len(texts):
        yield texts[start:]


def _alike_in_a_band(signatures: Signatures) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of rows that agree in a band, each row with its next neighbours only.

    Bands are told apart by a number made of their values: that two of a few million are taken for
    one is as good as never, and what is worth comparing is compared in full.
    """
    for start in range(0, signatures.shape[1], _ROWS_PER_BAND):
        band = signatures[:, start : start + _ROWS_PER_BAND].astype(np.uint64)
        numbers = (band * _ODD[: band.shape[1]]).sum(axis=1, dtype=np.uint64)
        order = np.argsort(numbers, kind="stable")
        ranked = numbers[order]
        for distance in range(1, min(_NEIGHBOURS, len(order) - 1) + 1):
            same = np.flatnonzero(ranked[distance:] == ranked[:-distance])
            if not same.size:
                break
            yield order[same], order[same + distance]
