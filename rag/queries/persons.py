"""Questions for what a named person is: 邓文海是什么职务, 田芳是谁, 林燕担任什么, 林燕是院长吗.

Knows only the words of the question; a person's name is told by rjieba's dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.queries.subjects import core_of
from rag.text import tagged_words

_NAME = r"(?P<name>[^\W\d_]{2,4}?|[^\W\d_]+·[^\W_]+)(?:同志|先生|女士)?"
_OFFICE = r"(?:职务|职位|职业|官职?|身份|工作|人物?|角色)"
_NAME_CHARS = range(2, 5)
_ASKED = re.compile(
    rf"^(?:请问)?{_NAME}(?:现在|目前|现)?(?:"
    rf"是谁|是?(?:是|任|担任|出任|当|做)的?(?:什么|何|哪个|啥){_OFFICE}的?|任何职|"
    rf"是?[做干]什么的|的{_OFFICE}(?:是(?:什么|啥))?|"
    r"是不是[^谁什何哪几多怎]{2,12}|是[^谁什何哪几多怎]{2,12}吗)$"
)


def person_asked_about(question: str) -> str:
    """The person whose office is asked for, or empty."""
    match = _ASKED.match(question.rstrip("？?。 "))
    return match["name"] if match and is_person(match["name"]) else ""


def person_named(text: str, *, but_not: str = "") -> str:
    """The first person named, by the dictionary, who is no mere owner (甲的秘书); or empty.

    Names that stand in ``but_not`` are left out.
    """
    found = [(name, behind) for name, behind in _persons(text) if name not in but_not]
    acting = (name for name, behind in found if behind != "的")
    return next(acting, found[0][0] if found else "")


def _persons(text: str) -> Iterator[tuple[str, str]]:
    """Each person named, with the word behind; a name may be cut: 马可|·|波罗, 赵|立新."""
    name = ""
    for word, word_class in (*tagged_words(text), ("", "")):
        is_given_name = len(name) == 1 and word.isalpha() and len(word) < _NAME_CHARS[-1]
        if word_class.startswith("nr") or is_given_name or (name and word == "·"):
            name += word
            continue
        if len(name) > 1:
            yield name, word
        name = ""


def is_person(name: str) -> bool:
    """Whether a text may be a person's name, by the dictionary.

    It may cut a name of its own words (赵|立新, 罗海|生); a thing or an office is whole in it.
    """
    tagged = tagged_words(name)
    if "·" in name:
        return True
    has_name = any(word_class.startswith("nr") for _, word_class in tagged)
    is_cut = len(tagged) == 2 and len(tagged[-1][0]) == 1
    return len(name) in _NAME_CHARS and (has_name or is_cut) and core_of(name) == name
