"""Short questions about the parts of the turns before: 哪个更多, 一共呢, 差多少.

In go such a question and the user's questions before, out come the parts that it is about and what
is to be made of them; nothing where it asks for something of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.ask.aims import Aim
from rag.ask.asking import ASKS
from rag.ask.follow_up import leans_on_turn_before
from rag.ask.part import MOST_PARTS, Part
from rag.ask.parts import parts_of
from rag.text import tagged_words

_LABEL_CHARS = 20
_OPENS = r"^(?:那么?|所以|[这那]?(?:[它他她]们|[这那]?[两三四五六几]\w|二者|两者|双方))*[，,]?"
_SOFTLY = r"(?:呢|呀|啊|吧)?[？?。]*$"
_WHICH = re.compile(
    rf"{_OPENS}(?:哪|谁)\w{{0,2}}?(?:更|最|比较)?[多少大小高低长短早晚快慢强弱重轻远近贵先]"
    rf"(?:一?[些点]|的)?{_SOFTLY}"
)
_TOTAL = re.compile(
    rf"{_OPENS}(?:一共|总共|合计|共计|总计|[加合]起来|加在一起|总数)(?:是|有)?(?:多少|几)?\w{{0,3}}?{_SOFTLY}"
)
_GAP = re.compile(
    rf"{_OPENS}(?:相?差|差距|[多少高低早晚大小])(?:了|是|有)?(?:多少|几|多[大远久])\w{{0,3}}?{_SOFTLY}"
)
_AIMS: tuple[tuple[re.Pattern[str], Aim], ...] = (
    (_WHICH, "compare"),
    (_TOTAL, "sum"),
    (_GAP, "difference"),
)


def going_on(question: str, before: Sequence[str]) -> tuple[tuple[Part, ...], Aim] | None:
    """The parts of the turns before and the aim of a question that is about them alone.

    ``before`` are the user's questions in their standard form, the latest last.
    """
    aim = next((aim for pattern, aim in _AIMS if pattern.match(question)), None)
    if aim is None:
        return None
    parts = _parts_before(before)
    return (parts, aim) if len(parts) > 1 else None


def _parts_before(before: Sequence[str]) -> tuple[Part, ...]:
    """The parts of the last question, else one for each question of the last chain."""
    rest = [one for one in before if not any(pattern.match(one) for pattern, _ in _AIMS)]
    if not rest:
        return ()
    split = parts_of(rest[-1]).parts
    if len(split) > 1:
        return split
    chain = [rest[-1]]
    for earlier in reversed(rest[:-1]):
        if not leans_on_turn_before(chain[0]) or len(chain) == MOST_PARTS:
            break
        chain.insert(0, earlier)
    if len(chain) == 1 and len(rest) > 1:
        chain = rest[-2:]
    if len(chain) < 2:
        return ()
    return tuple(
        Part(one, _label(one), 0 if place and leans_on_turn_before(one) else None)
        for place, one in enumerate(chain)
    )


def _label(question: str) -> str:
    """What tells a question from the others of its chain: 乙镇 of 那乙镇呢, else its subject."""
    short = re.sub(r"^(?:那么?|还有)|呢?[？?。]*$", "", question)
    if short != question.rstrip("？?。"):
        return short[:_LABEL_CHARS]
    asks = ASKS.search(question)
    words = list(tagged_words(question[: asks.start()] if asks else short))
    while words and words[-1][1][0] not in "nj":
        words.pop()
    return "".join(word for word, _ in words)[:_LABEL_CHARS]
