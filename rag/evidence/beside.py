"""Names that an article puts beside a subject, and whether a sentence tells of one of them.

康宁制药与百川生物半年报 joins two whose names end in nothing that names end in. Knows nothing of
questions.
"""

from __future__ import annotations

import re
from functools import lru_cache

_JOINS = "和与及、"
_NAME_CHARS = range(6, 1, -1)  # the longest first
_BEFORE_NAME = r"(?:^|[，,。；;：！？\n])\s*"


@lru_cache(maxsize=1024)
def names_beside(core: str, text: str) -> frozenset[str]:
    """Names joined to a subject's, as far as they begin a clause of the text elsewhere."""
    found: set[str] = set()
    name = re.escape(core)
    for match in re.finditer(rf"([^\W\d_]{{2,20}})[{_JOINS}](?={name})", text):
        found |= _first_told([match[1][-count:] for count in _NAME_CHARS], text)
    for match in re.finditer(rf"{name}[^\W\d_]{{0,4}}?[{_JOINS}]([^\W\d_]{{2,20}})", text):
        found |= _first_told([match[1][:count] for count in _NAME_CHARS], text)
    return frozenset(one for one in found if one not in core and core not in one)


def _first_told(names: list[str], text: str) -> set[str]:
    told = (name for name in names if re.search(_BEFORE_NAME + re.escape(name), text))
    return set(list(told)[:1])


def tells_of_one_beside(core: str, text: str, start: int, end: int) -> bool:
    """Whether a stretch that does not name the subject tells of a name beside it.

    That name begins one of its clauses, or was named last in its paragraph.
    """
    sentence, paragraph = text[start:end], text[:start].rpartition("\n")[2]
    last_named = paragraph.rfind(core)
    return any(
        re.search(_BEFORE_NAME + re.escape(name), sentence) or paragraph.rfind(name) > last_named
        for name in names_beside(core, text)
    )
