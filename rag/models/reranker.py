"""Query and passage together to a score: the Reranker Protocol and its adapter for cross-encoders.

Knows nothing of hits, indexes or time. torch and transformers are loaded only when a model is;
nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Protocol, Self

from rag.models.catalogue import card_of
from rag.models.classifier import read_classifier, unusable
from rag.text import encodable, standard_form

# A passage with its title is far shorter; what is longer is cut at its end.
_MOST_TOKENS = 512
_BATCH = 8


class Reranker(Protocol):
    """How well each text answers a query."""

    @property
    def name(self) -> str:
        """The name the settings know it by."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """A probability for each text, in their order; the same texts give the same scores."""
        ...


class CrossEncoderReranker:
    """Any sequence classifier of transformers with one output, as bge's rerankers are."""

    def __init__(self, tokenizer: Any, model: Any, name: str, max_tokens: int) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._model = model
        self._max_tokens = max_tokens

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a local folder, or a hub name that is in the local cache; nothing is downloaded.

        ModelError at once when it is not there, or when the folder holds no reranker.
        """
        tokenizer, model = read_classifier(name, "reranker")
        if model.config.num_labels != 1:
            raise unusable(name, "reranker", f"它给出 {model.config.num_labels} 个分数，要 1 个")
        card = card_of(name)
        limit = card.context_tokens if card is not None else tokenizer.model_max_length
        return cls(tokenizer, model, name, min(limit, _MOST_TOKENS))

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """A probability for each text, read in its standard form; like lengths go together."""
        torch: Any = import_module("torch")
        scores = [0.0] * len(texts)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                places = order[start : start + _BATCH]
                batch = self._tokenizer(
                    [_as_read(query)] * len(places),
                    [_as_read(texts[place]) for place in places],
                    padding=True,
                    truncation="longest_first",
                    max_length=self._max_tokens,
                    return_tensors="pt",
                ).to(self._model.device)
                logits = self._model(**batch).logits.float().reshape(-1)
                for place, score in zip(places, torch.sigmoid(logits).tolist(), strict=True):
                    scores[place] = score
        return scores


def _as_read(text: str) -> str:
    return encodable(standard_form(text))
