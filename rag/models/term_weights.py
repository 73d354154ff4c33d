"""How rare each term is in Chinese news and laws, as shipped; knows nothing of any corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

from rag.errors import ModelError

TERM_WEIGHTS_FILE = Path(__file__).resolve().parent.parent / "weights" / "terms" / "idf.tsv"


class TermWeights:
    """Inverse document frequencies; a term that was never seen counts as the rarest."""

    def __init__(self, weights: Mapping[str, float], unseen: float) -> None:
        self._weights = weights
        self._unseen = unseen

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``term<TAB>weight`` lines; ModelError when the file is missing or wrong."""
        try:
            rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
            weights = {term: float(weight) for term, weight in rows}
            unseen = weights.pop("")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"词项权重 {path} 缺失或损坏；请重新安装") from error
        return cls(weights, unseen)

    def of(self, term: str) -> float:
        """The weight of one term."""
        return self._weights.get(term, self._unseen)

    def total(self, terms: Iterable[str]) -> float:
        """The summed weight of some terms."""
        get, unseen = self._weights.get, self._unseen
        return sum(get(term, unseen) for term in terms)


@lru_cache(maxsize=1)
def builtin_term_weights() -> TermWeights:
    """The shipped weights, loaded once a process."""
    return TermWeights.load(TERM_WEIGHTS_FILE)
