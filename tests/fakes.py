"""Stand-ins that behave: no mocks, no random vectors."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Generator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rag.ask import content_of
from rag.errors import ModelError
from rag.models.generation import ChatTurn
from rag.models.reader import PassageScores, Shown, Turn
from rag.models.scorer import Scorer
from rag.read import Judge
from rag.read.judge import JUDGE_FEATURES
from rag.read.readings import HIT_FEATURES
from rag.text import (
    Range,
    bigrams,
    clauses,
    find_dates,
    find_quantities,
    fold,
    sentences,
    tagged_words,
)


class ScriptedChatModel:
    """A ChatModel that says what it is told to: a text, or what a function makes of the turns.

    ``asked`` keeps the turns of every stream, ``running`` counts the streams that are open. With
    ``fail_after`` it breaks down after so many pieces. A token is a character.
    """

    def __init__(
        self,
        text: str | Callable[[Sequence[ChatTurn]], str] = "",
        *,
        piece_chars: int = 1,
        fail_after: int | None = None,
        context_tokens: int = 8192,
        name: str = "scripted",
    ) -> None:
        self.name = name
        self.context_tokens = context_tokens
        self.text = text
        self.piece_chars = piece_chars
        self.fail_after = fail_after
        self.asked: list[list[ChatTurn]] = []
        self.running = 0

    def count_tokens(self, turns: Sequence[ChatTurn]) -> int:
        return sum(len(turn["role"]) + len(turn["content"]) for turn in turns)

    def stream(
        self,
        turns: Sequence[ChatTurn],
        *,
        max_new_tokens: int,
        stop: threading.Event | None = None,
    ) -> Generator[str, None, None]:
        room = self.context_tokens - self.count_tokens(turns)
        if room < 1:
            raise ModelError("提示词放不进对话模型；请缩短问题")
        self.asked.append([dict(turn) for turn in turns])
        text = self.text(turns) if callable(self.text) else self.text
        text = text[: min(max_new_tokens, room)]
        self.running += 1
        try:
            for count, start in enumerate(range(0, len(text), self.piece_chars)):
                if stop is not None and stop.is_set():
                    return
                if count == self.fail_after:
                    raise ModelError("对话模型 scripted 生成时出错（坏了）；可以再问一次")
                yield text[start : start + self.piece_chars]
        finally:
            self.running -= 1


class BigramEmbedder:
    """An Embedder without a model: each bigram of a text is a direction picked by its hash.

    Texts that share bigrams are near, texts that share none are far apart. ``embedded`` counts
    the passages it was given.
    """

    def __init__(self, dimension: int = 64, *, name: str = "bigrams") -> None:
        self.name = name
        self.dimension = dimension
        self.fingerprint = f"{name}:{dimension}"
        self.embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(
            len(texts), self.dimension
        )

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for bigram in bigrams(text):
            digest = hashlib.sha256(bigram.encode("utf-8", "replace")).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1.0 - 2.0 * (
                digest[4] & 1
            )
        norm = float(np.linalg.norm(vector))
        return vector / np.float32(norm) if norm else vector


class DenialEntailment:
    """An EntailmentModel without a model: of two texts, one with 不, 没 or 未 denies the other.

    ``asked`` keeps the pairs.
    """

    name = "denial"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def contradiction(self, text: str, sentence: str) -> float:
        self.asked.append((text, sentence))
        denials = [any(sign in words for sign in "不没未") for words in (text, sentence)]
        return 0.93 if denials[0] != denials[1] else 0.04


class OverlapReranker:
    """A Reranker without a model: the share of the query's bigrams that a text has."""

    name = "overlap"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.asked.append(len(texts))
        wanted = set(bigrams(query))
        return [len(wanted & set(bigrams(text))) / max(len(wanted), 1) for text in texts]


