"""A table with its heads found: of the columns above, of the rows on the left, its unit.

What the file marks as heads is taken as such; elsewhere heads are what holds no figures where the
rest of its row or column does. Knows nothing of files or questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.datatypes import Cell, Table
from rag.text import standard_form

_LOOKED_AT = 60  # rows, to tell what is a head
_MOST_HEAD_ROWS, _MOST_HEAD_COLUMNS = 3, 3
_FIGURE = re.compile(r"^[-+±≈约<>≤≥￥¥$]?\s*\d[\d,，.]*\s*(?:[%‰℃]|\D{0,4})$")
_PERIOD = re.compile(
    r"^(?:(?:19|20)\d\d(?:年度?)?(?:[-—~至]?(?:19|20)?\d\d年?)?|\d{1,2}(?:月份?|日|季度|届|期|号|级|[-.]?[a-z])"
    r"|(?:19|20)\d\d年.{1,6}|第?\d+[^\d.%]{1,4})$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^\d{1,2}[:：]\d{2}|^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_TIME = re.compile(
    r"^(?:(?:19|20)\d\d年?度?)?(?:第?[一二三四1-4]季度|Q[1-4]|[上下]半年|\d{1,2}月份?|[去今上本]年)?$",
    re.IGNORECASE,
)
_BLANK = re.compile(r"^(?:[-—–―/\\.…·*\s]|无|暂无|空|缺|N/?A)*$", re.IGNORECASE)
_UNIT_SAID = re.compile(
    r"(?P<of>[\u4e00-\u9fff]{0,6}?)(?:的?计量)?单位(?:为|是|均为)?\s*[：:]?\s*(?P<unit>[^\s，。；;）)（(\]】、]{1,8})"
)
_UNIT_IN_HEAD = re.compile(
    r"[（(\[【/](?:单位[：:])?\s*(?P<unit>(?!.*单位)[^\d）)\]】（(，；]{1,8})[）)\]】]?$"
)
_OF_TABLE = re.compile(r"^.*(?:[表图]|情况|统计|一览|数据|其中)")
_GENERIC = frozenset(
    ("内容", "数值", "数量", "数据", "情况", "说明", "值", "结果", "详情", "金额", "人数", "备注")
)
_KEY_OF_PAIRS = frozenset(("内容", "数值", "值", "说明", "详情", "情况", "数据", "结果"))
# 下表为临江市各季度粮食收购量 is of 粮食收购量.
_THING = re.compile(
    r"(?:各\w{0,3}?(?:季度|年度?|月份?|[省市县区镇乡村街校院厂站点]|单位|部门|企业|公司)|历年|逐[年月]|分[年月季])的?"
    r"(?P<thing>[\u4e00-\u9fff]{2,12})"
)
_NUMBER_OF_TABLE = re.compile(
    r"^(?:附?[表图]\s*[\d一二三四五六七八九十]*(?:[-.]\d+)?[\s：:、]*)?(?:[下附]表[为是]|以下[为是])?"
)
_KIND_OF_TABLE = re.compile(r"(?:情况|统计|一览|明细|对比|汇总)?(?:统计)?(?:如下|见下)?表?[：:]?$")
_LONGEST_THING = 14
# What stands in brackets behind a name and is no unit.
_NO_UNIT = re.compile(
    r"^(?:含|不含|其中|预计|估算|约|累计|合计|按|以|截至|注|见|新|旧|男|女|甲|乙|丙|丁|是|否).*|.*[年月日季]$"
)


@dataclass(frozen=True)
class Grid:
    """A table by rows and columns; ``caption`` is what is printed over it.

    ``head_rows`` at the top name columns, ``head_columns`` on the left name rows; a merged cell
    stands at each place that it reaches over.
    """

    text: str
    places: tuple[tuple[Cell | None, ...], ...]
    head_rows: int
    head_columns: int
    caption: str

    def printed(self, cell: Cell) -> str:
        """A cell as printed."""
        return self.text[cell.start : cell.end]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.places[0]) if self.places else 0

    @property
    def body_rows(self) -> range:
        """The rows below the heads."""
        return range(self.head_rows, len(self.places))

    @property
    def body_columns(self) -> range:
        """The columns beside the heads of the rows."""
        return range(self.head_columns, self.width)

    def column_heads(self, column: int) -> tuple[Cell, ...]:
        """The cells over a column, from the top, each once."""
        return _once(row[column] for row in self.places[: self.head_rows])

    def row_heads(self, row: int) -> tuple[Cell, ...]:
        """The cells at the left of a row, each once."""
        return _once(self.places[row][: self.head_columns])

    def is_told(self, cell: Cell | None) -> bool:
        """Whether a cell says something: neither empty nor a dash."""
        return cell is not None and not _BLANK.match(self.printed(cell))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The unit of each column, empty where neither its head nor the caption says one."""
        return tuple(self._unit(column) for column in range(self.width))

    def name(self, column: int) -> str:
        """What a column is called, without its unit."""
        heads = [self.printed(cell) for cell in self.column_heads(column)]
        return "".join(name_without_unit(head) for head in heads)

    @cached_property
    def thing(self) -> str:
        """What the figures are of by the caption, for columns that only name a time or a kind."""
        clause = re.split(r"[，。；（(]", name_without_unit(self.caption), maxsplit=1)[0]
        clause = _KIND_OF_TABLE.sub("", _NUMBER_OF_TABLE.sub("", clause.strip()))
        if match := _THING.search(clause):
            return match["thing"].rpartition("的")[2]
        return clause if len(clause) <= _LONGEST_THING else ""

    @property
    def is_of_pairs(self) -> bool:
        """Whether each row is a name and what is told of it: 项目 and 内容."""
        return self.width - self.head_columns == 1 and self.name(self.width - 1) in _KEY_OF_PAIRS

    def asked(self, column: int) -> str:
        """What the cells of a column say: its name, with the caption's thing where it needs one."""
        name = self.name(column)
        if self.is_of_pairs:
            return ""
        is_bare = is_period(name) or name in _GENERIC or not name
        return f"{name}{self.thing}" if is_bare and self.thing not in name else name

    def _unit(self, column: int) -> str:
        for cell in reversed(self.column_heads(column)):
            if unit := unit_in_head(self.printed(cell)):
                return unit
        return _unit_said(self.caption, self.asked(column)) or unit_in_head(self.caption)


