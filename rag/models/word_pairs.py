"""Words that news editors put for one another, as shipped; knows nothing of any corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Self

from rag.errors import ModelError

WORD_PAIRS_FILE = Path(__file__).resolve().parent.parent / "weights" / "claims" / "word_pairs.tsv"


class WordPairs:
    """Pairs of words, in no order, that were seen in each other's place."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._others: dict[str, set[str]] = defaultdict(set)
        for one, other in pairs:
            self._others[one].add(other)
            self._others[other].add(one)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``word<TAB>word`` lines; ModelError when the file is missing or wrong."""
        try:
            rows = path.read_text(encoding="utf-8").splitlines()
            pairs = [(one, other) for one, other in (row.split("\t") for row in rows)]
        except (OSError, ValueError) as error:
            raise ModelError(f"词对表 {path} 缺失或损坏；请重新安装") from error
        return cls(pairs)

    def of(self, word: str) -> frozenset[str]:
        """The words that stand for this one."""
        return frozenset(self._others.get(word, ()))

    def holds(self, one: str, other: str) -> bool:
        """Whether the two were seen in each other's place."""
        return other in self._others.get(one, ())

    def nearly_holds(self, one: str, other: str) -> bool:
        """Whether a third word was seen in the place of both."""
        return bool(self._others.get(one, set()) & self._others.get(other, set()))


@lru_cache(maxsize=1)
def builtin_word_pairs() -> WordPairs:
    """The shipped pairs, loaded once a process."""
    return WordPairs.load(WORD_PAIRS_FILE)
