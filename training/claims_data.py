"""Sentence pairs for the claim scorer, made from news rows that may be trained on.

True ones are nature's own: sentences of two stories about one event that name the same numbers
and dates in other words. False ones have a name, a subject or a noun replaced by one of another
story. The rules of the evaluation's own generator are not used here.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from random import Random

from rag.citations.differences import NAME_TAGS, Difference, Token, find_differences, tokens_of
from rag.models.word_pairs import WordPairs
from rag.text import bigrams, sentences
from rag.text.stated import Facts

_SHINGLE = 7
_KEYS = 6
_MOST_ALIKE = 6  # a shingle that more sentences have is boilerplate
_LEAST_SHARED = 0.6
_LONGEST_WORD = 4
_SHORT_ADDITION = 3
_CHARS = (18, 100)
_PHRASE_TAGS = ("n", "nr", "ns", "nt", "nz", "vn", "b", "j", "a", "m", "q", "f", "s", "l", "i", "x")


@dataclass(frozen=True, slots=True)
class Example:
    """A difference between a sentence and its evidence, and whether it changes what is said."""

    difference: Difference
    words: str
    is_change: bool


def read_sentences(rows: Iterable[str]) -> list[tuple[int, str]]:
    """Each distinct sentence of fair length with the number of its row."""
    found: dict[str, int] = {}
    for number, row in enumerate(rows):
        for start, end in sentences(row):
            if _CHARS[0] <= end - start <= _CHARS[1]:
                found.setdefault(row[start:end], number)
    return [(number, text) for text, number in found.items()]


def paraphrases(numbered: Sequence[tuple[int, str]]) -> list[tuple[str, str]]:
    """Pairs of sentences of two rows that share most words and all numbers and dates."""
    by_shingle = defaultdict(list)
    for place, (_, text) in enumerate(numbered):
        keys = {
            zlib.crc32(text[i : i + _SHINGLE].encode()) for i in range(len(text) - _SHINGLE + 1)
        }
        for key in sorted(keys)[:_KEYS]:
            by_shingle[key].append(place)
    couples = {
        couple
        for places in by_shingle.values()
        if len(places) <= _MOST_ALIKE
        for couple in combinations(places, 2)
        if numbered[couple[0]][0] != numbered[couple[1]][0]
    }
    found = ((numbered[a][1], numbered[b][1]) for a, b in sorted(couples))
    return [couple for couple in found if _says_the_same(*couple)]


def _says_the_same(one: str, other: str) -> bool:
    mine, theirs = set(bigrams(one)), set(bigrams(other))
    if len(mine & theirs) < _LEAST_SHARED * max(len(mine), len(theirs)):
        return False
    return Facts.of(one).comparable() == Facts.of(other).comparable()


def word_pairs(couples: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Short words seen in each other's place, names left out.

    Twice is enough for any two, once for two words of one class.
    """
    counts: Counter[tuple[str, str]] = Counter()
    alike: set[tuple[str, str]] = set()
    for one, other in couples:
        mine, theirs = tokens_of(one), tokens_of(other)
        matcher = SequenceMatcher(
            None, [t.text for t in mine], [t.text for t in theirs], autojunk=False
        )
        seen = {
            pair: _are_alike(mine[a:b], theirs[c:d])
            for kind, a, b, c, d in matcher.get_opcodes()
            if kind == "replace" and (pair := _word_pair(mine[a:b], theirs[c:d]))
        }
        counts.update(seen.keys())
        alike.update(pair for pair, is_alike in seen.items() if is_alike)
    return sorted(pair for pair, count in counts.items() if count > 1 or pair in alike)


def _are_alike(mine: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether two words of one class stand for one another."""
    one, other = mine[0], theirs[0]
    are_words = len(mine) == len(theirs) == 1 and min(len(one.text), len(other.text)) > 1
    return are_words and one.tag[:1] == other.tag[:1]


def _word_pair(mine: Sequence[Token], theirs: Sequence[Token]) -> tuple[str, str] | None:
    if max(len(mine), len(theirs)) > 2:
        return None
    if any(t.tag.startswith((*NAME_TAGS, "m", "x", "t")) for t in [*mine, *theirs]):
        return None
    one, other = ("".join(t.text for t in side) for side in (mine, theirs))
    if max(len(one), len(other)) > _LONGEST_WORD:
        return None
    return (one, other) if one < other else (other, one)


def true_examples(couples: Iterable[tuple[str, str]]) -> Iterator[Example]:
    """What editors changed without changing what is said; names and long additions left out."""
    for couple in couples:
        for one, other in (couple, couple[::-1]):
            words = Facts.of(other).rest
            for difference in find_differences(Facts.of(one).rest, words):
                is_addition = not difference.old and len(difference.text) > _SHORT_ADDITION
                has_name = any(t.tag.startswith(NAME_TAGS) for t in difference.tokens)
                if not is_addition and not has_name:
                    yield Example(difference, words, is_change=False)


def false_examples(
    couples: Sequence[tuple[str, str]], pool: Sequence[str], random: Random
) -> Iterator[Example]:
    """A name, a leading phrase or a noun of a sentence replaced by one of another story."""
    phrases = _phrases(pool)
    for claim, words in couples:
        rest, evidence = Facts.of(claim).rest, Facts.of(words).rest
        spots = [spot for spot in _spots(rest) if phrases[spot[2]]]
        if not spots:
            continue
        start, end, kind = random.choice(spots)
        new = random.choice(phrases[kind])
        if new in evidence or rest[start:end] in new or new in rest:
            continue
        changed = rest[:start] + new + rest[end:]
        for difference in find_differences(changed, evidence):
            first, last = difference.tokens[0], difference.tokens[-1]
            if first.start < start + len(new) and last.end > start:
                yield Example(difference, evidence, is_change=True)


def _spots(rest: str) -> list[tuple[int, int, str]]:
    """Where a sentence has a name, a leading phrase before a verb, or a noun; and which."""
    tokens, found = tokens_of(rest), []
    for place, token in enumerate(tokens):
        if token.tag[:2] in NAME_TAGS and len(token.text) > 1:
            found.extend([(token.start, token.end, token.tag[:2])] * 2)
        elif token.tag == "n" and len(token.text) > 1:
            found.append((token.start, token.end, "n"))
        if place == 0 or tokens[place - 1].is_sign:
            end = _phrase_end(tokens, place)
            if end > place:
                found.extend([(token.start, tokens[end - 1].end, "subject")] * 3)
    return found


def _phrase_end(tokens: Sequence[Token], place: int) -> int:
    """Where the run of nouns that stands before a verb or an adverb ends; `place` when none."""
    end = place
    while end < len(tokens) and tokens[end].tag[:2] in _PHRASE_TAGS and not tokens[end].is_sign:
        end += 1
    is_subject = end < len(tokens) and tokens[end].tag[:1] in "vdp"
    has_noun = any(token.tag[:1] == "n" for token in tokens[place:end])
    return end if is_subject and has_noun and end - place <= 5 else place


def _phrases(pool: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for text in pool:
        rest = Facts.of(text).rest
        for start, end, kind in _spots(rest):
            if "\0" not in rest[start:end]:
                found[kind].add(rest[start:end])
    return defaultdict(list, {kind: sorted(phrases) for kind, phrases in found.items()})


def pairs_for(couples: Sequence[tuple[str, str]]) -> WordPairs:
    """The word pairs of some couples, ready to be asked."""
    return WordPairs(word_pairs(couples))
