"""What the reader sees of each character of the candidate sentences beside a question.

Knows nothing of the reader's weights. The same code makes its input in training and in use;
``CHARACTER_FEATURES`` names the columns, ``SENTENCE_FEATURES`` those of whole sentences, and a
change of either calls for training again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.evidence.features import FEATURES, QuestionView
from rag.evidence.lexicon import Lexicon
from rag.evidence.nearest import Nearest, asked_pieces
from rag.evidence.typed_spans import typed_spans
from rag.models.reader import GAP, ReaderInput
from rag.models.term_weights import TermWeights
from rag.queries import KINDS
from rag.text import Range, code_points, find_dates, find_quantities, fold

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
CHARACTER_FEATURES: tuple[str, ...] = (
    "in_question", "in_bigram", "in_trigram", "run", "rarity", "similarity", "likeness",
    "digit", "latin", "numeral", "sign", "typed", "date", "quantity",
    "after_match", "before_match", "piece_starts", "position",
)  # fmt: skip
SENTENCE_FEATURES: tuple[str, ...] = (*FEATURES, "likeness", "topic_likeness")
MAX_SENTENCE = 200  # characters that are read of a sentence
_NUMERALS = np.array(sorted(map(ord, "一二两三四五六七八九十百千万亿零〇几")))
_LONGEST_RUN = 8
_REACH = 6.0  # characters over which a match counts for those near it
_LAST_POSITION = 60
# Behind every sentence, so that nothing is read across their ends.
_SEPARATOR = "\n" * GAP
_NO_PIECES = np.full(GAP, -1, dtype=np.int64)


def reader_input(
    view: QuestionView, sentences: Sequence[str], rows: Floats, lexicon: Lexicon
) -> ReaderInput:
    """The question and the sentences, both in their standard form, as the reader takes them.

    ``rows`` are the sentences' own features, of shape ``(sentences, len(FEATURES))``; the input's
    have the columns of ``SENTENCE_FEATURES``.
    """
    read = [sentence[:MAX_SENTENCE] for sentence in sentences]
    pieces = lexicon.embedder.pieces_of([view.query.text, *read])
    lengths = np.array([len(sentence) for sentence in read], dtype=np.int64)
    starts = np.cumsum(lengths + GAP) - lengths - GAP
    folded = "".join(fold(sentence) + _SEPARATOR for sentence in read)
    tokens = np.concatenate([part for own in pieces[1:] for part in (own, _NO_PIECES)])
    asked, of_subject = asked_pieces(view.query, pieces[0])
    nearest = Nearest.to(asked, tokens, lexicon)
    place = _places(lengths)
    columns = (
        _matches(view, folded, place, lexicon.weights)
        | _characters(folded)
        | _ranges(view, read, starts)
    )
    columns |= {
        "similarity": nearest.similarity,
        "likeness": nearest.likeness.max(axis=0, initial=0),
        "piece_starts": np.diff(tokens, prepend=-1) != 0,
        "position": np.minimum(place, _LAST_POSITION) / _LAST_POSITION,
    }
    shares = nearest.shares(starts, lengths, ~of_subject)
    marks = [columns[name].astype(np.float32) for name in CHARACTER_FEATURES]
    return ReaderInput(
        question=code_points(fold(view.query.text)),
        question_tokens=pieces[0],
        kind=KINDS.index(view.query.kind),
        text=code_points(folded),
        text_tokens=tokens,
        characters=np.stack(marks, axis=1),
        starts=starts,
        lengths=lengths,
        sentences=np.concatenate([rows, shares], axis=1),
    )


def _places(lengths: Ints) -> Ints:
    """For each character its place in its sentence."""
    whole = lengths + GAP
    return np.arange(whole.sum()) - np.repeat(np.cumsum(whole) - whole, whole)


def _matches(
    view: QuestionView, folded: str, place: Ints, weights: TermWeights
) -> dict[str, NDArray[np.generic]]:
    """Which stretches of the text stand in the question, how long, how rare, and how near."""
    codes, runs = code_points(folded), view.query.content.split()
    wanted = sorted({run[i : i + 2] for run in runs for i in range(len(run) - 1)})
    pairs = np.array([_pair(gram) for gram in wanted], dtype=np.int64)
    rarity = np.array([weights.of(gram) for gram in wanted], dtype=np.float32)
    triples = [_pair(run[i : i + 3]) for run in runs for i in range(len(run) - 2)]
    two = _numbers(codes, 2)
    begins = np.isin(two, pairs)
    weight = np.zeros(len(codes), dtype=np.float32)
    if pairs.size:
        order = np.argsort(pairs)
        weight[begins] = rarity[order][np.searchsorted(pairs[order], two[begins])]
    in_pair = begins | _shifted(begins, 1)
    three = np.isin(_numbers(codes, 3), triples)
    after, before = _nearness(in_pair, place)
    return {
        "in_question": np.isin(codes, code_points("".join(runs))),
        "in_bigram": in_pair,
        "in_trigram": three | _shifted(three, 1) | _shifted(three, 2),
        "run": np.minimum(_run_lengths(in_pair), _LONGEST_RUN) / _LONGEST_RUN,
        "rarity": np.maximum(weight, _shifted(weight, 1)) / 8,
        "after_match": after,
        "before_match": before,
    }


def _pair(gram: str) -> int:
    number = 0
    for character in gram:
        number = number << 21 | ord(character)
    return number


def _numbers(codes: Ints, count: int) -> Ints:
    """One number for each n-gram, by its first character; 0 where it would run over the end."""
    numbers = np.zeros_like(codes)
    for place in range(count):
        numbers[: len(codes) - count + 1] <<= 21
        numbers[: len(codes) - count + 1] |= codes[place : len(codes) - count + 1 + place]
    return numbers


def _shifted(values: NDArray[Any], by: int) -> NDArray[Any]:
    moved = np.zeros_like(values)
    moved[by:] = values[:-by]
    return moved


def _run_lengths(inside: NDArray[np.bool_]) -> Ints:
    """For each place inside a run, how long the run is; 0 outside."""
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    lengths = np.zeros(len(inside), dtype=np.int64)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        lengths[start:end] = end - start
    return lengths


def _nearness(matched: NDArray[np.bool_], place: Ints) -> tuple[Floats, Floats]:
    """How near the last match in the same sentence is, and the next one; 0 without one.

    ``place`` is each character's place in its sentence.
    """
    here = np.arange(len(matched))
    first = here - place
    last = np.maximum.accumulate(np.where(matched, here, -1))
    following = np.minimum.accumulate(np.where(matched, here, len(here))[::-1])[::-1]
    sentence_of_next = np.append(first, -1)[following]
    after = np.where(last >= first, np.exp((last - here) / _REACH), 0)
    before = np.where(sentence_of_next == first, np.exp((here - following) / _REACH), 0)
    return after.astype(np.float32), before.astype(np.float32)


def _characters(folded: str) -> dict[str, NDArray[np.generic]]:
    codes = code_points(folded)
    return {
        "digit": (codes >= 48) & (codes <= 57),
        "latin": (codes >= 97) & (codes <= 122),
        "numeral": np.isin(codes, _NUMERALS),
        "sign": ~np.fromiter(map(str.isalnum, folded), dtype=bool, count=len(folded)),
    }


def _ranges(
    view: QuestionView, sentences: Sequence[str], starts: Ints
) -> dict[str, NDArray[np.generic]]:
    """Where dates, quantities and stretches of the asked kind stand."""
    total = int(starts[-1]) + len(sentences[-1]) + GAP if len(sentences) else 0
    marks = {name: np.zeros(total, dtype=bool) for name in ("typed", "date", "quantity")}
    query = view.query
    for sentence, start in zip(sentences, starts, strict=True):
        dates, quantities = _printed(sentence)
        typed = typed_spans(query.kind, query.unit, sentence)
        for name, ranges in (("typed", typed), ("date", dates), ("quantity", quantities)):
            for a, b in ranges:
                marks[name][start + a : start + b] = True
    return dict(marks)


@lru_cache(maxsize=4096)
def _printed(sentence: str) -> tuple[list[Range], list[Range]]:
    dates = [Range(a, b) for a, b in find_dates(sentence)]
    return dates, [Range(q.start, q.end) for q in find_quantities(sentence)]
