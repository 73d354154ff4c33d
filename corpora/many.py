"""Texts for an index of any size: news and laws, and, where they run out, made of two of them.

What is made says nothing that makes sense, and is for measuring speed alone. The same seed gives
the same texts. Knows nothing of indexes.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpora.laws import read_all_laws
from corpora.news import read_all_news
from corpora.passages import count_passages
from rag.text import sentences

_SEED = 7


def many_texts(folder: Path, passages: int, seed: int = _SEED) -> Iterator[str]:
    """Texts that are cut into so many passages, and a few more."""
    total = 0
    for text in _without_end(folder, seed):
        yield text
        total += count_passages(text)
        if total >= passages:
            return


def _without_end(folder: Path, seed: int) -> Iterator[str]:
    news = list(read_all_news(folder))
    yield from news
    yield from read_all_laws(folder)
    yield from woven(news, seed)


def woven(texts: Sequence[str], seed: int) -> Iterator[str]:
    """Texts without end, each of sentences of two others, about as long as these are."""
    chance = random.Random(seed)
    while True:
        pair = chance.sample(texts, 2)
        room = sum(map(len, pair)) // 2
        yield "".join(_up_to(_mixed(list(map(_sentences, pair)), chance), room))


def _sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]


def _mixed(lists: list[list[str]], chance: random.Random) -> Iterator[str]:
    """All sentences, those of each list in their order."""
    turns = [list(reversed(one)) for one in lists]
    while any(turns):
        yield chance.choice([one for one in turns if one]).pop()


def _up_to(pieces: Iterable[str], room: int) -> Iterator[str]:
    """Pieces as long as they leave some room, one at least."""
    for piece in pieces:
        yield piece
        room -= len(piece)
        if room <= 0:
            return
