"""Training pairs of the built-in embedder: (query, passage) batches of piece ids.

Two sources of pairs. Texts: a sentence, cut to a random run of its pieces, stands for a
question and the segment of text around it is its passage (the inverse cloze task, Lee et al.
2019). Question sets: a human question and its gold passage, or a window of it around the
answer. Neighbouring segments of one text are put in the same batch, so the in-batch negatives
hold passages on the same story. This module does not know about vectors or training.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpora.questions import QuestionRow
from training.embedder_tokenizer import encode_all

Ids = NDArray[np.uint16]

SENTENCE_PATTERN: Final = re.compile(
    r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’』」）)]*|[^。！？!?；;\n]+$"
)


_SHORTEST_TELLING: Final = 4  # characters of an answer that, found elsewhere, tells the same there


@dataclass(frozen=True, slots=True)
class PairSettings:
    """How pairs are drawn. Lengths are in pieces (about 1.7 characters)."""

    segment_pieces: int = 280
    segments_per_text: int = 3
    query_pieces: tuple[int, int] = (4, 22)
    window_pieces: tuple[int, int] = (40, 320)
    drop_piece: float = 0.1
    remove_query: float = 0.2
    window_share: float = 0.3


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of sentences of one text, as piece ids."""

    sentences: tuple[Ids, ...]
    pieces: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Queries and passages; `labels[i]` is the index of the passage of query `i`."""

    queries: list[Ids]
    passages: list[Ids]
    labels: NDArray[np.int64]


def split_sentences(text: str) -> list[str]:
    """Split a text at sentence ends; the parts joined give the text back."""
    return SENTENCE_PATTERN.findall(text)


def segment_texts(
    tokenizer: Tokenizer, texts: Sequence[str], settings: PairSettings
) -> list[list[Segment]]:
    """Encode texts and cut each into segments of whole sentences."""
    sentences = [split_sentences(text) for text in texts]
    encoded = iter(encode_all(tokenizer, [part for parts in sentences for part in parts]))
    return [
        _segments([next(encoded) for _ in parts], settings.segment_pieces) for parts in sentences
    ]


def _segments(sentences: list[Ids], limit: int) -> list[Segment]:
    segments: list[Segment] = []
    run: list[Ids] = []
    pieces = 0
    for sentence in sentences:
        if not len(sentence):
            continue
        if run and pieces + len(sentence) > limit:
            segments.append(Segment(tuple(run), pieces))
            run, pieces = [], 0
        run.append(sentence[:limit])
        pieces += len(run[-1])
    if pieces > limit // 4 or (run and not segments):
        segments.append(Segment(tuple(run), pieces))
    return segments


class TextPairs:
    """Endless batches of sentence-to-segment pairs from a list of segmented texts."""

    def __init__(self, texts: Sequence[list[Segment]], settings: PairSettings) -> None:
        self._texts = [text for text in texts if any(len(s.sentences) > 1 for s in text)]
        self._settings = settings

    def draw(self, size: int, random: np.random.Generator) -> Batch:
        """Draw a batch of about `size` pairs, up to `segments_per_text` from one text."""
        queries: list[Ids] = []
        passages: list[Ids] = []
        most = self._settings.segments_per_text
        while len(passages) < size:
            text = self._texts[int(random.integers(len(self._texts)))]
            start = int(random.integers(max(1, len(text) - most + 1)))
            for segment in text[start : start + most]:
                if len(segment.sentences) > 1:
                    query, passage = draw_text_pair(segment, self._settings, random)
                    queries.append(query)
                    passages.append(passage)
        return Batch(queries, passages, np.arange(len(queries), dtype=np.int64))


class QuestionPairs:
    """Endless batches of question-to-passage pairs, each gold passage once a batch.

    ``others`` are passages that answer none, to be told apart from those that do.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        rows: Sequence[QuestionRow],
        settings: PairSettings,
        others: Sequence[str] = (),
    ) -> None:
        every = dict.fromkeys([*(row.context for row in rows), *others])
        contexts = {context: n for n, context in enumerate(every)}
        self._settings = settings
        self._rows = rows
        self._contexts = [*contexts]
        self.questions = encode_all(tokenizer, [row.question for row in rows])
        self.context_of = [contexts[row.context] for row in rows]
        sentences = [split_sentences(context) for context in contexts]
        encoded = iter(encode_all(tokenizer, [part for parts in sentences for part in parts]))
        self.sentences = [[next(encoded) for _ in parts] for parts in sentences]
        self._answer_sentence = [
            _sentence_of_answer(sentences[contexts[row.context]], row) for row in rows
        ]
        self.negatives: Sequence[Sequence[int]] = ()

    def may_answer(self, row: int, context: int) -> bool:
        """Whether a passage holds an answer of a question; one so short tells nothing."""
        told = self._contexts[context]
        return any(one in told for one in self._rows[row].answers if len(one) >= _SHORTEST_TELLING)

    def draw(self, size: int, random: np.random.Generator) -> Batch:
        """Draw `size` questions; the passages are their distinct gold passages and negatives."""
        chosen = random.choice(len(self.questions), min(size, len(self.questions)), replace=False)
        window_of: dict[int, int] = {}
        queries: list[Ids] = []
        passages: list[Ids] = []
        labels: list[int] = []
        for row in chosen.tolist():
            context = self.context_of[row]
            if context not in window_of:
                window_of[context] = len(passages)
                passages.append(self._passage(context, row, random))
                labels.append(window_of[context])
                queries.append(_drop(self.questions[row], self._settings.drop_piece, random))
        if self.negatives:
            for row in chosen.tolist():
                near = self.negatives[row]
                if not near:
                    continue
                context = near[int(random.integers(len(near)))]
                if context not in window_of:
                    window_of[context] = len(passages)
                    passages.append(np.concatenate(self.sentences[context]))
        return Batch(queries, passages, np.asarray(labels, dtype=np.int64))

    def _passage(self, context: int, row: int, random: np.random.Generator) -> Ids:
        sentences = self.sentences[context]
        if random.random() >= self._settings.window_share:
            return np.concatenate(sentences)
        length = int(random.integers(*self._settings.window_pieces))
        first, last = _window(sentences, self._answer_sentence[row], length, random)
        return np.concatenate(sentences[first:last])


