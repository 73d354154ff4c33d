"""Whether words are small talk and nothing else: 你好, 谢谢, 你能做什么.

Knows nothing of what is said to them.
"""

from __future__ import annotations

import re

from rag.ask.purpose.kinds import SmallTalk, Talk
from rag.ask.purpose.words import SIGNS, any_of

# In the order in which they are looked for: a greeting may stand before any of the others.
_KINDS: tuple[Talk, ...] = ("ability", "identity", "thanks", "farewell", "greeting", "assent")
_PATTERNS = {kind: re.compile(any_of(kind), re.IGNORECASE) for kind in _KINDS}
_ALL = re.compile(rf"(?:{any_of(*_KINDS)}[啊呀哦呢吧啦嘛哈]?[{re.escape(SIGNS)}]*)+", re.IGNORECASE)
_ADDRESSES = re.compile(r"[你您我]|引据|[程系]|help|帮助", re.IGNORECASE)


def small_talk(bare: str, *, follows: bool = False) -> SmallTalk | None:
    """The small talk that the words are, if nothing is left of them without it.

    What the program can do is asked of it, and not, behind a turn, of what that was about.
    """
    if not _ALL.fullmatch(bare):
        return None
    kind = next(kind for kind in _KINDS if _PATTERNS[kind].search(bare))
    if kind == "ability" and follows and not _ADDRESSES.search(bare):
        return None
    return SmallTalk(kind)
