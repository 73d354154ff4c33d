"""Text on its way into and out of a chat model, as pure functions over strings and pieces.

Knows nothing of torch, threads or evidence; any adapter may use it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

_THINK_TAG = re.compile(r"</?think>")
_THINK_TAGS = ("<think>", "</think>")
# Marks of well-known chat templates that are plain text, or no token, to some tokenizers.
_COMMON_MARKS = (
    r"<\|",
    r"\|>",
    r"</?think>",
    r"</?s>",
    r"\[/?INST\]",
    r"<</?SYS>>",
    r"<(?:start|end)_of_turn>",
)
# A character takes at most four bytes, so a longer run of halves is no character to come.
_HELD_TOKENS = 8


def template_marks(tokens: Iterable[str]) -> re.Pattern[str]:
    """What must not stand in a turn's content: the tokenizer's own marks and well-known ones."""
    own = sorted({token for token in tokens if token}, key=lambda token: (-len(token), token))
    return re.compile("|".join([*map(re.escape, own), *_COMMON_MARKS]))


def neutralise(text: str, marks: re.Pattern[str]) -> str:
    """The text with every template mark spelled out, ``<|x|>`` as ``<·|·x·|·>``.

    Dots between all its signs hold against a tokenizer that folds full-width signs back, and
    against two marks that overlap.
    """
    return marks.sub(lambda mark: "·".join(mark.group()) if len(mark.group()) > 1 else "·", text)


def strip_thinking(pieces: Iterable[str], *, thinking: bool = False) -> Iterator[str]:
    """The pieces without ``<think>…</think>``, wherever the cuts fall; white space in front goes.

    ``thinking`` says that the prompt has opened the first ``<think>`` already. A thought that
    never closes hides all that follows; a lone closing tag is dropped.
    """
    pending = ""
    started = False
    for piece in pieces:
        shown, pending, thinking = _without_thoughts(pending + piece, thinking)
        shown = shown if started else shown.lstrip()
        if shown:
            started = True
            yield shown
    if pending and not thinking:
        yield pending


def _without_thoughts(text: str, thinking: bool) -> tuple[str, str, bool]:
    """What can be shown, what may yet become a tag, and whether a thought is open."""
    shown: list[str] = []
    position = 0
    for tag in _THINK_TAG.finditer(text):
        if not thinking:
            shown.append(text[position : tag.start()])
        thinking = tag.group() == _THINK_TAGS[0]
        position = tag.end()
    rest = text[position:]
    held = _begun_tag(rest)
    if not thinking:
        shown.append(rest[: len(rest) - held])
    return "".join(shown), rest[len(rest) - held :], thinking


def _begun_tag(text: str) -> int:
    """Length of the longest end of ``text`` that begins a tag without finishing it."""
    for length in range(min(len(text), len(_THINK_TAGS[1]) - 1), 0, -1):
        if any(tag.startswith(text[-length:]) for tag in _THINK_TAGS):
            return length
    return 0


def decode_pieces(tokens: Iterable[int], decode: Callable[[Sequence[int]], str]) -> Iterator[str]:
    """The text of a token stream, piece by piece, each whole character as soon as it is there.

    A token may hold half a character, and its text may hang on its neighbour; so each decoding
    starts one piece earlier and only what is new is given. The cost of a token is constant, where
    transformers' streamer decodes the whole line again (Text Generation Inference does the same).
    """
    window: list[int] = []
    known = 0
    for token in tokens:
        window.append(token)
        before, after = decode(window[:known]), decode(window)
        if after.endswith("\ufffd") and len(window) - known < _HELD_TOKENS:
            continue
        if len(after) > len(before):
            yield after[len(before) :]
            window = window[known:]
            known = len(window)
    if len(after := decode(window)) > len(before := decode(window[:known])):
        yield after[len(before) :]
