"""The answer to a roll: all members that articles tell of, counted, each cited.

Knows nothing of how a member was found or judged.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from rag.answer.draft import Draft
from rag.answer.quoted import FIRST_FACT_CHARS, FURTHER_FACT_CHARS, SIGNS
from rag.answer.reply import Reply
from rag.ask import Roll
from rag.read import Called, Member, quoted_evidence

_GATHERED = "由各篇引文汇总"
_QUOTE_CHARS = 80
_FEWEST_CHARS = 24
_TITLE_CHARS = 20


def told_roll(roll: Roll, called: Called) -> Generator[str, None, Reply]:
    """The reply line by line: how many and which, each with its citation; then the quotes.

    Quotes follow as far as there is room, ``150 + 80 (n - 1)`` characters for ``n`` articles.
    """
    draft = Draft()
    members = called.members
    sources = list({one.reading.article.id: one for one in members}.values())
    budget = FIRST_FACT_CHARS + FURTHER_FACT_CHARS * (len(sources) - 1)
    room = min(_QUOTE_CHARS, max(budget // len(sources) - 3 * SIGNS, _FEWEST_CHARS))
    quotes = {one.reading.article.id: quoted_evidence(one.reading, room)[0] for one in sources}
    numbers = [draft.number_of(quotes[one.reading.article.id]) for one in members]
    yield draft.claimed(_head(roll, called, numbers), _GATHERED, numbers)
    for quote in quotes.values():
        if draft.length + len(quote.text) + SIGNS <= budget:
            yield draft.quoted("", quote)
    count = f"{len(members)}{roll.counter}" if roll.counts else ""
    names = "、".join(one.name for one in members)
    return draft.reply(f"{count}：{names}" if count else names)


def _head(roll: Roll, called: Called, numbers: Sequence[int]) -> str:
    named = "、".join(
        f"{_label(roll, one)}{one.name}[{number}]"
        for one, number in zip(called.members, numbers, strict=True)
    )
    if roll.asks_how_much:
        return f"{named}。"
    count = f"{'共' if called.is_whole else '至少'}{len(called.members)}{roll.counter}"
    articles = len({one.reading.article.id for one in called.members})
    rest = "" if called.is_whole else "，其余文章没有逐篇看"
    return f"{count}：{named}（见{articles}篇文章{rest}）。"


def _label(roll: Roll, member: Member) -> str:
    """Whose a figure is, by the title of its article; a name needs no label."""
    title = member.reading.article.full_title or member.reading.article.source
    return f"《{title[:_TITLE_CHARS]}》" if roll.asks_how_much else ""