class OverlapReader:
    """A Reader without a model: a passage answers by the share of the question's words it holds.

    The words of the turn before count where there is one. What answers is the number, date, name or
    list that the question asks for, by its asking word, in the sentence that shares most with it;
    else the clause that shares least. A piece is a character. ``asked`` keeps the turns.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[Turn, tuple[Shown, ...]]] = []

    def read(self, turn: Turn, passages: Sequence[Shown]) -> list[PassageScores]:
        self.asked.append((turn, tuple(passages)))
        return [self._scores(turn, passage) for passage in passages]

    def read_all(self, asked: Sequence[tuple[Turn, Shown]]) -> list[PassageScores]:
        turns = dict.fromkeys(turn for turn, _ in asked)
        self.asked += [(turn, tuple(s for t, s in asked if t == turn)) for turn in turns]
        return [self._scores(*one) for one in asked]

    def _scores(self, turn: Turn, passage: Shown) -> PassageScores:
        wanted = set(bigrams(content_of(" ".join((turn.question, *turn.before[:1])))))
        own = _share(wanted, passage.text)
        held = 0.8 * _share(wanted, f"{passage.context}\n{passage.text}") + 0.2 * own
        size = len(passage.text)
        begins, ends = (np.zeros(size, dtype=np.float32) for _ in range(2))
        inside = np.full(size, -5.0, dtype=np.float32)
        told = sentences(passage.text)
        if told:
            best = max(told, key=lambda one: _fit(wanted, passage.text[one.start : one.end]))
            members = _words(turn.question, passage.text, best, wanted)
            begins[members[0].start] = ends[members[-1].end - 1] = 10.0
            for start, end in members:
                inside[start:end] = 5.0
        starts, stops = tuple(range(size)), tuple(range(1, size + 1))
        return PassageScores(14 * (held - 0.6), begins, ends, inside, starts, stops)


def _share(wanted: set[str], text: str) -> float:
    return len(wanted & set(bigrams(text))) / max(len(wanted), 1)


def _fit(wanted: set[str], sentence: str) -> tuple[bool, float]:
    """A headline, which ends in no sign, is the last choice."""
    return sentence[-1:] in set("。！？；…”"), _share(wanted, sentence)


def _words(question: str, text: str, sentence: Range, wanted: set[str]) -> list[Range]:
    """The words of a sentence that would answer: of several members in their order."""
    words = text[sentence.start : sentence.end]
    if re.search(r"哪些|哪几", question) and (
        listed := re.search(r"[^，。：]+(?:、[^，。：]+)+", words)
    ):
        edges = [listed.start() - 1, *(m.start() for m in re.finditer("、", words)), listed.end()]
        return [Range(sentence.start + a + 1, sentence.start + b) for a, b in pairwise(edges)]
    found = [
        one for one in _asked_for(question, words) if words[one.start : one.end] not in question
    ]
    found = found or [
        one for one in clauses(words) if not set(words[one.start : one.end]) <= set(question)
    ] or [Range(0, len(words))]  # fmt: skip
    unit = re.search(r"(?:多少|几)(.)", question)
    before = [set(bigrams(words[max(0, one.start - 8) : one.start])) for one in found]
    fitting = [
        (bool(unit and unit[1] in words[one.start : one.end]), len(wanted & near))
        for one, near in zip(found, before, strict=True)
    ]
    best = found[fitting.index(max(fitting))]
    return [Range(sentence.start + best.start, sentence.start + best.end)]


def _asked_for(question: str, words: str) -> list[Range]:
    dates = [Range(*one) for one in find_dates(words)]
    if re.search(r"何时|什么时候|哪年|哪一年|哪天", question):
        return dates
    if re.search(r"多少|几", question):
        numbers = [Range(one.start, one.end) for one in find_quantities(words)]
        return [one for one in numbers if not any(a < one.end and one.start < b for a, b in dates)]
    tags = {"谁": ("nr",), "哪里": ("ns",)}
    kinds = next((tag for word, tag in tags.items() if word in question), ())
    found, at = [], 0
    for word, tag in tagged_words(words):
        if tag in kinds and len(fold(word)) > 1:
            found.append(Range(at, at + len(word)))
        at += len(word)
    return found


def scorer_of(features: Sequence[str], **weights: float) -> Scorer:
    """A scorer that adds up some of its features, each by its weight."""
    arrays = {
        "output": np.array([weights.get(name, 0.0) for name in features], dtype=np.float32),
        "offset": np.zeros((), dtype=np.float32),
        "mean": np.zeros(len(features), dtype=np.float32),
        "scale": np.ones(len(features), dtype=np.float32),
    }
    return Scorer(arrays, features)


def overlap_judge(
    threshold: float = 0.5,
    seconds: float = 60.0,
    *,
    reader: OverlapReader | None = None,
    search_score: float = 0.0,
) -> Judge:
    """A judge without a model: it believes what the reader is sure of.

    ``search_score`` is the weight of what the search says in the order of the hits.
    """
    return Judge(
        reader or OverlapReader(),
        scorer_of(HIT_FEATURES, answers=1.0, search_score=search_score),
        scorer_of(JUDGE_FEATURES, answers=1.0),
        threshold=threshold,
        seconds=seconds,
    )
