"""Passages that tell the same of another subject beside it: the reader has to look at whose it is.

In goes a question list, out comes one in which the words that answer have a sibling: the same
sentence or clause of another name, year or number, with another figure or name for an answer. It
stands beside its like or in a passage of its own, and either of the two is asked for. What may be
changed, and into what, is `training.altered`'s. Knows nothing of batches or networks.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.text import clauses, sentences
from training.altered import NOUNS, Change, change_of, names_in, other_number
from training.question_lists import ListedPassage, QuestionList

Spans = tuple[tuple[int, int], ...]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ENDS = "。！？；，、 "
_LONGEST = 150  # characters of the words that get a sibling
_LONGEST_PASSAGE = 380  # with its sibling it is still read to its end
_CLAUSE_RATHER = 0.6  # than the whole sentence, where the answer stands in one
_NOUN_RATHER = 0.7  # than a name, where a noun stands just before a figure
_JUST_BEFORE = 8  # characters
_APART = 0.4  # siblings that stand in a passage of their own
_OF_THE_OTHER = 0.5  # questions that ask for the sibling
_BETWEEN = ("。", "；", "，", "、")
_ASKS_NO_FACT = ("false", "why")


@dataclass(frozen=True, slots=True)
class _Telling:
    """Words with the ranges in them that answer."""

    text: str
    spans: Spans

    def moved(self, by: int) -> Spans:
        """The ranges where the words stand so much later."""
        return tuple((start + by, end + by) for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class _Version:
    """A passage with the ranges that answer for the subject itself, and for the other one."""

    context: str
    text: str
    own: Spans
    other: Spans


def with_sibling(
    one: QuestionList, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> QuestionList | None:
    """The list with a sibling of what answers; None where none can be made of it.

    ``names`` are those of ``altered.names_of``.
    """
    place = next((at for at, passage in enumerate(one.passages) if passage.spans), None)
    if place is None or one.kind in _ASKS_NO_FACT:
        return None
    passage = one.passages[place]
    found = _of_a_noun(one.question, passage, draw, names)
    if found is None or draw.random() > _NOUN_RATHER:
        found = _of_a_name(one.question, passage, draw, names)
    if found is None:
        return None
    (start, end), change = found
    own = _Telling(passage.text[start:end], tuple((a - start, b - start) for a, b in passage.spans))
    everything = "\n".join(f"{p.context} {p.text}" for p in one.passages)
    if change.other in everything:
        return None
    subject = (one.question[change.start : change.end], change.other)
    sibling = _sibling(own, subject, draw, names)
    if sibling is None:
        return None
    around = (passage.text[:start], passage.text[end:])
    if draw.random() < _APART:
        versions = _apart(passage.context, around, own, sibling, subject)
    else:
        versions = [_beside(passage.context, around, own, sibling, draw)]
    if draw.random() < _OF_THE_OTHER:
        question = one.question[: change.start] + change.other + one.question[change.end :]
        history = tuple(turn.replace(*subject) for turn in one.history)
        one = replace(one, question=question, history=history, passages=_untold(one.passages))
        listed = [_listed(passage, version, version.other) for version in versions]
    else:
        listed = [_listed(passage, version, version.own) for version in versions]
    passages = (*one.passages[:place], *listed, *one.passages[place + 1 :])
    return replace(one, passages=passages)


def _of_a_name(
    question: str, passage: ListedPassage, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> tuple[tuple[int, int], Change] | None:
    """The range of the clause or sentence that answers, and a name or number in it to change."""
    words = _words_of(passage, draw)
    change = change_of(question, passage.text[slice(*words)], draw, names) if words else None
    return (words, change) if words and change else None


def _of_a_noun(
    question: str, passage: ListedPassage, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> tuple[tuple[int, int], Change] | None:
    """The range from a noun of the question, just before the figure, to its end: 护士903人."""
    [(start, end), *more] = passage.spans
    if more or not _NUMBER.search(passage.text[start:end]):
        return None
    before = passage.text[max(0, start - _JUST_BEFORE) : start]
    for a, b, tag in names_in(question, names):
        at = before.rfind(question[a:b])
        if tag in NOUNS and at >= 0:
            return (start - len(before) + at, end), Change(a, b, draw.choice(names[tag]))
    return None


def _words_of(passage: ListedPassage, draw: random.Random) -> tuple[int, int] | None:
    """The range of the sentence, or the clause of it, in which all that answers stands."""
    first, last = passage.spans[0][0], max(end for _, end in passage.spans)
    found = None
    for start, end in sentences(passage.text):
        if start <= first and last <= end:
            found = (start, end)
            for a, b in clauses(passage.text[start:end]):
                if start + a <= first and last <= start + b and draw.random() < _CLAUSE_RATHER:
                    found = (start + a, start + b)
    if found is None or found[1] - found[0] > _LONGEST:
        return None
    return found if len(passage.text) + found[1] - found[0] <= _LONGEST_PASSAGE else None


def _sibling(
    own: _Telling, subject: tuple[str, str], draw: random.Random, names: Mapping[str, Sequence[str]]
) -> _Telling | None:
    """The same told of the other subject, with other answers; None where one stays as it was."""
    text, spans, at = "", [], 0
    for start, end in sorted(own.spans):
        answer = _other_answer(own.text[start:end], draw, names)
        if start < at or answer is None:
            return None
        text += own.text[at:start].replace(*subject)
        spans.append((len(text), len(text) + len(answer)))
        text, at = text + answer, end
    text += own.text[at:].replace(*subject)
    return _Telling(text, tuple(spans)) if subject[1] in text else None


def _other_answer(
    answer: str, draw: random.Random, names: Mapping[str, Sequence[str]]
) -> str | None:
    """An answer of the same form: its numbers changed, else its last name; None without either."""
    if _NUMBER.search(answer):
        return _NUMBER.sub(lambda found: other_number(found.group(), draw), answer)
    found = [one for one in names_in(answer, names) if one[2] not in NOUNS]
    if not found:
        return None
    start, end, tag = found[-1]
    other = draw.choice(names[tag])
    return None if other == answer[start:end] else answer[:start] + other + answer[end:]


def _apart(
    context: str,
    around: tuple[str, str],
    own: _Telling,
    sibling: _Telling,
    subject: tuple[str, str],
) -> list[_Version]:
    """The passage, and one that is all of the other subject."""
    before, after = around
    before_other, after_other = before.replace(*subject), after.replace(*subject)
    return [
        _Version(context, before + own.text + after, own.moved(len(before)), ()),
        _Version(
            context.replace(*subject),
            before_other + sibling.text + after_other,
            (),
            sibling.moved(len(before_other)),
        ),
    ]


def _beside(
    context: str,
    around: tuple[str, str],
    own: _Telling,
    sibling: _Telling,
    draw: random.Random,
) -> _Version:
    """The passage with both in it, in an order of chance."""
    before, after = around
    own_is_first = draw.random() < 0.5
    first, second = (own, sibling) if own_is_first else (sibling, own)
    begun = first.text.rstrip(_ENDS)
    if max(end for _, end in first.spans) > len(begun):
        begun = first.text
    begun += draw.choice(_BETWEEN)
    first_spans, second_spans = first.moved(len(before)), second.moved(len(before) + len(begun))
    own_spans, other_spans = (
        (first_spans, second_spans) if own_is_first else (second_spans, first_spans)
    )
    return _Version(context, before + begun + second.text + after, own_spans, other_spans)


def _listed(passage: ListedPassage, version: _Version, spans: Spans) -> ListedPassage:
    """A version as a hit; it tempts where it tells only what is not asked."""
    return replace(
        passage,
        context=version.context,
        text=version.text,
        spans=spans,
        is_gold=bool(spans),
        is_near=not spans,
    )


def _untold(passages: Sequence[ListedPassage]) -> tuple[ListedPassage, ...]:
    """Passages of which none tells what is asked now."""
    return tuple(replace(one, spans=(), is_gold=False) for one in passages)
