"""The quote that is offered where a chat model did not answer what the reader is sure of.

In go the model's reply and the quoted answer to the same question, out comes what is shown. Knows
nothing of models or of how a quote is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rag.answer.quoted import FIRST_FACT_CHARS
from rag.answer.reply import Reply
from rag.citations import verify
from rag.datatypes import Citation, Claim
from rag.read import Judged
from rag.text import fold

_SILENT = "模型没有作答；"
_UNFOUNDED = "模型写的核对不上；"
_BESIDE = "模型写的没有回答所问；"
_ONE = "材料里有这一句："
_SEVERAL = "材料里有这几句："
_NO_ANSWER = "没有回答所问"
_FEWEST_CHARS = 50  # of a quote behind the words of a model
_MARKER = re.compile(r"\[(\d{1,3})\]")
_QUOTES = "“”‘’\"'《》 "
_ENOUGH_OF_LIST = 0.5
Quoting = Callable[[int], Reply]


def with_quote(reply: Reply, quote: Quoting, judged: Sequence[Judged], question: str) -> Reply:
    """What is shown of a model's reply where the reader is sure of a quote.

    A reply that declines, or of which no sentence stands up or none answers, gives way to the
    quote; one that says the quoted fact stays as it is, with a mark at each sentence that the
    reader holds for no answer; behind what else stands up and may answer the quote is added. A
    sentence that repeats the question's words is not objected to for them where the reader believes
    that what it cites answers. ``quote`` quotes in about as many characters as it is given.
    """
    quoted = quote(FIRST_FACT_CHARS)
    if quoted.outcome != "answered" or reply.outcome in ("failed", "stopped"):
        return reply
    if reply.outcome == "no_evidence":
        return _instead(reply, quote, _SILENT)
    claims = [_reviewed(claim, reply, judged, question) for claim in reply.claims]
    standing = [claim for claim in claims if claim.verdict == "supported"]
    if not standing:
        return _instead(reply, quote, _UNFOUNDED)
    fact = fold(quoted.short or "")
    if _agrees(standing, reply.citations, quoted):
        marked = (
            claim if _answers(claim, reply, fact, judged) else _beside_the_question(claim)
            for claim in claims
        )
        return replace(reply, claims=tuple(marked))
    answering = [claim for claim in standing if _answers(claim, reply, fact, judged)]
    if not answering:
        return _instead(reply, quote, _BESIDE)
    own = _only(answering, reply)
    room = FIRST_FACT_CHARS - len(own.text) - len(_SEVERAL)
    return _joined(own, _renumbered(quote(max(room, _FEWEST_CHARS)), own.citations))


def _instead(reply: Reply, quote: Quoting, why: str) -> Reply:
    quoted = quote(FIRST_FACT_CHARS - len(why) - len(_SEVERAL))
    return replace(quoted, text=f"{why}{_lead_to(quoted)}{quoted.text}", model=reply.model)


def _lead_to(quoted: Reply) -> str:
    return _SEVERAL if len(quoted.claims) > 1 else _ONE


def _agrees(standing: Sequence[Claim], citations: Sequence[Citation], quoted: Reply) -> bool:
    """Whether sentences that stand up say the quoted fact, of several half.

    Where none stands out of the quote it is enough that they rest on the words quoted first.
    """
    said = fold("".join(claim.text for claim in standing))
    facts = [fold(one).strip(_QUOTES) for one in (quoted.short or "").split("、")]
    told = [one in said for one in facts if one]
    if told:
        return sum(told) >= _ENOUGH_OF_LIST * len(told)
    cited = {number for claim in standing for number in claim.citations}
    own = [one for one in citations if one.number in cited]
    return any(_overlap(one, quoted.citations[0]) for one in own)


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


def _only(claims: Sequence[Claim], reply: Reply) -> Reply:
    """The reply with some of its sentences, and with what these cite, numbered anew."""
    cited = dict.fromkeys(number for claim in claims for number in claim.citations)
    numbers = {old: new for new, old in enumerate(cited, 1)}
    by_number = {one.number: one for one in reply.citations}
    kept = tuple(_reclaimed(claim, numbers) for claim in claims)
    return replace(
        reply,
        text="".join(claim.text for claim in kept),
        claims=kept,
        citations=tuple(replace(by_number[old], number=new) for old, new in numbers.items()),
    )


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


def _joined(reply: Reply, quoted: Reply) -> Reply:
    return replace(
        reply,
        text=f"{reply.text}\n{_lead_to(quoted)}{quoted.text}",
        claims=(*reply.claims, *quoted.claims),
        citations=(*reply.citations, *quoted.citations),
        parts=reply.parts,
    )
