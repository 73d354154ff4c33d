"""The sentences behind the best one that are quoted, too: more of its list, or one as likely.

In goes a judged reading, out come readings and evidence. Knows nothing of how lines are laid out.
"""

from __future__ import annotations

from collections.abc import Container

from rag.datatypes import Evidence
from rag.read import Judged, Reading, quoted_evidence
from rag.text import Range, sentences

# In log-odds: nearer than so the second sentence is quoted, too (docs/experiments.md, Reader).
TORN = 1.0
_FEWEST_CHARS_OF_RIVAL = 30
_FURTHER = 2  # sentences of a list behind its first one
_FEWEST_MEMBERS = 2
_TOLD_FROM = 2.5  # log-odds under the best at which a sentence may still hold a member


def further(judged: Judged) -> list[Reading]:
    """The sentences of the same passage that hold more members of the list the best one begins."""
    best, *others = judged.readings
    if len(best.facts) < _FEWEST_MEMBERS:
        return []
    near = [
        one
        for one in others
        if one.members and one.hit is best.hit and best.score - one.score <= _TOLD_FROM
    ]
    return sorted(near[:_FURTHER], key=lambda one: one.sentence.start)


def rival_of(judged: Judged) -> Reading | None:
    """The sentence that is nearly as likely to be the one asked for; None where none is.

    Beside the members of a list none is.
    """
    best, *others = judged.readings
    if len(best.facts) >= _FEWEST_MEMBERS or best.saying:
        return None
    near = (one for one in others if not one.saying and best.score - one.score <= TORN)
    return next(near, None)


def quoted_rival(judged: Judged, room: int, besides: Container[str] = ()) -> Evidence | None:
    """The quote of the sentence that may be it as well, where its words fit into the room.

    None where it stands among the sentences that are quoted already.
    """
    rival = rival_of(judged)
    if rival is None or room < _FEWEST_CHARS_OF_RIVAL or rival.text in besides:
        return None
    other, _ = quoted_evidence(rival, room)
    holds = all(other.start <= a and b <= other.end for a, b in rival.facts)
    return other if holds else None


def around(best: Reading, room: int, added: int) -> list[Range]:
    """The sentence of a reading with those of its paragraph that fit beside it, in their order.

    The nearest first, those behind it before those in front; each takes ``added`` characters more.
    """
    text = best.article.text
    start = text.rfind("\n", 0, best.sentence.start) + 1
    end = text.find("\n", best.sentence.end)
    line = text[start : len(text) if end < 0 else end]
    own = [Range(start + a, start + b) for a, b in sentences(line)]
    at = next((n for n, one in enumerate(own) if one.start <= best.sentence.start < one.end), None)
    if at is None or own[at].end - own[at].start + added > room:
        return [best.sentence]
    kept = [at]
    room -= own[at].end - own[at].start + added
    for n in sorted(range(len(own)), key=lambda n: (abs(n - at), -n)):
        length = own[n].end - own[n].start + added
        is_next = n in (min(kept) - 1, max(kept) + 1)
        if is_next and length <= room:
            kept.append(n)
            room -= length
    return [own[n] for n in sorted(kept)]
