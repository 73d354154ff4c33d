"""The quote that is offered where a chat model did not answer what the reader is sure of.

In go the model's reply and the quoted answer to the same question, out comes what is shown. Knows
nothing of models or of how a quote is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.answer.reply import Reply
from rag.citations import verify
from rag.datatypes import Citation, Claim
from rag.read import Judged
from rag.text import fold

_SILENT = "模型没有作答；"
_UNFOUNDED = "模型写的在材料里核对不上，没有采用；"
_ONE = "材料里有这一句："
_SEVERAL = "材料里有这几句："
_NO_ANSWER = "没有回答所问"
_MARKER = re.compile(r"\[(\d{1,3})\]")


def with_quote(reply: Reply, quoted: Reply, judged: Sequence[Judged], question: str) -> Reply:
    """What is shown of a model's reply where the reader is sure of a quote.

    A reply that declines, or of which no sentence stands up, gives way to the quote; behind one
    that tells something else the quote is added; one that rests on the quoted words, or says the
    fact, stays as it is. In either a sentence that the reader holds for no answer is marked so, and
    one that repeats the question's words is not objected to for them where the reader believes that
    what it cites answers.
    """
    if quoted.outcome != "answered" or reply.outcome in ("failed", "stopped"):
        return reply
    lead = _SEVERAL if len(quoted.claims) > 1 else _ONE
    if reply.outcome == "no_evidence":
        return replace(quoted, text=f"{_SILENT}{lead}{quoted.text}", model=reply.model)
    reply = replace(
        reply, claims=tuple(_reviewed(claim, reply, judged, question) for claim in reply.claims)
    )
    if all(claim.verdict != "supported" for claim in reply.claims):
        return replace(quoted, text=f"{_UNFOUNDED}{lead}{quoted.text}", model=reply.model)
    agrees = _agrees(reply, quoted)
    fact = fold(quoted.short or "")
    claims = (
        claim if _answers(claim, reply, fact, judged) else _beside_the_question(claim)
        for claim in reply.claims
    )
    reply = replace(reply, claims=tuple(claims))
    return reply if agrees else _joined(reply, _renumbered(quoted, reply.citations), lead)


def _agrees(reply: Reply, quoted: Reply) -> bool:
    """Whether a sentence that stands up says the quoted fact, or rests on the quoted words.

    Where the fact is a figure, resting on the words is not enough.
    """
    good = [claim for claim in reply.claims if claim.verdict == "supported"]
    cited = {number for claim in good for number in claim.citations}
    own = [one for one in reply.citations if one.number in cited]
    said, fact = fold("".join(claim.text for claim in good)), fold(quoted.short or "")
    if fact and fact in said:
        return True
    if any(one.isdigit() for one in fact):
        return False  # the same words quoted, another figure said
    return any(_overlap(one, other) for one in own for other in quoted.citations)


def _answers(claim: Claim, reply: Reply, fact: str, judged: Sequence[Judged]) -> bool:
    """Whether it says the quoted fact, or rests on what answers about as likely as the best."""
    if fact and fact in fold(claim.text):
        return True
    cited = (one for one in reply.citations if one.number in claim.citations)
    return any(
        part.may_be_told_by(one.article_id, one.start, one.end) for one in cited for part in judged
    )


def _reviewed(claim: Claim, reply: Reply, judged: Sequence[Judged], question: str) -> Claim:
    """The claim without objections to words of a question that its citations answer."""
    cited = [one for one in reply.citations if one.number in claim.citations]
    is_answer = any(
        part.is_believed and part.may_be_told_by(one.article_id, one.start, one.end)
        for one in cited
        for part in judged
    )
    if claim.verdict == "supported" or not is_answer:
        return claim
    said = _MARKER.sub("", claim.text)
    if verify(said, cited)[0] == "supported":
        return claim  # a model of inference objects, not the words
    verdict, reasons = verify(said, cited, question=question)
    return replace(claim, verdict=verdict, reasons=reasons) if verdict == "supported" else claim


def _beside_the_question(claim: Claim) -> Claim:
    if claim.verdict != "supported":
        return claim
    return replace(claim, verdict="partly", reasons=(*claim.reasons, _NO_ANSWER))


def _overlap(one: Citation, other: Citation) -> bool:
    is_same = one.article_id == other.article_id
    return is_same and one.start < other.end and other.start < one.end


def _renumbered(quoted: Reply, before: Sequence[Citation]) -> Reply:
    """The quoted reply with its citations numbered on behind those that are there."""
    known = {(one.article_id, one.start, one.end): one.number for one in before}
    numbers: dict[int, int] = {}
    for one in quoted.citations:
        place = (one.article_id, one.start, one.end)
        numbers[one.number] = known.setdefault(place, len(known) + 1)
    fresh = [one for one in quoted.citations if numbers[one.number] > len(before)]
    return replace(
        quoted,
        text=_marked(quoted.text, numbers),
        claims=tuple(_reclaimed(claim, numbers) for claim in quoted.claims),
        citations=tuple(replace(one, number=numbers[one.number]) for one in fresh),
        parts=(),
    )


def _reclaimed(claim: Claim, numbers: Mapping[int, int]) -> Claim:
    cited = tuple(numbers[number] for number in claim.citations)
    return replace(claim, text=_marked(claim.text, numbers), citations=cited)


def _marked(text: str, numbers: Mapping[int, int]) -> str:
    return _MARKER.sub(lambda mark: f"[{numbers.get(int(mark[1]), int(mark[1]))}]", text)


def _joined(reply: Reply, quoted: Reply, lead: str) -> Reply:
    return replace(
        reply,
        text=f"{reply.text}\n{lead}{quoted.text}",
        claims=(*reply.claims, *quoted.claims),
        citations=(*reply.citations, *quoted.citations),
        parts=reply.parts,
    )
