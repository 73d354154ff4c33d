"""Whether a question leans on the turn before it: 那第二名呢, 它建在哪里, 花了多少.

In go its words, out comes yes or no. Nothing is reworded: who leans is read with the turn before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text import tagged_words

_POINTS_BACK = re.compile(
    r"^(?:那|还有|另外|然后|此外|其中|其次|再问)|呢[？?]?$|"
    r"[它他她]们?|(?:该|此|这|那)(?:个|家|座|位|些|次|项|种|件|场|地|区|市|县|镇|村|校|院|公司|人|里|边|儿)|"
    r"同一?年|前者|后者|上述|为什么[？?]?$|^为何|^怎么回事"
)
_NAMES = frozenset({"nr", "nrt", "ns", "nt", "nz", "eng"})
_LONGEST_LEANING = 14
_LONG_OWNER = 4  # characters; the dictionary knows few names of works and firms


def leans_on_turn_before(question: str) -> bool:
    """Whether a question, in its standard form, is without a subject of its own.

    It is where it points back, or is short and names nobody and nothing.
    """
    if _POINTS_BACK.search(question):
        return True
    words = tagged_words(question)
    if len(question) > _LONGEST_LEANING or _owner_chars(words) >= _LONG_OWNER:
        return False
    return not any(tag in _NAMES and len(word) > 1 for word, tag in words)


def _owner_chars(words: Sequence[tuple[str, str]]) -> int:
    """How long the nouns are that a question begins with, where 的 follows: 双河水库的."""
    owner = ""
    for word, tag in words:
        if word == "的":
            return len(owner)
        if not tag.startswith("n"):
            return 0
        owner += word
    return 0
