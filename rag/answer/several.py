"""The answer to a question for several facts: each told with its quote, compared or worked out.

Knows nothing of how evidence is found or judged. What is not told is named, and is no claim.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from rag.answer.draft import Draft
from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS, SIGNS, VERBATIM, lead_of
from rag.answer.reply import Reply
from rag.answer.results import result_of
from rag.answer.runners_up import quoted_rival
from rag.answer.told import Told, told_of
from rag.ask import Question
from rag.datatypes import AnswerPart
from rag.read import Judged

_SOUGHT_CHARS = 50  # of all that is missing
_FEWEST_SOUGHT_CHARS = 9


def several(question: Question, judged: Sequence[Judged]) -> Generator[str, None, Reply]:
    """The reply line by line; at most ``150 + 80 (told - 1)`` characters, what is missing included.

    What the facts come to stands first where it is asked for, then each part in the order asked.
    """
    draft = Draft()
    count = max(sum(one.is_believed for one in judged), 1)
    parts = [told_of(*pair, 0) for pair in zip(question.parts, judged, strict=True)]
    remarks = _remarks(question, parts)
    room = FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (count - 1)
    room -= sum(len(remark) + 1 for remark in remarks)
    each = (room - _result_chars(question, parts)) // count - SIGNS
    parts = [told_of(*pair, each) for pair in zip(question.parts, judged, strict=True)]
    head = result_of(question, parts, draft)
    if head.is_claim:
        yield draft.claimed(head.text, head.reason, head.numbers)
        yield from _beside(parts, draft, room - each)
    else:
        yield from _one_by_one(parts, draft, each + SIGNS)
        remarks = [head.text, *remarks] if head.text else remarks
    for remark in remarks:
        yield draft.remarked(remark)
    return draft.reply(head.short or _facts(parts), [_part(one, draft) for one in parts])


def _one_by_one(parts: Sequence[Told], draft: Draft, each: int) -> Iterator[str]:
    """Each part on its line, with the sentence that may be it as well where there is room.

    ``each`` are the characters for a told part; of a sentence that stands above, only the further
    fact is told.
    """
    quoted: set[str] = set()
    left = 0
    for part in parts:
        if part.evidence is None:
            continue
        before = draft.length
        if part.short and part.sentence in quoted:
            number = draft.number_of(part.evidence)
            name = f"{part.label}：" if part.label else ""
            yield draft.claimed(f"{name}{part.short}。[{number}]", VERBATIM, (number,))
        else:
            quoted.add(part.sentence)
            yield draft.quoted(part.lead, part.evidence)
        left += each - (draft.length - before)
        if other := quoted_rival(part.judged, left - SIGNS, besides=quoted):
            before = draft.length
            yield draft.quoted("", other, on_line=False)
            left -= draft.length - before


def _beside(parts: Sequence[Told], draft: Draft, most: int) -> Iterator[str]:
    """The quotes that a result rests on, as far as there is room, each sentence once."""
    quoted: set[str] = set()
    for part in parts:
        if part.evidence and part.sentence not in quoted and draft.length <= most:
            quoted.add(part.sentence)
            yield draft.quoted(lead_of(part.label, None, part.evidence.text), part.evidence)


def _result_chars(question: Question, parts: Sequence[Told]) -> int:
    """How many characters the line on what the facts come to takes, foreseen on a trial."""
    head = result_of(question, parts, Draft())
    return len(head.text) + 1 if head.text else 0


def _remarks(question: Question, parts: Sequence[Told]) -> list[str]:
    """What is not told, in one line, and how many facts were left out."""
    missing = [part.wording.queries[-1].rstrip("？?。") for part in parts if part.evidence is None]
    remarks = []
    if missing:
        most = max(_SOUGHT_CHARS // len(missing), _FEWEST_SOUGHT_CHARS)
        named = (one if len(one) <= most else f"{one[: most - 1]}…" for one in missing)
        remarks.append(f"材料里没有找到{'、'.join(f'“{one}”' for one in named)}的答案。")
    if question.left_out:
        remarks.append(f"问到的不止六项，先答了前六项，另有{question.left_out}项请另外提问。")
    return remarks


def _facts(parts: Sequence[Told]) -> str | None:
    """The bare facts of the told parts, where each of them has one."""
    told = [part.short for part in parts if part.evidence is not None]
    return "；".join(short for short in told if short) if all(told) else None


def _part(part: Told, draft: Draft) -> AnswerPart:
    return part.part(draft.number_of(part.evidence) if part.evidence else None)
