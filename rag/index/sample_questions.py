"""Questions that a corpus itself suggests: a clause that states a fact, turned into asking for it.

In go articles, out come drafts of questions, each with where its answer stands. Whether a draft is
answered is not known here (``rag.sampling`` tries them). Chinese asks with the asking word in the
place of what is asked for, so that a whole clause with its subject is most of a good question.
Knows nothing of vectors or terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from rag.datatypes import Article
from rag.text import clauses, find_dates, find_quantities, sentences, standard_form, tagged_words

Kind = Literal["figure", "name", "reason", "date"]

_MOST_ARTICLES = 60
_SHORTEST, _LONGEST = 8, 30  # characters of a clause that is asked with
_EDGES = "，,；;：:。！？!? \u3000"
# Without its sentence, such a clause is about nobody knows what.
_LEANING = re.compile(
    r"^(?:其中|其|该|此|这|那|同时|并|而|但|且|也|还|又|却|则|其余|另|他|她|它|本|我|你|共|累计|总|新[建增设开])"
    r"|等|[“”\"‘’（）()《》…—]"
)
_VAGUE = re.compile(r"[余多几]|以上|以下|左右")
_PERSON = re.compile(
    r"(?:书记|主任|董事长|总经理|总裁|局长|校长|院长|所长|会长|主席|教练|负责人|市长|县长|区长|站长|馆长)$"
)
_REASON = re.compile(r"^(?:由于|因为|为了)(?=.{4,})")
_RESULT = re.compile(r"^(?:因此|所以|因而|为此)[，,]?")
_NAMES = frozenset({"ns", "nt", "nz", "nr", "nrt"})


class Draft(NamedTuple):
    """A question that may be worth offering; its answer stands in ``[start, end)`` of an article.

    ``fact`` is the range of the words asked for, or that of the clause that gives the reason.
    """

    question: str
    kind: Kind
    article_id: str
    start: int
    end: int
    fact: tuple[int, int]


def drafts(articles: Sequence[Article]) -> list[Draft]:
    """Drafts from articles spread over the corpus: kinds in turn, of each article one at a time.

    At most sixty articles are looked at, so that a large corpus takes no longer than a small one.
    """
    step = max(1, -(-len(articles) // _MOST_ARTICLES))
    by_kind: dict[str, list[list[Draft]]] = {"figure": [], "name": [], "reason": [], "date": []}
    for article in articles[::step]:
        found = list(_of_article(article))
        for kind, rows in by_kind.items():
            rows.append([draft for draft in found if draft.kind == kind])
    spread = [list(_in_turn(rows)) for rows in by_kind.values()]
    return list(_in_turn(spread))


def _in_turn(rows: Sequence[Sequence[Draft]]) -> Iterator[Draft]:
    """The first of every row, then the second of every row, and so on."""
    for column in zip_longest(*rows):
        yield from (draft for draft in column if draft is not None)


def _of_article(article: Article) -> Iterator[Draft]:
    text = standard_form(article.text)
    for sentence in sentences(text):
        words = text[sentence.start : sentence.end]
        pieces = [(sentence.start + a, words[a:b].rstrip(_EDGES)) for a, b in clauses(words)]
        for place, (start, clause) in enumerate(pieces):
            for kind, ask in _ASKED.items():
                if asked := ask(clause):
                    question, low, high = asked
                    yield Draft(question, kind, article.id, *sentence, (start + low, start + high))
            before, said = pieces[place - 1] if place else (0, "")
            if question := _reason(said, clause):
                reason = (before, before + len(said))
                yield Draft(question, "reason", article.id, *sentence, reason)


Asked = tuple[str, int, int] | None  # a question, and the range of the clause it asks for


def _stands_alone(clause: str) -> bool:
    """Whether a clause says whom or what it is about: it begins with a name of some length.

    The dictionary takes some verbs for names; these are not followed by a noun.
    """
    if not _SHORTEST <= len(clause) <= _LONGEST or _LEANING.search(clause):
        return False
    (word, tag), *others = tagged_words(clause)
    if tag not in _NAMES or len(word) < 2:
        return False
    return len(word) > 3 or bool(others and others[0][1] in {"n", *_NAMES})


def _figure(clause: str) -> Asked:
    """``甲区新开工项目19个`` asks ``甲区新开工项目多少个？``."""
    found = [one for one in find_quantities(clause) if one.number[0].isdigit() and one.unit]
    if len(found) != 1 or find_dates(clause) or not _stands_alone(clause):
        return None
    figure = found[0]
    unit = _VAGUE.sub("", figure.unit)
    if "第" in clause or "百分" in unit or figure.start < _SHORTEST // 2:
        return None
    unit = "" if unit in ("%", "％", "‰") else unit
    tail = clause[figure.end :]
    return f"{clause[: figure.start]}多少{unit}{tail}？", figure.start, figure.end


def _name(clause: str) -> Asked:
    """``甲区管委会主任李某表示`` asks ``甲区管委会主任是谁？``."""
    place = 0
    for word, tag in tagged_words(clause):
        office = clause[:place]
        is_person = tag in ("nr", "nrt") and 2 <= len(word) <= 4
        if is_person and _PERSON.search(office) and 5 <= len(office) <= _LONGEST:
            is_clear = not _LEANING.search(office)
            return (f"{office}是谁？", place, place + len(word)) if is_clear else None
        place += len(word)
    return None


def _date(clause: str) -> Asked:
    """``甲区于2013年升级为国家级`` asks ``甲区于哪一年升级为国家级？``."""
    found = find_dates(clause)
    if len(found) != 1 or not _stands_alone(clause):
        return None
    low, high = found[0]
    if not re.fullmatch(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}[日号])?)?", clause[low:high]) or low < 3:
        return None
    asks = "哪一年" if clause[low:high].endswith("年") else "什么时候"
    kept = clause[:low].removesuffix("在") if asks == "什么时候" else clause[:low]
    return f"{kept}{asks}{clause[high:]}？", low, high


def _reason(before: str, clause: str) -> str:
    """``由于连日暴雨，甲站暂停运行`` asks ``为什么甲站暂停运行？``."""
    result = _RESULT.sub("", clause)
    if not (_REASON.search(before) or result != clause) or not _stands_alone(result):
        return ""
    return f"为什么{result}？"


_ASKED: dict[Kind, Callable[[str], Asked]] = {"figure": _figure, "name": _name, "date": _date}
