"""What a question names and its evidence knows nothing of: another thing's figure is no answer.

Knows nothing of scores or subjects; places and organisations are left to ``rag.evidence.gate``.
"""

from __future__ import annotations

import re
from itertools import takewhile

from rag.evidence.candidates import Candidate
from rag.evidence.typed_spans import typed_spans
from rag.models.word_pairs import builtin_word_pairs
from rag.queries import Query
from rag.text import Facts, bigrams, clauses, find_quantities, fold, tagged_words

_KINDS = frozenset({"number", "date", "person"})
_NOMINAL = ("n", "l")  # 从业人员 is a set phrase by the dictionary
_MOST = 1 / 3
# So sure does the gate have to be that the nouns are said in words that no table knows.
_IN_OTHER_WORDS = 0.15
_OF_OTHER_EVENTS = 0.3  # and so sure that a date is of what was done
OF_OTHERS = 0.9  # so sure may the gate be that another word says the same
_EXTENT_ASKED = re.compile(r"多[长高宽深]|(?P<asked>[长高宽深])度")
_MEASURE_ASKED = re.compile(
    r"多少(?:万|亿)?(?P<unit>钱|[万亿]?元|公里|平方米|平方公里|[千毫厘]?米|吨|公斤|亩|公顷)"
)
_COUNT_ASKED = re.compile(r"多少|(?<!第)几(?![乎何])")
_VAGUE = re.compile(
    r"[数上成近几][十百千万]|[十百千万亿](?:[余多]|[名人家位])|半|两成|[一二三四五六七八九]成|分之|无数|全部|所有"
)
_MONEY = frozenset({"yuan", "dollar", "hong-kong-dollar", "yen", "欧元", "英镑"})
_EXTREME = re.compile(r"最([大小高低长短多少早晚快慢强弱深浅重轻])")
_OPPOSITE = str.maketrans(
    "大小高低长短多少早晚快慢强弱深浅重轻", "小大低高短长少多晚早慢快弱强浅深轻重"
)
_EXTENT_TOLD = (
    r"(?P<part>[\u4e00-\u9fff]{{2}})(?:总|约)*{extent}度?(?:约|为|达|是)*"
    r"(?=[\d一二三四五六七八九十])"
)


def untold_share(query: Query, candidate: Candidate) -> float:
    """The share of the nouns asked about that are foreign to the evidence; 1 for another's figure.

    Foreign is a noun of which no character stands in the sentence, the one before or the headline,
    nor another word that editors put for it. Of questions for numbers, dates and persons, and of
    words alone; 0 for others, whose answer may say in other words what is asked.
    """
    if query.kind not in _KINDS and not query.is_words_alone:
        return 0.0
    tests = (_measures_a_part, _is_other_extreme, _lacks_the_measure, _lacks_a_number)
    if any(is_so(query, candidate) for is_so in tests):
        return 1.0
    if _counts_others(query, candidate):
        return OF_OTHERS
    told = fold(f"{candidate.before} {candidate.standard} {candidate.headline}")
    nouns = _nouns(query)
    are_foreign = [_is_foreign(noun, told) for noun in nouns]
    share = sum(are_foreign) / max(1, len(nouns))
    if query.is_words_alone:  # nothing but these words says what is sought
        return share
    if query.kind == "date" and _is_foreign(query.asked, told):
        return _OF_OTHER_EVENTS
    return _IN_OTHER_WORDS if are_foreign and are_foreign[0] else min(_IN_OTHER_WORDS, share)


def _counts_others(query: Query, candidate: Candidate) -> bool:
    """Whether 几家工作站 meets only numbers of something else: 项目27个, but no 工作站 beside one.

    Beside is in the clause of the number or the one before: a good part of the noun, or another
    word that editors put for it.
    """
    noun, text = _counted_noun(query), candidate.standard
    if not noun:
        return False
    starts = [0, *(start for start, _ in clauses(text))]
    beside = [
        text[before:end]
        for before, (start, end) in zip(starts, clauses(text), strict=False)
        if find_quantities(text[start:end])
    ]
    pairs = frozenset(bigrams(noun))
    return not any(
        len(pairs & frozenset(bigrams(near))) >= _MOST * len(pairs) or _said_otherwise(noun, near)
        for near in beside
    )


def _counted_noun(query: Query) -> str:
    """What follows 几 or 多少, or a counter behind it, at once; empty where nothing does."""
    if not query.asked or f"{query.unit or '多少'}{query.asked}" not in query.text:
        return ""
    tagged = tagged_words(query.asked)
    words = takewhile(lambda pair: pair[1].startswith(_NOMINAL), tagged)
    noun = "".join(word for word, _ in words)
    return noun if len(noun) > 1 else ""


def _nouns(query: Query) -> list[str]:
    """Those of two characters and more that are asked about the subject."""
    return [
        word
        for word, word_class in tagged_words(query.content)
        if len(word) > 1 and word_class.startswith("n") and word not in query.subject
    ]


def _is_foreign(word: str, told: str) -> bool:
    return bool(word) and set(word).isdisjoint(told) and not _said_otherwise(word, told)


def _said_otherwise(word: str, told: str) -> bool:
    return any(other in told for other in builtin_word_pairs().of(word))


def _is_other_extreme(query: Query, candidate: Candidate) -> bool:
    """Whether 最高 is asked about, and only 最低 is told."""
    asked, told = (set(_EXTREME.findall(text)) for text in (query.text, candidate.standard))
    return not asked & told and any(one.translate(_OPPOSITE) in told for one in asked)


def _lacks_the_measure(query: Query, candidate: Candidate) -> bool:
    """Whether so much money, length or weight is asked for, and no amount of it is told."""
    asked = _MEASURE_ASKED.search(query.text)
    if not asked:
        return False
    told = {amount.dimension for amount in Facts.of(candidate.standard).amounts}
    if asked["unit"] == "钱":
        return _MONEY.isdisjoint(told)
    return told.isdisjoint(amount.dimension for amount in Facts.of(f"3{asked['unit']}").amounts)


def _lacks_a_number(query: Query, candidate: Candidate) -> bool:
    """Whether a count is asked for, and only the question's own numbers, 第一期 and dates are told.

    数百 and 过半 count, too, though they name no number.
    """
    if query.kind != "number" or not _COUNT_ASKED.search(query.text):
        return False
    text = candidate.standard
    told = (text[start:end] for start, end in typed_spans("number", "", text))
    numbers = [one for one in told if not one.startswith("第") and one not in query.text]
    return not numbers and not _VAGUE.search(text)


def _measures_a_part(query: Query, candidate: Candidate) -> bool:
    """Whether every such measure is said of a part: 隧道长14公里, of a railway that is asked of."""
    asked = _EXTENT_ASKED.search(query.text)
    if not asked:
        return False
    pattern = re.compile(_EXTENT_TOLD.format(extent=asked["asked"] or asked.group()[-1]))
    text = candidate.standard
    found = [match["part"] for a, b in clauses(text) for match in pattern.finditer(text[a:b])]
    return bool(found) and all(
        not set(part) & set(query.text) and tagged_words(part)[0][1].startswith("n")
        for part in found
    )
