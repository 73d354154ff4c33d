"""What a column of a table comes to: its largest and smallest figure, their sum, a difference.

In go a question, its hits and their articles, out comes a reply or nothing. What is computed is
said to be so, and cites each cell that it was computed from. Knows nothing of models or of how
hits are found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.answer.cell import cell_evidence, claim_of_cells
from rag.answer.reply import Reply
from rag.ask import content_of
from rag.datatypes import Article, Cell, Citation, Hit, Table
from rag.passages import grid_of_article
from rag.tables import Grid, is_figure
from rag.text import bigrams, fold, periods_of, standard_form

COMPUTED = "由表里的数字算出"
NAME = "builtin"
_MOST = "多高大贵长重快深宽厚远早好强"
_LEAST = "少低小短轻慢浅窄薄近晚差弱"
_SUPERLATIVE = re.compile(rf"最(?P<degree>便宜|[{_MOST}{_LEAST}])")
_SUM = re.compile(r"一共|总共|合计|总计|共计|总和|加起来|总[数量额](?=是|为|多少)")
_ASKS_WHICH = re.compile(r"哪|谁|什么|何")
_TOTAL_ROW = re.compile(
    r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数|平\s*均|全[县市省区国].{0,2}合计|其中.*)$"
)
_NUMBER = re.compile(r"[-+]?\d[\d,，]*(?:\.\d+)?")
_FEWEST_CELLS = 2
_COVERED = 0.4  # of the question's bigrams: else the table is of something else
_MOST_SHOWN = 8  # figures of a sum that are written out
_HITS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell with a number, the cells that say of which row and column it is, and its value."""

    cell: Cell
    row: str
    heads: tuple[Cell, ...]
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of a column, none of them a total, and the total where it is printed."""

    article: Article
    name: str
    figures: tuple[Figure, ...]
    total: Figure | None
    fit: float


def computed(question: str, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Reply | None:
    """The reply to a question for the largest, smallest or sum of a column; None for any other.

    The question is in its standard form. None, too, where no column of the tables among the hits is
    what it asks of.
    """
    degree = _SUPERLATIVE.search(question)
    is_sum = bool(_SUM.search(question))
    if not (degree and _ASKS_WHICH.search(question)) and not is_sum:
        return None
    asked = _SUM.sub("", _SUPERLATIVE.sub("", question))
    columns = [
        c for grid, article in _grids(hits, articles) for c in _columns(grid, article, asked)
    ]
    best = max(columns, key=lambda column: (column.fit, column.name), default=None)
    if best is None:
        return None
    return _extreme(best, degree["degree"]) if degree else _sum(best)


def _extreme(column: Column, degree: str) -> Reply:
    is_least = degree == "便宜" or degree in _LEAST
    values = [figure.value for figure in column.figures]
    extreme = min(values) if is_least else max(values)
    found = [figure for figure in column.figures if figure.value == extreme]
    names = "、".join(figure.row for figure in found)
    printed = _printed(column, found[0])
    text = f"{column.name}最{degree}的是{names}：{printed}（比较了表里的{len(values)}个数）。"
    places = [cell for figure in found for cell in (figure.cell, *figure.heads)]
    return _reply(column, text, f"{names}（{printed}）", places)


def _sum(column: Column) -> Reply:
    if column.total:
        printed = _printed(column, column.total)
        text = f"{column.name}{column.total.row}：{printed}。"
        return _reply(column, text, printed, [column.total.cell, *column.total.heads], "")
    total = sum((figure.value for figure in column.figures), Decimal(0))
    unit = column.figures[0].unit
    added = "+".join(str(figure.value) for figure in column.figures)
    how = added if len(column.figures) <= _MOST_SHOWN else f"表里的{len(column.figures)}个数"
    text = f"{column.name}合计：{total:f}{unit}（{how}相加得出）。"
    return _reply(column, text, f"{total:f}{unit}", [figure.cell for figure in column.figures])


def _reply(
    column: Column, text: str, short: str, cells: Sequence[Cell], reason: str = COMPUTED
) -> Reply:
    citations: list[Citation] = []
    evidence = cell_evidence(column.article, [(cell.start, cell.end) for cell in cells])
    claim = claim_of_cells(text, evidence, citations, *([reason] if reason else []))
    return Reply("answered", claim.text, short, (claim,), tuple(citations), NAME)


def _printed(column: Column, figure: Figure) -> str:
    printed = column.article.text[figure.cell.start : figure.cell.end]
    return f"{printed}{figure.unit if printed[-1].isdigit() else ''}"


def _grids(hits: Sequence[Hit], articles: Mapping[str, Article]) -> Iterator[tuple[Grid, Article]]:
    """The tables that the hits are rows of, each once."""
    seen: set[tuple[str, int]] = set()
    for hit in hits[:_HITS]:
        passage = hit.passage
        if not passage.sayings:
            continue
        article = articles[passage.article_id]
        table = _table_at(article, passage.sayings[0].cell[0])
        if table and (article.id, table.start) not in seen:
            seen.add((article.id, table.start))
            yield grid_of_article(article, table), article


def _table_at(article: Article, place: int) -> Table | None:
    return next((one for one in article.tables if one.start <= place < one.end), None)


def _columns(grid: Grid, article: Article, asked: str) -> Iterator[Column]:
    """The columns of figures that a question can be of, with how well each fits."""
    content = set(bigrams(content_of(asked)))
    axis = "".join(grid.printed(c) for n in range(grid.head_columns) for c in grid.column_heads(n))
    around = f"{axis}\n{grid.caption}\n{article.full_title}\n{article.source}"
    for number in grid.body_columns:
        name, unit = grid.asked(number), grid.units[number]
        figures = list(_figures(grid, number, unit))
        own = [one for one in figures if not _TOTAL_ROW.match(one.row)]
        if len(own) < _FEWEST_CELLS or len({one.unit for one in own}) > 1:
            continue
        if not _is_of_period(asked, name, article):
            continue
        fit = len(content & set(bigrams(name))) + (0.5 if unit and fold(unit) in fold(asked) else 0)
        rows = " ".join(one.row for one in own)
        told = set(bigrams(f"{name}\n{unit}\n{around}\n{rows}"))
        if fit and content and len(content & told) >= _COVERED * len(content):
            total = next((one for one in figures if one.row.startswith(("合", "总"))), None)
            yield Column(article, name, tuple(own), total, fit)


def _figures(grid: Grid, column: int, unit: str) -> Iterator[Figure]:
    for row in grid.body_rows:
        cell = grid.places[row][column]
        if cell is None or not is_figure(grid.printed(cell)):
            continue
        heads = [head for head in grid.row_heads(row) if grid.is_told(head)]
        form = standard_form(grid.printed(cell))
        number = _NUMBER.search(form)
        if number and heads:
            own_unit = form[number.end() :].strip()
            name = "".join(grid.printed(head) for head in heads)
            value = Decimal(number.group().replace(",", "").replace("，", ""))
            above = grid.column_heads(column)
            yield Figure(cell, name, (*heads, *above), value, own_unit or unit)


def _is_of_period(asked: str, name: str, article: Article) -> bool:
    """Whether a column can be of the year that a question names."""
    wanted = periods_of(asked, article.date).years
    told = periods_of(standard_form(name), article.date).years
    return not wanted or not told or bool(wanted & told)
