"""How a sentence stands up to the words it cites, with reasons that name the culprit.

Rules for what can be compared word for word; for words the evidence lacks, a small scorer that
tells another way to say a thing from another thing. Knows no chat model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.citations.asked import (
    asked_words,
    unexcused_amounts,
    unexcused_moments,
    unexcused_names,
)
from rag.citations.binding import misplaced, outvoted, told_of_another
from rag.citations.bounds import changed_bounds, lone_ends
from rag.citations.computing import without_computed, without_mark
from rag.citations.differences import Difference, Token, find_differences
from rag.citations.features import FEATURES, feature_rows
from rag.citations.fused import fused_clause
from rag.citations.listed import left_out_member, swapped_member
from rag.citations.mixed import mixed_name
from rag.citations.names import are_namesakes, are_offices, are_posts, name_of_organisation
from rag.citations.nearer import told_nearer
from rag.citations.places import PLACES
from rag.citations.polarity import added_denial, added_reason, denied_otherwise, turned_round
from rag.citations.subjects import find_swap
from rag.citations.support import (
    Words,
    facts_borne_out,
    missing_amounts,
)
from rag.datatypes import Citation, Evidence, Verdict
from rag.models.entailment import EntailmentModel
from rag.models.scorer import builtin_scorer
from rag.models.term_weights import builtin_term_weights
from rag.models.word_pairs import builtin_word_pairs
from rag.text import bigrams, clauses
from rag.text.stated import Facts

# Shares of a sentence's bigrams that stand in the words it cites.
ENOUGH_OVERLAP = 0.4
SOME_OVERLAP = 0.25
CLAUSE_OVERLAP = 0.2
FACT_BIGRAMS = 3
# Clauses with fewer bigrams are phrases such as 据了解.
_CLAUSE_BIGRAMS = 4
# Scores above it say that other words mean another thing (logits; chosen on training rows).
CHANGE_SCORE = 0.0
_SEVERAL = 2  # nouns of which nothing stands in the evidence: one may be another word for a thing
# A model of inference objects when it holds the opposite for likelier than not.
CONTRADICTED = 0.5
# What counts a sentence says nothing of the matter: 第一， and 第1点， and （2）.
_NUMBERING = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]{1,2}(?:[点项]|个?方面)?[，,、：:]"
    r"|[（(][一二三四五六七八九十\d]{1,2}[)）]"
    r"|\d{1,2}(?:[、)）．]|\.(?!\d))|[①-⑳]|[一二三四五六七八九十]{1,2}、)\s*"
)


def verify(
    sentence: str,
    quotes: Sequence[Evidence | Citation],
    entailment: EntailmentModel | None = None,
    question: str = "",
) -> tuple[Verdict, tuple[str, ...]]:
    """How the sentence stands up to the words it cites and their titles, and why, in Chinese.

    Citations of an answer are quotes, too; of them the article's date is not known. A model of
    inference is asked last, about what nothing else objects to; it can only object. ``question``
    is one that the quotes are known to answer: that the sentence repeats its words, numbers aside,
    is no objection where it says something of the quotes beside them.
    """
    evidence = [_as_evidence(quote) for quote in quotes]
    verdict, reasons = _compare(sentence, evidence, question)
    if entailment is not None and verdict == "supported":
        text = "\n".join(f"{one.title}：{one.text}" for one in evidence)
        against = entailment.contradiction(text, sentence)
        if against > CONTRADICTED:
            return "partly", (f"蕴含模型认为与引文矛盾（{against:.0%}）",)
    return verdict, reasons


def _as_evidence(quote: Evidence | Citation) -> Evidence:
    if isinstance(quote, Evidence):
        return quote
    return Evidence(
        article_id=quote.article_id,
        title=quote.title,
        source=quote.source,
        text=quote.quote,
        start=quote.start,
        end=quote.end,
        source_spans=quote.source_spans,
        score=0.0,
        page=quote.page,
    )


def _compare(
    sentence: str, quotes: Sequence[Evidence], question: str
) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict by rules and the scorer of changed words."""
    if not quotes:
        return "not_found", ("没有引用",)
    sentence = _NUMBERING.sub("", without_mark(sentence))
    claim, words = Facts.of(sentence, quotes[0].date), Words.of(quotes)
    asked = asked_words(question, claim, words, quotes[0].date)
    facts = _missing_facts(sentence, claim, words, asked)
    said = [
        *_said_otherwise(claim.rest, words.rest, asked.rest),
        *_put_together_wrongly(sentence, quotes, asked.rest),
    ]
    share = _share(claim, words, asked)
    reasons = [*facts, *said]
    if share < ENOUGH_OVERLAP:
        reasons.append(f"与引文的文字重合只有 {share:.0%}")
    elif not reasons:
        told = f"{words.rest}\n{asked.rest}"
        reasons.extend(f"引文里没有“{clause}”所说的" for clause in _added(sentence, told))
    if not reasons:
        return "supported", ()
    if _says_another_figure(claim, words):
        return "not_found", tuple(reasons)
    partly = share >= ENOUGH_OVERLAP or (share >= SOME_OVERLAP and not facts)
    return "partly" if partly else "not_found", tuple(reasons)


def _put_together_wrongly(sentence: str, quotes: Sequence[Evidence], asked: str) -> Iterator[str]:
    """Members of lists that are not listed together, and clauses of two articles; as printed."""
    printed = "\n".join(f"{quote.title}\n{quote.text}" for quote in quotes)
    if member := swapped_member(sentence, printed):
        yield f"引文的列举里没有“{member}”"
    elif member := left_out_member(sentence, printed):
        yield f"引文还列举了“{member}”"
    if fused := fused_clause(sentence, quotes, asked):
        yield f"“{fused}”在两篇文章里各有一半"


