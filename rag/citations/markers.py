"""A written reply as plain text, its sentences, and the numbers that its markers name.

Knows nothing of evidence: the reply is a string that is read and never obeyed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text import sentences, standard_form

DECLINED = "材料中没有找到答案。"
_LONGEST_RANGE = 20
# A Chinese sentence may name a few things in Latin letters; a sign stands for some three of them.
_MOST_FOREIGN_WORDS = 6
_FOREIGN_LETTERS = 3
_MARKER = re.compile(
    r"[ \t]{0,8}[\[［【〔]\s*(?:证据|材料|资料|来源|出处)?\s*\^?"
    r"(\d{1,3}(?:\s*[,，、;；\-–—~～至和]\s*\d{1,3})*)\s*[\]］】〕]"
)
_MARKER_PART = re.compile(r"(\d+)(?:\s*[-–—~～至]\s*(\d+))?")
_DECLINING = re.compile(
    r"(?:材料|资料|证据|文章|文中|上文|内容|信息)[^，。]{0,12}(?:没有|并未|并没|未|无)"
    r"[^，。]{0,6}(?:找到|提到|提及|提供|包含|说明|给出|涉及|答案|回答)"
    r"|(?:无法|不能)(?:从[^，。]{0,12})?(?:回答|确定|得知|判断)"
)
# Format and control characters: escapes for a terminal, text that hides or turns round.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e007f]"
)
_MARKUP = (
    (re.compile(r"```\w*|`"), ""),
    (re.compile(r"!\[([^\[\]]*)\]\([^()]*\)"), r"\1"),
    (re.compile(r"\[(\d{1,3})\]\([^()\s]{0,200}[./:#@][^()\s]{0,200}\)"), r"[\1]"),
    (re.compile(r"\[(?!\d{1,3}\])([^\[\]]*)\]\([!-'*-~]*\)"), r"\1"),
    (re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+•][ \t]+)", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\d{1,2}(?:[.)）][ \t]+|、)(?=\D)", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$", re.MULTILINE), ""),
    # Not between digits, where a star multiplies.
    (re.compile(r"(?<![0-9A-Za-z])(\*{1,3}|__|~~)(?=\S)([^*~\n]{1,200}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"</?[A-Za-z!][^<>]*>"), ""),
    (re.compile(r"<(?=[A-Za-z/!?])"), "＜"),
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a reply without its markers, the numbers they named, and the gap before."""

    text: str
    numbers: tuple[int, ...]
    gap: str


def without_controls(text: str) -> str:
    """The text without control, zero-width, direction and tag characters; newlines stay."""
    return _CONTROLS.sub("", text)


def plain_text(text: str) -> str:
    """The text without Markdown and HTML: emphasis, headings, list signs, links, images, tags.

    The words of a link stay, its target goes; markers ``[n]`` stay.
    """
    text, before = without_controls(text), ""
    while text != before:  # what one removal joins may be markup again
        before = text
        for pattern, replacement in _MARKUP:
            text = pattern.sub(replacement, text)
    return text.strip()


def split_reply(text: str) -> list[Sentence]:
    """The sentences of a plain reply, each with the numbers that the markers behind it name.

    Understands ``[1]``, ``【1】``, ``［1］``, ``[1,2]``, ``[1-3]`` and ``[材料1]``, before or
    behind the full stop; a marker that begins a line belongs to that line.
    """
    bare, markers = _without_markers(text)
    ranges = [piece for piece in sentences(bare) if re.search(r"\w", bare[slice(*piece)])]
    numbers: list[list[int]] = [[] for _ in ranges]
    for position, named in markers:
        begins_line = bare[:position].endswith("\n") and not bare[position:].startswith("\n")
        before = [i for i, piece in enumerate(ranges) if piece.start < position]
        after = [i for i, piece in enumerate(ranges) if piece.start >= position]
        owners = [*after[:1], *before[-1:]] if begins_line else [*before[-1:], *after[:1]]
        for owner in owners[:1]:
            numbers[owner].extend(named)
    found, end = [], 0
    for piece, named in zip(ranges, numbers, strict=True):
        between = bare[end : piece.start]
        gap = "\n" if "\n" in between else between[:1] if between.isspace() else ""
        found.append(Sentence(bare[slice(*piece)], tuple(dict.fromkeys(named)), gap))
        end = piece.end
    return found


def _without_markers(text: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The text without markers, and at which place of it each stood."""
    bare: list[str] = []
    markers: list[tuple[int, list[int]]] = []
    length = end = 0
    for match in _MARKER.finditer(standard_form(text)):
        bare.append(text[end : match.start()])
        length += len(bare[-1])
        markers.append((length, _numbers_of(match[1])))
        end = match.end()
    return "".join([*bare, text[end:]]), markers


def _numbers_of(marker: str) -> list[int]:
    numbers: list[int] = []
    for part in _MARKER_PART.finditer(marker):
        first = int(part[1])
        last = int(part[2] or first)
        numbers.extend(range(first, last + 1) if last - first < _LONGEST_RANGE else (first, last))
    return numbers


def is_foreign(parts: Sequence[Sentence]) -> bool:
    """Whether a reply is written in Latin letters: what it says can be held against nothing here.

    Names and codes alone, with no sentence around them, are an answer.
    """
    said = "".join(part.text for part in parts)
    letters, signs = len(re.findall(r"[A-Za-z]", said)), len(re.findall(r"[\u3400-\u9fff]", said))
    words = len(re.findall(r"[A-Za-z]+", said))
    return words > _MOST_FOREIGN_WORDS and letters > _FOREIGN_LETTERS * signs


def declines(parts: Sequence[Sentence]) -> bool:
    """Whether the reply says no more than that the material holds no answer, or nothing at all."""
    said = [standard_form(part.text) for part in parts]
    if not said or said[0].rstrip("。.!！") == DECLINED.rstrip("。"):
        return True
    return all(
        _DECLINING.search(text) and not part.numbers for text, part in zip(said, parts, strict=True)
    )
