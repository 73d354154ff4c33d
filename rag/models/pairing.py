"""A question and a passage as the encoder reads them: a row of pieces with a way back to the text.

In go texts in their standard form, out come piece numbers and, for each piece of the passage, the
characters it stands for. Knows nothing of networks or scores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rag.text import encodable

_BEGIN, _END = 0, 2  # <s> </s>
_QUESTION_PIECES = 64
_TURN_PIECES = 40
_CONTEXT_PIECES = 80
_PASSAGE_PIECES = 300
_KEPT = 60_000


@dataclass(frozen=True, slots=True)
class Row:
    """``pieces`` of question and passage; the passage's own begin at ``first``.

    ``starts`` and ``ends`` are, for each piece of the passage, its range of characters.
    """

    pieces: tuple[int, ...]
    first: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def pieces_of(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last piece, as places in ``pieces``, of a range of characters."""
        a = max(bisect_right(self.starts, start) - 1, 0)
        b = max(bisect_right(self.starts, end - 1) - 1, a)
        return self.first + a, self.first + b


@dataclass(frozen=True, slots=True)
class _Cut:
    pieces: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Pairing:
    """Makes rows with the tokenizer of an encoder; its verb is ``row``."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._known: OrderedDict[tuple[str, int], _Cut] = OrderedDict()

    @classmethod
    def load(cls, file: Path) -> Self:
        """The tokenizer of a tokenizer.json."""
        from tokenizers import Tokenizer

        return cls(Tokenizer.from_file(str(file)))

    def row(self, question: str, history: Sequence[str], context: str, text: str) -> Row:
        """``<s> query: question </s></s> turn before </s> context </s> passage </s>``.

        A turn before and a context that are not there leave no sign. What is too long is cut at its
        end: passages of the program are not.
        """
        pieces = [_BEGIN, *self._cut(f"query: {question}", _QUESTION_PIECES).pieces, _END, _END]
        if history:
            pieces += [*self._cut(" ".join(history), _TURN_PIECES).pieces, _END]
        if context:
            pieces += [*self._cut(context, _CONTEXT_PIECES).pieces, _END]
        cut = self._cut(text, _PASSAGE_PIECES)
        return Row((*pieces, *cut.pieces, _END), len(pieces), cut.starts, cut.ends)

    def _cut(self, text: str, most: int) -> _Cut:
        key = (text, most)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        encoded = self._tokenizer.encode(encodable(text), add_special_tokens=False)
        offsets = encoded.offsets[:most]
        starts = tuple(a for a, _ in offsets)
        found = _Cut(tuple(encoded.ids[:most]), starts, tuple(b for _, b in offsets))
        self._known[key] = found
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return found
