"""Questions for what a named person is: 邓文海是什么职务, 田芳是谁, 林燕担任什么, 林燕是院长吗.

Knows only the words of the question; a person's name is told by rjieba's dictionary.
"""

from __future__ import annotations

import re

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
