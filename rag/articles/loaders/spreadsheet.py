"""Workbooks and delimited text: each sheet a table under its name, cells as they are shown.

Left out, and said: hidden sheets, rows and columns, charts, rows beyond a limit, formulas that were
never worked out. Knows nothing of articles.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any

from rag.articles.loaders.decoded import Decoded
from rag.articles.loaders.package import DAMAGED
from rag.articles.loaders.plain import damage_in, decode
from rag.articles.loaders.written import Field, WrittenText
from rag.errors import ArticleError

MAX_ROWS = 20_000  # of a sheet; more are not read, and named
_MAX_COLUMNS = 200
_MAX_SHEETS = 100
_WHOLE_SHEET_BYTES = 25_000_000  # of its XML; a larger one is read row by row, its merges unseen
# A formula with no value behind it: the program that wrote the file never worked it out.
_UNKNOWN = re.compile(rb"<f\b[^>]*>[^<]*</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_DELIMITERS = ",;\t|，；"
_SAMPLE_LINES = 20
_MAX_FIELD_CHARS = 100_000


def read_xlsx(data: bytes, name: str) -> Decoded:
    """The sheets of a workbook that are shown, each below its name.

    ArticleError when it is damaged or holds no text. Numbers are written as their cells show them:
    per cents, dates, thousands and decimals as far as the cell's format says these.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        largest, unknown = _sheet_sizes(data)
        is_large = largest > _WHOLE_SHEET_BYTES
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=is_large)
        written = WrittenText()
        remarks: list[str] = []
        for sheet in book.worksheets[:_MAX_SHEETS]:
            _add_sheet(written, sheet, remarks, is_large=is_large)
        title, created = book.properties.title or "", book.properties.created
    except (*DAMAGED, InvalidFileException, AttributeError, TypeError, IndexError) as error:
        raise ArticleError(f"{name} 已损坏，或不是 Excel 表格；请重新另存为 .xlsx") from error
    if unknown:
        remarks.append(f"有 {unknown} 个公式没有算出的值；请用 Excel 打开并保存一次")
    if charts := [sheet.title for sheet in book.chartsheets]:
        remarks.append(f"只有图表的工作表“{'、'.join(charts)}”没有文字，没有读")
    if not written:
        raise ArticleError(f"{name} 里没有文字{_because(remarks)}；请放入有内容的表格")
    return Decoded(
        written.text,
        title=" ".join(title.split()) or PurePath(name).stem,
        created=created.date().isoformat() if created else None,
        is_one_story=True,
        tables=written.tables,
        remarks=tuple(remarks),
    )


def read_csv(data: bytes, name: str) -> Decoded:
    """Delimited text as a table: the delimiter is the one that parts most lines alike."""
    text, encoding = decode(data, name)
    csv.field_size_limit(_MAX_FIELD_CHARS)
    written = WrittenText()
    remarks = [*damage_in(text)]
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows: list[list[Field]] = []
        for row in lines:
            if len(rows) == MAX_ROWS:
                remarks.append(f"只读了前 {MAX_ROWS} 行；要读其余的请拆成几个文件")
                break
            rows.append([Field(value) for value in row[:_MAX_COLUMNS]])
    except csv.Error as error:
        raise ArticleError(
            f"{name} 不是逗号分隔的表格（{error}）；请另存为 UTF-8 的 .csv"
        ) from error
    written.add_table(rows)
    if not written:
        raise ArticleError(f"{name} 是空的；请放入有文字的文件")
    return Decoded(
        written.text,
        encoding,
        title=PurePath(name).stem,
        is_one_story=True,
        tables=written.tables,
        remarks=tuple(remarks),
    )


def _because(remarks: Sequence[str]) -> str:
    return f"（{'；'.join(remarks)}）" if remarks else ""


def _sheet_sizes(data: bytes) -> tuple[int, int]:
    """How many bytes of XML the largest sheet has, and how many formulas have no value."""
    largest = unknown = 0
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for member in package.infolist():
            if "worksheets/" in member.filename and member.filename.endswith(".xml"):
                largest = max(largest, member.file_size)
                if member.file_size <= _WHOLE_SHEET_BYTES:
                    unknown += len(_UNKNOWN.findall(package.read(member)))
    return largest, unknown


def _add_sheet(written: WrittenText, sheet: Any, remarks: list[str], *, is_large: bool) -> None:
    if sheet.sheet_state != "visible":
        remarks.append(f"隐藏的工作表“{sheet.title}”没有读；要读请先取消隐藏")
        return
    rows = list(_rows(sheet, remarks, is_large=is_large))
    if any(field.text for row in rows for field in row):
        written.add(sheet.title)
        written.add_table(rows, "\n")


