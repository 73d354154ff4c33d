"""Lines that the program says in Chinese, in English: errors, reasons, findings, remarks.

Whoever raises an error knows of one language; here its line is known again by its wording, the
values in it taken out, and put into an English one. ``english.json`` is the table of both wordings.
Knows nothing of where a line is shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("english.json")
SLOT = re.compile(r"\{([a-z]+)\}")
_LONGEST = 600  # characters: a line made to fit many wordings half would take seconds
_DEEPEST = 4  # lines in lines: a remark, of an error, of a part


@cache
def wordings() -> Mapping[str, str]:
    """The table: a Chinese wording with its slots, and the English one."""
    return dict(json.loads(_TABLE.read_text(encoding="utf-8")))


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The wordings as patterns, those with most words of their own first."""
    ranked = sorted(wordings().items(), key=lambda row: -len(SLOT.sub("", row[0])))
    return tuple((_pattern(chinese), english) for chinese, english in ranked)


def _pattern(wording: str) -> re.Pattern[str]:
    pieces = SLOT.split(wording)  # every second one is the name of a slot
    return re.compile(
        "".join(
            f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        ),
        re.DOTALL,
    )


def in_english(line: str, words: Mapping[str, str], depth: int = 0) -> str:
    """The line in English, and the lines in it, or as it is where its wording is not known.

    ``words`` are whole texts with their English, which come first.
    """
    if line in words or line.isascii() or len(line) > _LONGEST or depth > _DEEPEST:
        return words.get(line, line)
    for pattern, english in _patterns():
        if match := pattern.fullmatch(line):
            values = {
                name: in_english(value, words, depth + 1)
                for name, value in match.groupdict().items()
            }
            pieces = SLOT.split(english)
            pieces[1::2] = [values[name] for name in pieces[1::2]]
            return "".join(pieces)
    return line
