"""Stand-ins that behave: no mocks, no random vectors."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.models.chat_model import ChatTurn
from rag.text import bigrams


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
