"""Whether one text contradicts another: the EntailmentModel Protocol and its adapter.

Knows nothing of answers or citations. torch and transformers are loaded only when a model is;
nothing is ever downloaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol, Self

from rag.models.classifier import read_classifier, unusable
from rag.text import encodable, standard_form

# A sentence and what it cites are far shorter; of what is longer, the end of the longer is cut.
_MOST_TOKENS = 512


class EntailmentModel(Protocol):
    """Judges whether a sentence can be true where a text is."""

    @property
    def name(self) -> str:
        """The name the settings know it by."""
        ...

    def contradiction(self, text: str, sentence: str) -> float:
        """The probability that the sentence is false where the text is true; the same each time."""
        ...


class CrossEncoderEntailment:
    """Any sequence classifier of transformers whose labels are those of inference.

    ``contradiction`` beside ``entailment`` and ``neutral``, or ``entailment`` and its denial.
    """

    def __init__(self, tokenizer: Any, model: Any, name: str, against: int) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._model = model
        self._against = against

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a local folder, or a hub name that is in the local cache; nothing is downloaded.

        ModelError at once when it is not there, or when the folder holds no such model.
        """
        tokenizer, model = read_classifier(name, "entailment")
        labels = {int(row): str(label) for row, label in model.config.id2label.items()}
        against = _label_against(labels)
        if against is None:
            raise unusable(
                name, "entailment", f"标签 {'、'.join(labels.values())} 里没有 contradiction"
            )
        return cls(tokenizer, model, name, against)

    def contradiction(self, text: str, sentence: str) -> float:
        """The probability of the label that denies the sentence; both read in standard form."""
        torch: Any = import_module("torch")
        pair = [encodable(standard_form(words)) for words in (text, sentence)]
        with torch.inference_mode():
            batch = self._tokenizer(
                *pair,
                truncation="longest_first",
                max_length=min(self._tokenizer.model_max_length, _MOST_TOKENS),
                return_tensors="pt",
            ).to(self._model.device)
            logits = self._model(**batch).logits.float()[0]
            return float(torch.softmax(logits, dim=-1)[self._against])


def _label_against(labels: dict[int, str]) -> int | None:
    """The row that says no: ``contradiction``, or of two the one that is not ``entailment``."""
    for row, label in labels.items():
        if label.lower().startswith("contradict"):
            return row
    others = [row for row, label in labels.items() if label.lower() != "entailment"]
    return others[0] if len(labels) == 2 and len(others) == 1 else None
