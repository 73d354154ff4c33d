"""What the figures of one sentence come to: the most, the sum, the gap of 甲厂480吨，乙厂360吨.

In go a question and its best reading, out comes a reply or nothing. Only clauses count that say the
same of things of one kind, in one unit; what is computed is said to be so. Knows nothing of tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.answer.draft import Draft
from rag.answer.quoted import COMPUTED
from rag.answer.reply import Reply
from rag.read import Judged, Reading, whole_sentence
from rag.text import find_quantities, standard_form, tagged_words, value_of

_MOST, _LEAST = "多高大贵长重快深宽厚远", "少低小短轻慢浅窄薄近"
_SUPERLATIVE = re.compile(rf"最(?P<degree>[{_MOST}{_LEAST}])")
_ASKS_WHICH = re.compile(r"哪|谁|什么")
_SUM = re.compile(r"一共|总共|合计|总计|共计|加起来|总和")
_COUNT = re.compile(r"(?P<count>[两三四五六七八九十\d]+)(?:个|所|家|支|座|位|名|条|户|种|大)")
_GAP = re.compile(
    rf"(?P<one>[^，比]+?)比(?P<other>[^，]+?)(?P<degree>[{_MOST}{_LEAST}])(?:出|了)?(?:多少|几)"
)
_CLAUSE = re.compile(r"(?:[^，、；。,;]|(?<=\d),(?=\d))+")
_UNITS = (
    ("贵", "元"),
    ("重轻", "[吨斤克]"),
    ("长短深浅宽窄厚薄远近", "[米里寸年天时分]"),
    ("快慢", "[秒分时天]"),
)
_LEAD = re.compile(r"^(?:其中|分别是|以及|和|与|而|则)")
_FEWEST = 2
_LONGEST_NAME = 12
_OTHER = re.compile(r"平均|人均|均|都|哪些|哪几")  # asks for a mean, or for several
_LEAST_LIKELY = 0.05  # of the reading that a question has to come near to


@dataclass(frozen=True, slots=True)
class _Figure:
    """Whose a figure is, as printed, its value and its unit."""

    name: str
    printed: str
    value: Fraction
    unit: str


def computed_in_sentence(
    question: str, judged: Sequence[Judged]
) -> Generator[str, None, Reply] | None:
    """The reply to a question for the most, the least, the sum or the gap of a sentence's figures.

    The question is in its standard form. None for any other, and where the sentence that comes
    nearest has no such figures.
    """
    best = max((one for one in judged if one.readings), key=_likely, default=None)
    if best is None or best.probability < _LEAST_LIKELY or _OTHER.search(question):
        return None
    reading = best.readings[0]
    series = _series(question, reading)
    if len(series) < _FEWEST:
        return None
    for compute in (_gap, _extreme, _sum):
        if found := compute(question, series):
            return _told(reading, *found)
    return None


def _likely(judged: Judged) -> float:
    return judged.probability


def _told(reading: Reading, text: str, short: str) -> Generator[str, None, Reply]:
    draft = Draft()
    evidence = whole_sentence(reading)
    number = draft.number_of(evidence)
    yield draft.claimed(f"{text}[{number}]。", COMPUTED, [number])
    yield draft.quoted("", evidence)
    return draft.reply(short)


def _series(question: str, reading: Reading) -> tuple[_Figure, ...]:
    """The figures of the sentence's clauses that say the same of things of the kind asked for."""
    if reading.saying:
        return ()
    found: list[tuple[str, _Figure]] = []
    for clause in _CLAUSE.findall(standard_form(reading.text)):
        figures = find_quantities(clause)
        value = value_of(figures[0].number) if len(figures) == 1 else None
        if value is None or not figures[0].unit or figures[0].end < len(clause):
            continue
        label = _LEAD.sub("", clause[: figures[0].start]).strip()
        printed = clause[figures[0].start : figures[0].end]
        scaled = value * (10_000 if figures[0].unit.startswith("万") else 1)
        scaled *= 10_000 * 10_000 if figures[0].unit.startswith("亿") else 1
        found.append((label, _Figure("", printed, scaled, figures[0].unit)))
    return _of_one_kind(question, found)