def draw_text_pair(
    segment: Segment, settings: PairSettings, random: np.random.Generator
) -> tuple[Ids, Ids]:
    """Draw (query, passage) from a segment of two sentences or more."""
    sentences = segment.sentences
    centre = int(random.integers(len(sentences)))
    length = int(random.integers(*settings.window_pieces))
    first, last = _window(sentences, centre, length, random)
    removed = random.random() < settings.remove_query and last - first > 1
    kept = [s for n, s in enumerate(sentences[first:last], first) if n != centre or not removed]
    query = sentences[centre]
    wanted = int(random.integers(*settings.query_pieces))
    start = int(random.integers(max(1, len(query) - wanted + 1)))
    query = _drop(query[start : start + wanted], settings.drop_piece, random)
    return query, np.concatenate(kept)


def _window(
    sentences: Sequence[Ids], centre: int, length: int, random: np.random.Generator
) -> tuple[int, int]:
    """Grow a run of sentences around `centre` to about `length` pieces; give (first, last)."""
    first, last = centre, centre + 1
    pieces = len(sentences[centre])
    while pieces < length and (first > 0 or last < len(sentences)):
        if last == len(sentences) or (first > 0 and random.random() < 0.5):
            first -= 1
            pieces += len(sentences[first])
        else:
            pieces += len(sentences[last])
            last += 1
    return first, last


def _drop(ids: Ids, share: float, random: np.random.Generator) -> Ids:
    """Leave out each piece with probability `share`, but never all of them."""
    if share <= 0.0:
        return ids
    kept = ids[random.random(len(ids)) >= share]
    return kept if len(kept) else ids


def _sentence_of_answer(sentences: Sequence[str], row: QuestionRow) -> int:
    """Give the index of the sentence in which the first found answer starts."""
    starts = [at for answer in row.answers if (at := row.context.find(answer)) >= 0]
    at = starts[0] if starts else 0
    end = 0
    for index, sentence in enumerate(sentences):
        end += len(sentence)
        if at < end:
            return index
    return len(sentences) - 1


def bm25_negatives(pairs: QuestionPairs, vocabulary_size: int, *, depth: int) -> list[list[int]]:
    """Give for each question the `depth` best passages by BM25 (k1 1.2, b 0.75).

    Left out are its own and those that may answer it, so that there can be fewer.
    """
    passages = count_pieces([np.concatenate(s) for s in pairs.sentences], vocabulary_size)
    lengths = np.asarray(passages.sum(axis=1)).ravel()
    present = np.asarray((passages > 0).sum(axis=0)).ravel()
    rarity = np.log(1 + (len(lengths) - present + 0.5) / (present + 0.5))
    weights = passages.tocoo()
    norm = 1.2 * (0.25 + 0.75 * lengths[weights.row] / lengths.mean())
    weights.data = rarity[weights.col] * weights.data * 2.2 / (weights.data + norm)
    scores = count_pieces(pairs.questions, vocabulary_size) @ weights.tocsr().T
    nearest: list[list[int]] = []
    for row, gold in enumerate(pairs.context_of):
        line = scores[row].toarray().ravel()
        line[gold] = -1.0
        best = np.argpartition(-line, depth)[:depth].tolist()
        nearest.append([one for one in best if not pairs.may_answer(row, one)])
    return nearest


def count_pieces(bags: Sequence[Ids], vocabulary_size: int) -> sparse.csr_matrix:
    """Give the sparse matrix of how often each bag (row) holds each piece (column)."""
    ends = np.cumsum([0, *(len(bag) for bag in bags)])
    ids = np.concatenate(bags).astype(np.int32)
    ones = np.ones(len(ids), dtype=np.float32)
    counts = sparse.csr_matrix((ones, ids, ends), shape=(len(bags), vocabulary_size))
    counts.sum_duplicates()
    return counts