def grid_of(text: str, table: Table, caption: str = "") -> Grid:
    """The grid of a table of this text; a first row that is one wide cell goes to the caption."""
    places = _places(table)
    while len(places) > 2 and _is_title(places[0]):
        title = places.pop(0)[0]
        caption = f"{caption} {text[title.start : title.end]}".strip() if title else caption
    marked = table.head_rows
    if marked is not None:
        marked = max(0, marked - (len(_places(table)) - len(places)))
    looked = [[text[c.start : c.end] if c else "" for c in row] for row in places[:_LOOKED_AT]]
    head_rows = marked or _head_rows(looked, places)
    head_columns = _head_columns(looked[head_rows:])
    return Grid(text, tuple(map(tuple, places)), head_rows, head_columns, caption)


def is_figure(printed: str) -> bool:
    """Whether a cell is a number, maybe with its unit, and no year or other name of a row."""
    form = standard_form(printed).strip()
    return bool(_FIGURE.match(form)) and not _PERIOD.match(form)


def _is_datum(printed: str) -> bool:
    """Whether a cell is told and tells of no other: a figure, a time, a date in digits."""
    return is_figure(printed) or bool(_CLOCK.match(printed))


def is_period(name: str) -> bool:
    """Whether the name of a row or column is a year, month or quarter and no more."""
    return bool(_TIME.match(standard_form(name)))


def unit_in_head(head: str) -> str:
    """The unit that a head names behind its name: ``产量（吨）``, ``溶解氧(mg/L)``."""
    match = _UNIT_IN_HEAD.search(head.strip())
    return match["unit"].strip() if match and not _NO_UNIT.match(match["unit"]) else ""


def name_without_unit(head: str) -> str:
    """A head without its unit."""
    head = head.strip()
    match = _UNIT_IN_HEAD.search(head)
    return head[: match.start()].strip() if match and unit_in_head(head) and match.start() else head


def _unit_said(caption: str, name: str) -> str:
    """The unit that a caption says for all figures, or for those of this column."""
    for match in _UNIT_SAID.finditer(caption):
        of = _OF_TABLE.sub("", match["of"])
        if not of or of[-2:] in name or name[-2:] in of:
            return match["unit"]
    return ""


def _places(table: Table) -> list[list[Cell | None]]:
    height = max(cell.row + cell.rows for cell in table.cells)
    width = max(cell.column + cell.columns for cell in table.cells)
    places: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in table.cells:
        for row in places[cell.row : cell.row + cell.rows]:
            row[cell.column : cell.column + cell.columns] = [cell] * cell.columns
    return [row for row in places if any(row)]


def _is_title(row: Sequence[Cell | None]) -> bool:
    """Whether a row is one cell over all columns, or the only one of a wide table."""
    held = _once(row)
    return len(held) == 1 and row[0] is held[0] and (len(row) > 2 or held[0].columns == len(row))


def _head_rows(looked: Sequence[Sequence[str]], places: Sequence[Sequence[Cell | None]]) -> int:
    """How many rows at the top name the columns."""
    if len(looked) < 2 or not _can_be_head(looked, 0):
        return 0
    merged = [cell for cell in places[0] if cell]
    deep = max((cell.rows for cell in merged), default=1)
    wide = any(cell.columns > 1 for cell in merged)
    count = max(deep, 2 if wide else 1)
    while count > 1 and not all(_can_be_head(looked, row) for row in range(1, count)):
        count -= 1
    return min(count, _MOST_HEAD_ROWS, len(looked) - 1)


def _can_be_head(looked: Sequence[Sequence[str]], row: int) -> bool:
    """Whether a row holds no figure, though rows below do, or is otherwise unlike them."""
    cells = looked[row]
    if any(_is_datum(cell) for cell in cells[1:]):
        return False
    below = looked[row + 1 :]
    has_figures = any(_is_datum(cell) for line in below for cell in line[1:])
    filled = sum(bool(cell) for cell in cells[1:])
    return has_figures or (filled >= (len(cells) - 1) / 2 and _is_unlike(cells, below))


def _is_unlike(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether no cell of a row is repeated under it, as those of a table without heads may be."""
    return not any(
        cell and cell == line[column]
        for line in below
        for column, cell in enumerate(cells)
        if column < len(line)
    )


def _head_columns(body: Sequence[Sequence[str]]) -> int:
    """How many columns at the left name a row: as many as tell the rows apart."""
    width = len(body[0]) if body else 0
    if width < 2:
        return 0
    count = 1
    while count < min(_MOST_HEAD_COLUMNS, width - 1):
        names = [tuple(row[:count]) for row in body if any(row[:count])]
        following = [row[count] for row in body if row[count]]
        is_named = sum(map(is_figure, following)) * 2 <= len(following)
        if len(set(names)) == len(names) == len(body) or not is_named:
            break
        count += 1
    return count


def _once(cells: Iterable[Cell | None]) -> tuple[Cell, ...]:
    return tuple(dict.fromkeys(cell for cell in cells if cell is not None))
