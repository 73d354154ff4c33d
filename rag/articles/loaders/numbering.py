"""The numbers that Word makes up before paragraphs: 1. 第一条 （一）, as they are shown.

In go the definitions of a document and its paragraphs in order, out comes each one's number with
its signs. Knows nothing of text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = _WORD + "val"
_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand",
     "taiwaneseCounting", "ideographDigital", "ideographTraditional")
)  # fmt: skip
_CIRCLED = frozenset(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"))
_MOST = 9_999
_LEVELS = 9


class _Level(NamedTuple):
    start: int
    kind: str
    text: str


class Numbering:
    """Counts the numbered paragraphs of a document; its verb is ``number_of``."""

    def __init__(self, definitions: Any | None, styles: dict[str, tuple[str, int]]) -> None:
        """``styles`` gives the list and the level of a paragraph's style."""
        self._levels = dict(_lists(definitions)) if definitions is not None else {}
        self._styles = styles
        self._counts: dict[str, list[int]] = {}

    def number_of(self, paragraph: Any, style: str) -> str:
        """What stands before a paragraph; empty where it has no number, or a bullet."""
        stated = paragraph.find(f"{_WORD}pPr/{_WORD}numPr")
        name, depth = self._styles.get(style, ("", 0))
        if stated is not None:
            name = _value(stated.find(_WORD + "numId")) or name
            depth = _whole(_value(stated.find(_WORD + "ilvl"))) if name else depth
        levels = self._levels.get(name)
        if not levels or not 0 <= depth < len(levels) or name == "0":
            return ""
        counts = self._counts.setdefault(name, [0] * _LEVELS)
        counts[depth] = counts[depth] + 1 if counts[depth] else levels[depth].start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if levels[depth].kind in ("bullet", "none"):
            return ""
        shown = levels[depth].text
        for at, level in enumerate(levels[: depth + 1]):
            shown = shown.replace(f"%{at + 1}", _printed(counts[at] or level.start, level.kind))
        return shown.strip()


def numbering_of(document: Any) -> Numbering:
    """The numbering of an opened document: its definitions, and the lists that styles belong to."""
    definitions = None
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            from docx.oxml.parser import parse_xml

            definitions = parse_xml(relation.target_part.blob)
    styles: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.iter(_WORD + "style"):
        stated = style.find(f"{_WORD}pPr/{_WORD}numPr")
        if stated is not None:
            depth = _whole(_value(stated.find(_WORD + "ilvl")))
            styles[style.get(_WORD + "styleId", "")] = (
                _value(stated.find(_WORD + "numId")),
                depth,
            )
    return Numbering(definitions, styles)


def _lists(definitions: Any) -> Iterator[tuple[str, tuple[_Level, ...]]]:
    """The levels of each list by its number."""
    drafts = {
        one.get(_WORD + "abstractNumId", ""): _levels(one)
        for one in definitions.findall(_WORD + "abstractNum")
    }
    for one in definitions.findall(_WORD + "num"):
        levels = drafts.get(_value(one.find(_WORD + "abstractNumId")), ())
        yield one.get(_WORD + "numId", ""), levels


def _levels(draft: Any) -> tuple[_Level, ...]:
    found = [
        _Level(
            _whole(_value(level.find(_WORD + "start")) or "1"),
            _value(level.find(_WORD + "numFmt")) or "decimal",
            _value(level.find(_WORD + "lvlText")),
        )
        for level in draft.findall(_WORD + "lvl")
    ]
    return tuple(found[:_LEVELS])


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(_VAL, ""))


def _whole(stated: str) -> int:
    return min(int(stated), _MOST) if stated.isascii() and stated.isdigit() else 0


def _printed(number: int, kind: str) -> str:
    """A number as its level prints it; in digits where the kind is a rare one."""
    if kind in _CHINESE:
        return _in_chinese(number)
    if kind in _CIRCLED and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if kind in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if kind == "lowerLetter" else letter.upper()
    return str(number)


def _in_chinese(number: int) -> str:
    """A whole number under ten thousand in characters: 十二, 一百零三."""
    if not 0 < number <= _MOST:
        return str(number)
    found = ""
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            found += f"{_DIGITS[digit]}{unit}"
        elif found and number % place and not found.endswith("零"):
            found += "零"
    return found.removeprefix("一") if found.startswith("一十") else found
