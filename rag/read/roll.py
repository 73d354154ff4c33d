"""All of a kind that articles tell of, one article after another: each is asked for its own.

In go the wordings for one member, hits and articles, out come the members in the order of the
articles. A reader that learned lists looks for them in one passage; asked for one member, it knows
whether an article has one. Knows nothing of how members are worded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.ask import Roll, content_of
from rag.citations import denial_words
from rag.datatypes import Article, Hit
from rag.models.reader import Turn
from rag.read.judge import Judge
from rag.read.kinds import kind_of, names_of
from rag.read.lines import tells_nothing
from rag.read.readings import Reading
from rag.read.topic import telling_words
from rag.text import Range, bigrams, fold, sentences, standard_form

_BATCH = 8  # articles read before it is asked whether more of them may tell
_MOST = 64  # articles
_LEAST = 0.07  # probability of a member whose kind its name shows (eval/asked and towns, tune)
_LEAST_BARE = 0.12  # of one of a kind whose names have no end
_FEWEST_ARTICLES = 2
_NEAR = 0.6  # of what stands in the likeliest sentence of its passage
_LEAST_SHARED = 0.2  # of what the question says
_MOST_SHARED = 0.7  # of that, where neither reader nor a name's end says that it is one
_HALF = 0.5  # of its words
_CLAUSE = re.compile(r"[，,。；;！!？?\n]")
_SHORTEST_PART = 3
_ASKS_WHETHER = re.compile(r"有没有|是不是|是否|能不能")


@dataclass(frozen=True, slots=True)
class Member:
    """One of a kind, with the reading that tells it and how sure that is."""

    name: str
    reading: Reading
    probability: float


@dataclass(frozen=True, slots=True)
class Called:
    """The members, each once; whether all articles that may tell of one were read.

    ``are_of_kind``: the names show that they are of the kind.
    """

    members: tuple[Member, ...]
    is_whole: bool
    are_of_kind: bool

    def tells_more_than(self, told: Sequence[str], ends: tuple[str, ...]) -> bool:
        """Whether the members are a better answer than what one article was read to tell.

        Of one article they are so only where they show their kind and the others do not.
        """
        own = sum(one.endswith(ends) for one in told) if self.are_of_kind else len(told)
        if len({one.reading.article.id for one in self.members}) < _FEWEST_ARTICLES:
            return bool(self.members) and self.are_of_kind and not own
        return len(self.members) > own - self.are_of_kind


class RollCall:
    """Asks article after article for its member; its verb is ``call``."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def call(
        self,
        roll: Roll,
        search: Callable[[str, int], Sequence[Hit]],
        articles: Mapping[str, Article],
    ) -> Called:
        """The members that the articles among the best hits tell; read until a batch tells none."""
        content = _content(roll)
        found_hits = _one_of_each(search(roll.questions[0], 2 * _MOST))
        hits = [one for one in found_hits if _may_tell(roll, content, one)]
        turns = [Turn(one) for one in roll.questions]
        found: list[tuple[Reading, float]] = []
        is_whole = True
        for start in range(0, len(hits), _BATCH):
            batch = hits[start : start + _BATCH]
            told = [
                one
                for turn in turns
                for one in _likely(roll, self._judge.read_each(turn, batch, articles))
            ]
            found += told
            is_whole = not told or start + _BATCH >= len(hits)
            if not told or start + _BATCH >= _MOST:
                break
        likely = [(one, sure) for one, sure in found if sure >= _LEAST_BARE]
        named = [(name, sure) for one, sure in likely for name in names_of(one, roll)]
        of_kind = kind_of(roll, named)
        members = _members(roll, found, of_kind, self._judge.threshold)
        return Called(members, is_whole, of_kind is not None)


def _likely(roll: Roll, read: Sequence[tuple[Reading, float]]) -> list[tuple[Reading, float]]:
    """The likeliest sentences of each passage, if they are likely and say it as it is asked."""
    most: dict[int, float] = {}
    for reading, _ in read:
        most[id(reading.hit)] = max(most.get(id(reading.hit), 0.0), reading.share)
    return [
        (reading, probability)
        for reading, probability in read
        if probability >= _LEAST
        and reading.share >= _NEAR * most[id(reading.hit)]
        and is_of_side(roll, reading)
    ]


