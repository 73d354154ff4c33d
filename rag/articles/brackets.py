"""Brackets and quotes of a text that have no other half in it.

Knows nothing of blocks or of what follows from them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】"}
_SIGN = re.compile(f"[{''.join(_PAIRS)}{''.join(_PAIRS.values())}]")
_EDGE = 400  # characters that are looked at on either side of a long text


class Unmatched(NamedTuple):
    """Opening signs that nothing closes, and closing ones that nothing opened, in their order."""

    opened: list[str]
    unopened: list[str]

    def closed_by(self, following: Unmatched) -> int:
        """How many of the opened signs the text that follows closes, from the last one back."""
        pairs = zip(reversed(self.opened), following.unopened, strict=False)
        return sum(_PAIRS[opening] == closing for opening, closing in pairs)


def unmatched(text: str) -> Unmatched:
    """What a text leaves open or unopened; only its first and last 400 characters are looked at."""
    opened: list[str] = []
    unopened: list[str] = []
    sample = text if len(text) <= 2 * _EDGE else text[:_EDGE] + text[-_EDGE:]
    for sign in _SIGN.findall(sample):
        if sign in _PAIRS:
            opened.append(sign)
        elif opened and _PAIRS[opened[-1]] == sign:
            opened.pop()
        else:
            unopened.append(sign)
    return Unmatched(opened, unopened)
