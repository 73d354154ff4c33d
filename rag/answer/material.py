"""What others wrote, as a chat model reads it: evidence, a piece on a line.

Knows no prompt. Only the model reads it so: what is quoted to the reader stays as printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from rag.citations import without_controls
from rag.models.chat_text import neutralise, template_marks

_SPACE = re.compile(r"\s+")
_FORGED_MARKER = re.compile(r"[\[［【](\s*\d{1,3}\s*)[\]］】]")
# Whatever runs the model: not every server spells out the marks of its template.
_TEMPLATE_MARKS = template_marks(())
_FENCES = str.maketrans({"<": "＜", ">": "＞"})
_FENCE = re.compile(r"<{2,}|>{2,}")


class Piece(Protocol):
    """What is shown of a piece of the material."""

    @property
    def title(self) -> str:
        """Its article's title."""
        ...

    @property
    def date(self) -> str | None:
        """Its article's date."""
        ...

    @property
    def text(self) -> str:
        """Its words."""
        ...


def format_evidence(evidence: Sequence[Piece], parts: Sequence[str] = ()) -> str:
    """The evidence as the model reads it: a line each, ``[n]《title》（date）words``.

    What has no title or no date goes without.

    ``parts``, where given, has for each piece the fact that it is for; pieces for one fact stand
    together under it.
    """
    lines = [
        f"[{number}]{_titled(piece)}{_written(piece)}{as_data(piece.text)}"
        for number, piece in enumerate(evidence, 1)
    ]
    if not parts:
        return "\n".join(lines)
    grouped: list[str] = []
    for part in dict.fromkeys(parts):
        grouped.append(f"关于“{as_data(part)}”：")
        grouped += [line for line, own in zip(lines, parts, strict=False) if own == part]
    return "\n".join(grouped)


def _titled(piece: Piece) -> str:
    return f"《{as_data(piece.title)}》" if piece.title else ""


def _written(piece: Piece) -> str:
    return f"（{as_data(piece.date)}）" if piece.date else ""


def as_data(text: str) -> str:
    """The text on one line, unable to end the material or to begin a piece of its own."""
    text = neutralise(_SPACE.sub(" ", without_controls(text)).strip(), _TEMPLATE_MARKS)
    text = _FENCE.sub(lambda fence: fence.group().translate(_FENCES), text)
    return _FORGED_MARKER.sub(r"〔\1〕", text)