def is_of_side(roll: Roll, reading: Reading) -> bool:
    """Whether the clause that tells of what is asked denies it only where the question does."""
    content = _content(roll)
    clauses = [one for one in _CLAUSE.split(fold(standard_form(reading.told))) if one]
    said = {one: content & set(bigrams(one)) for one in clauses}
    nearest = max(clauses, key=lambda one: len(said[one]), default="")
    # 村史馆去年动工，至今没有建成: the verb that is asked for stands in another clause.
    telling = [nearest, *(one for one in clauses if nearest and said[one] - said[nearest])]
    question = _ASKS_WHETHER.sub("", roll.questions[0])
    return any(map(denial_words, telling)) == bool(denial_words(question))


def _content(roll: Roll) -> set[str]:
    """What the question says beside the kind, in bigrams."""
    return set(bigrams(content_of(roll.questions[0]))) - set(bigrams(fold(roll.kind)))


def _may_tell(roll: Roll, content: set[str], hit: Hit) -> bool:
    """Whether a hit says enough of the question; or, asked for figures, its title names one."""
    is_of_one = roll.asks_how_much and any(end in hit.passage.title for end in roll.ends)
    return is_of_one or _share(content, hit) >= _LEAST_SHARED


def _share(content: set[str], hit: Hit) -> float:
    """Which share of these words the hit says, its title included; all of nothing."""
    passage = hit.passage
    told = fold(f"{passage.title}\n{passage.heading}\n{passage.told or passage.text}")
    return sum(one in told for one in content) / len(content) if content else 1.0


def _one_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """The best hit of each article."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article_id, hit)
    return list(best.values())


def _members(
    roll: Roll,
    found: Sequence[tuple[Reading, float]],
    of_kind: Callable[[str], str] | None,
    threshold: float,
) -> tuple[Member, ...]:
    """The names of the best reading of each article that can be of the kind, each once.

    None where not one of them is believed.
    """
    least = _LEAST if of_kind and not roll.may_be_bare else _LEAST_BARE if of_kind else threshold
    kept: list[Member] = []
    told: set[str] = set()
    for reading, probability in sorted(found, key=lambda one: -one[1]):
        names = names_of(reading, roll)
        names = list(filter(None, map(of_kind, names))) if of_kind else names
        if reading.article.id in told or not names or probability < least:
            continue
        if not _is_shown(roll, names[0], reading, is_sure=probability >= threshold):
            continue
        reading = _in_text(reading, names[0])
        if not is_of_side(roll, reading):
            continue
        told.add(reading.article.id)
        for name in names:
            if not any(_are_one(name, one.name, roll.ends) for one in kept):
                kept.append(Member(name, reading, probability))
    if not kept or kept[0].probability < threshold:
        return ()
    order = {id_: place for place, id_ in enumerate(dict.fromkeys(r.article.id for r, _ in found))}
    return tuple(sorted(kept, key=lambda one: order[one.reading.article.id]))


def _is_shown(roll: Roll, name: str, reading: Reading, *, is_sure: bool) -> bool:
    """Whether a member is one by what its passage says, as far as the reader is not sure of it.

    Half of the question's words stand there; of one that is only the owner of what was pointed at,
    in the sentence itself; and nearly all where a name does not end as its kind does.
    """
    words = set(telling_words(content_of(roll.questions[0]))) - {roll.kind}
    if not (name in reading.fact or reading.fact in name):
        told = fold(standard_form(reading.told))
        return is_sure and sum(word in told for word in words) >= _HALF * len(words)
    if is_sure or roll.asks_how_much:
        return True
    if roll.may_be_bare:
        return _share(_content(roll), reading.hit) >= _MOST_SHARED
    return _share(words, reading.hit) >= _HALF


def _in_text(reading: Reading, name: str) -> Reading:
    """The reading of a headline as that of the first sentence below it with the name."""
    article = reading.article
    if not tells_nothing(reading.text, article):
        return reading
    for sentence in sentences(article.text):
        text = article.text[sentence.start : sentence.end]
        at = text.find(name)
        if at >= 0 and not tells_nothing(text, article):
            words = Range(sentence.start + at, sentence.start + at + len(name))
            return replace(reading, sentence=sentence, words=words, members=())
    return reading


def _are_one(name: str, known: str, ends: tuple[str, ...]) -> bool:
    """Whether two names are one's: 东湖化工 is 东湖化工公司, 江城大学 not 江城大学附属中学."""
    short, long = sorted((fold(name), fold(known)), key=len)
    is_part = len(short) >= _SHORTEST_PART and (long.startswith(short) or long.endswith(short))
    return short == long or (is_part and not short.endswith(ends))