def _says_another_figure(claim: Facts, words: Words) -> bool:
    """Whether a figure of the claim stands where the words have another one, or is another's."""
    missing = missing_amounts(claim, words)
    return (
        outvoted(claim, missing, words.facts)
        or bool(misplaced(claim, words.facts))
        or any(told_of_another(claim, words.facts))
    )


def _added(sentence: str, words: str) -> list[str]:
    """Whole clauses of a sentence that share next to nothing with the words."""
    found = []
    for start, end in clauses(sentence):
        clause = sentence[start:end].rstrip("，、：:；;。！？,.!?")
        rest = Facts.of(clause).rest
        if len(set(bigrams(rest))) >= _CLAUSE_BIGRAMS and overlap(rest, words) < CLAUSE_OVERLAP:
            found.append(clause)
    return found


def overlap(claim: str, words: str) -> float:
    """The share of the claim's bigrams that stand in the words; 1 when it has none."""
    wanted = set(bigrams(claim))
    return len(wanted & set(bigrams(words))) / len(wanted) if wanted else 1.0


def _missing_facts(sentence: str, claim: Facts, words: Words, asked: Words) -> list[str]:
    missing = unexcused_amounts(claim, words, asked)
    amounts = without_computed(missing, claim, sentence, words)
    return [
        *(f"引文里没有数字 {amount.printed}" for amount in amounts),
        *(f"引文里没有日期 {moment.printed}" for moment in unexcused_moments(claim, words, asked)),
        *(f"引文里没有“{name}”" for name in unexcused_names(claim, words, asked)),
        *(f"引文里 {fact.printed} 说的是别的" for fact in misplaced(claim, words.facts)),
        *(
            f"引文里 {fact.printed} 说的是{theirs}，不是{mine}"
            for fact, mine, theirs in told_of_another(claim, words.facts)
        ),
        *(
            f"引文里这样说的是 {other.printed}，不是 {fact.printed}"
            for fact, other in told_nearer(claim, words.facts)
        ),
        *(f"引文里没有“{bound}”" for bound in changed_bounds(claim, words.facts)),
        *(f"引文里 {end} 是一个范围的一头" for end in lone_ends(claim, words.facts)),
    ]


def _share(claim: Facts, words: Words, asked: Words) -> float:
    """The overlap, each number and date that the words bear out counting as some bigrams.

    What the question says counts neither for nor against.
    """
    wanted, borne_out = set(bigrams(claim.rest)), facts_borne_out(claim, words)
    wanted -= set(bigrams(asked.rest)) - set(bigrams(words.rest))
    total = len(wanted) + FACT_BIGRAMS * len(borne_out)
    found = len(wanted & set(bigrams(words.rest))) + FACT_BIGRAMS * sum(borne_out)
    return found / total if total else 1.0


def _said_otherwise(claim: str, words: str, asked: str) -> list[str]:
    """Denials, opposites and changed words; all sides folded, numbers and dates blanked."""
    reasons = []
    denied = denied_otherwise(claim, words) or added_denial(claim, words)
    if denied:
        reasons.append(f"“{denied}”与引文说的相反")
    opposite = turned_round(claim, words)
    if opposite:
        reasons.append(f"引文说的是“{opposite[1]}”，不是“{opposite[0]}”")
    reason = added_reason(claim, words)
    if reason:
        reasons.append(f"引文没有说“{reason}”")
    told = f"{words}\n{asked}" if asked else words
    mixed = mixed_name(claim, told)
    if mixed:
        reasons.append(f"引文里没有“{mixed}”")
    swap = find_swap(claim, words)
    if swap:
        reasons.append(f"引文这样说的是“{swap.printed}”，不是“{swap.claimed}”")
    reasons.extend(f"引文里没有“{one.text}”" for one in changes(claim, told))
    return reasons


def changes(claim: str, words: str) -> list[Difference]:
    """The words that the evidence lacks and that mean another thing than what it has."""
    found = find_differences(claim, words)
    if not found:
        return []
    rows = feature_rows(found, words, builtin_term_weights(), builtin_word_pairs())
    scores = builtin_scorer("claims", FEATURES).score(rows)
    changed = [
        one
        for one, score in zip(found, scores, strict=True)
        if score > CHANGE_SCORE or _is_another_name(one, words)
    ]
    return changed or _of_new_things(found, words)


def _of_new_things(found: Sequence[Difference], words: str) -> list[Difference]:
    """Those with nouns of which the evidence has not a character, where these are several."""
    new = [[token for token in one.tokens if _is_new_noun(token, words)] for one in found]
    if len({token.text for tokens in new for token in tokens}) < _SEVERAL:
        return []
    return [one for one, tokens in zip(found, new, strict=True) if tokens]


def _is_new_noun(token: Token, words: str) -> bool:
    is_noun = token.tag.startswith("n") and len(token.text) > 1
    return is_noun and not any(one in words for one in token.text)


def _is_another_name(one: Difference, words: str) -> bool:
    """Whether it names a place, an organisation that the words lack, or a namesake of theirs.

    Or a post right before a person, who has another one there.
    """
    is_of_a_person = one.after is not None and one.after.tag.startswith("nr")
    is_noun = all(token.tag.startswith("n") for token in one.tokens)
    named = name_of_organisation(one.text + (one.after.text if is_noun and one.after else ""))
    return (
        bool(named and named not in words)
        or are_namesakes(one.text, one.old)
        or (is_of_a_person and are_posts(one.text, one.old))
        or bool(one.after and are_offices(one.text, one.old, one.after.text[0]))
        or any(token.text in PLACES for token in one.tokens)
    )