def _rows(sheet: Any, remarks: list[str], *, is_large: bool) -> Iterator[list[Field]]:
    """The rows that are shown; merged cells as their first with its reach."""
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    reaches: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    if is_large:
        sheet.reset_dimensions()  # what some programs write there is that of another sheet
        remarks.append(f"工作表“{sheet.title}”很大：合并的单元格和隐藏的行没有分辨")
    else:
        hidden_rows, hidden_columns = _hidden(sheet)
        reaches, covered = _merged(sheet, hidden_rows, hidden_columns)
    count = 0
    width = None if is_large else min(sheet.max_column or _MAX_COLUMNS, _MAX_COLUMNS)
    for number, row in enumerate(sheet.iter_rows(max_col=width), start=1):
        if number in hidden_rows:
            continue
        if count == MAX_ROWS:
            remarks.append(f"工作表“{sheet.title}”只读了前 {MAX_ROWS} 行；要读其余的请拆成几个文件")
            break
        count += 1
        fields = []
        for column, cell in enumerate(row[:_MAX_COLUMNS], start=1):
            if column in hidden_columns or (number, column) in covered:
                continue
            fields.append(Field(_shown(cell), *reaches.get((number, column), (1, 1))))
        yield fields
    _remark_left_out(sheet.title, remarks, len(hidden_rows), len(hidden_columns))


def _remark_left_out(title: str, remarks: list[str], rows: int, columns: int) -> None:
    hidden = [f"{count} {what}" for count, what in ((rows, "行"), (columns, "列")) if count]
    if hidden:
        remarks.append(f"工作表“{title}”隐藏的 {'、'.join(hidden)}没有读；要读请先取消隐藏")


def _hidden(sheet: Any) -> tuple[set[int], set[int]]:
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min:
            columns.update(range(column.min, min(column.max or column.min, _MAX_COLUMNS) + 1))
    return rows, columns


def _merged(
    sheet: Any, hidden_rows: set[int], hidden_columns: set[int]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """How far each merged cell reaches over what is shown, and the places that it covers."""
    reaches: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for one in sheet.merged_cells.ranges:
        rows = [
            n for n in range(one.min_row, min(one.max_row, MAX_ROWS) + 1) if n not in hidden_rows
        ]
        columns = [
            n
            for n in range(one.min_col, min(one.max_col, _MAX_COLUMNS) + 1)
            if n not in hidden_columns
        ]
        if rows and columns:
            reaches[one.min_row, one.min_col] = (len(rows), len(columns))
            covered.update((row, column) for row in rows for column in columns)
            covered.discard((one.min_row, one.min_col))
    return reaches, covered


def _shown(cell: Any) -> str:
    """The value of a cell as it is shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date | time | timedelta):
        return _shown_time(value, str(cell.number_format))
    if isinstance(value, int | float):
        return _shown_number(value, str(cell.number_format))
    return str(value)


def _shown_time(value: datetime | date | time | timedelta, form: str) -> str:
    if isinstance(value, datetime):
        is_day = value.time() == time()
        if "年" in form:
            day = f"{value.year}年{value.month}月" + (
                f"{value.day}日" if "d" in form.lower() else ""
            )
            return day if is_day else f"{day}{value:%H:%M}"
        return f"{value:%Y-%m-%d}" if is_day else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def _shown_number(value: float, form: str) -> str:
    """A number with its per cent, thousands and decimals, as far as its format says them."""
    form = form.split(";", 1)[0]
    _, point, behind = form.partition(".")
    decimals = len(behind) - len(behind.lstrip("0")) if point else 0
    thousands = "," if "#,##" in form else ""
    if "%" in form:
        return f"{value * 100:{thousands}.{decimals}f}%"
    if thousands or decimals or form in ("0", "#,##0"):
        return f"{value:{thousands}.{decimals}f}"
    return f"{value:.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _delimiter(text: str) -> str:
    """The sign that parts the first lines into the same number of fields, the most of them."""
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE_LINES]
    best, most = ",", 0
    for sign in _DELIMITERS:
        counts = [
            sum(1 for _ in next(csv.reader([line], delimiter=sign), [])) - 1 for line in lines
        ]
        alike = max((counts.count(count) * min(count, 50) for count in set(counts)), default=0)
        if alike > most:
            best, most = sign, alike
    return best