def _of_one_kind(question: str, found: Sequence[tuple[str, _Figure]]) -> tuple[_Figure, ...]:
    """Figures of one unit, named by what their clauses say beside what all of them say.

    The names keep the word for the kind, which the question has to name; something of what all say,
    or the unit, has to stand in the question, too.
    """
    if len({figure.unit for _, figure in found}) != 1:
        return ()
    shared = _shared_end([label for label, _ in found])
    kind = _kind(shared, question)
    said = shared.removeprefix(kind) + found[0][1].unit
    asked = question.replace(kind, "", 1)
    if not kind or not set(said) & set(asked):
        return ()
    names = [label.removesuffix(shared) + kind for label, _ in found]
    if len(set(names)) < len(names) or not all(len(kind) < len(n) <= _LONGEST_NAME for n in names):
        return ()
    return tuple(replace(one, name=name) for name, (_, one) in zip(names, found, strict=True))


def _shared_end(labels: Sequence[str]) -> str:
    """The end that all labels have."""
    shortest = min(map(len, labels))
    same = (n for n in range(shortest, -1, -1) if len({one[len(one) - n :] for one in labels}) == 1)
    length = next(same)
    return labels[0][len(labels[0]) - length :]


def _kind(shared: str, question: str) -> str:
    """The nouns that what all clauses say begins with, as far as the question names them."""
    kind = ""
    for word, tag in tagged_words(shared):
        if not tag.startswith(("n", "q", "j", "k")) or kind + word not in question:
            break
        kind += word
    return kind or (shared[:1] if shared[:1] in question else "")


def _extreme(question: str, series: Sequence[_Figure]) -> tuple[str, str] | None:
    asked = _SUPERLATIVE.search(question)
    if not asked or not _ASKS_WHICH.search(question) or not _fits(asked["degree"], series[0].unit):
        return None
    pick: Callable[..., Fraction] = min if asked["degree"] in _LEAST else max
    edge = pick(one.value for one in series)
    names = "、".join(one.name for one in series if one.value == edge)
    printed = next(one.printed for one in series if one.value == edge)
    text = f"最{asked['degree']}的是{names}：{printed}（比较了引文里的{len(series)}个数）"
    return text, f"{names}（{printed}）"


def _sum(question: str, series: Sequence[_Figure]) -> tuple[str, str] | None:
    count = _COUNT.search(question)
    counted = value_of(count["count"]) if count else None
    if not _SUM.search(question) or (counted is not None and counted != len(series)):
        return None
    total = _shown(sum((one.value for one in series), Fraction(0)), series[0].unit)
    added = "+".join(one.printed for one in series)
    return f"合计{total}（{added}相加得出）", total


def _gap(question: str, series: Sequence[_Figure]) -> tuple[str, str] | None:
    asked = _GAP.search(question)
    if not asked:
        return None
    one, other = (
        next((f for f in series if f.name in asked[side]), None) for side in ("one", "other")
    )
    if one is None or other is None or one is other:
        return None
    degree = asked["degree"]
    is_so = (one.value > other.value) == (degree in _MOST)
    first, second = (one, other) if one.value > other.value else (other, one)
    gap = _shown(first.value - second.value, one.unit)
    told = f"{one.name}{one.printed}，{other.name}{other.printed}"
    if is_so:
        return f"{one.name}比{other.name}{degree}{gap}（{told}，相减得出）", gap
    return (
        f"{first.name}反而更{'多' if degree in '多少' else '高'}，相差{gap}（{told}，相减得出）",
        gap,
    )


def _fits(degree: str, unit: str) -> bool:
    """Whether figures of a unit can be more or less so: 贵 asks for money, 重 for weights."""
    return next((bool(re.search(units, unit)) for of, units in _UNITS if degree in of), True)


def _shown(value: Fraction, unit: str) -> str:
    """A value with its unit, scaled back to 万 or 亿 where the unit begins with it."""
    scale = 10_000 if unit.startswith("万") else 100_000_000 if unit.startswith("亿") else 1
    scaled = value / scale
    exact = f"{float(scaled):.6f}".rstrip("0").rstrip(".")
    return f"{exact}{unit}"
