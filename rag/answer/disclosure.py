"""What of a chat model's words may be shown: neither its prompt nor marks of a chat template.

A model that obeys a command planted in an article may be told to recite what it was told. Knows
nothing of evidence or citations; works piece by piece, so that it holds back only what may yet
become a recital.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.errors import ModelError

# So many characters in a row that stand in the prompt are a recital. The sentence that declines
# stands there, too, and is shorter.
_RECITED_CHARS = 14
_MARK_CHARS = 24  # of the longest mark of a template
_MARK = re.compile(
    r"<\|[^<>|\n]{0,20}\|>|</?(?:s|think)>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
)
_BEGUN_MARK = re.compile(r"(?:<[^>\n]{0,23}|\[/?[INST]{0,4})$")
_SPACE = re.compile(r"\s+")


def only_shown(pieces: Iterable[str], prompt: str, material: str) -> Iterator[str]:
    """The pieces without template marks and without stretches that recite the prompt.

    What stands in the material, which an answer may quote, is no recital. Where the pieces break
    off with a ModelError, what was held back comes before it.
    """
    recital = _Recital(prompt, material)
    try:
        for piece in _without_marks(pieces):
            shown = recital.add(piece)
            if shown:
                yield shown
    except ModelError:
        if rest := recital.end():
            yield rest
        raise
    if rest := recital.end():
        yield rest


def _without_marks(pieces: Iterable[str]) -> Iterator[str]:
    pending = ""
    for piece in pieces:
        pending = _MARK.sub("", pending + piece)
        begun = _BEGUN_MARK.search(pending)
        held = len(pending) - begun.start() if begun else 0
        held = held if held <= _MARK_CHARS else 0
        yield pending[: len(pending) - held]
        pending = pending[len(pending) - held :]
    yield pending


class _Recital:
    """Text as it comes, of which stretches that stand in the prompt are held and then dropped."""

    def __init__(self, prompt: str, material: str) -> None:
        self._prompt = _SPACE.sub("", prompt)
        self._material = _SPACE.sub("", material)
        self._held = ""
        self._key = ""  # what is held, without white space
        self._recites = False

    def add(self, piece: str) -> str:
        """What can be shown now that these characters came."""
        return "".join(map(self._next, piece))

    def end(self) -> str:
        """What is still held when nothing more comes."""
        shown = "" if self._recites else self._held
        self._held, self._key, self._recites = "", "", False
        return shown

    def _next(self, character: str) -> str:
        key = self._key + _SPACE.sub("", character)
        if self._may_recite(key):
            self._held, self._key = self._held + character, key
            self._recites = self._recites or len(key) >= _RECITED_CHARS
            return ""
        if self._recites:
            return self.end() + self._next(character)
        # The longest end that stands in the prompt is held on; what is before it can be shown.
        text, shown = self._held + character, ""
        while text and not self._may_recite(_SPACE.sub("", text)):
            shown, text = shown + text[0], text[1:]
        self._held, self._key = text, _SPACE.sub("", text)
        return shown

    def _may_recite(self, key: str) -> bool:
        return key in self._prompt and key not in self._material
