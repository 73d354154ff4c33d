"""When and by whom a story was published, as a file name, a page's edge or a dateline says.

Dates that a story merely tells of are not looked at. Knows nothing of stories or layout.
"""

from __future__ import annotations

import re
from datetime import date

from rag.text import standard_form

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_FULL = re.compile(
    rf"(?<![0-9]){_YEAR}(?:[年\-./_](?P<month>[0-9]{{1,2}})(?:[月\-./_](?P<day>[0-9]{{1,2}})日?(?![0-9]))?月?"
    r"|(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12][0-9]|3[01])(?![0-9])|年)"
)
_MONTH_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})月([0-9]{1,2})日(?:电|讯|消息|报道)")
_DATELINE_CHARS = 60
_PUBLISHER = (
    r"[一-鿿]{2,10}?(?:日报|晚报|早报|晨报|时报|导报|周报|商报|都市报|青年报|快报|画报|周刊|"
    r"新闻网|在线|新闻社|通讯社|客户端)"
)
_TOKEN = re.compile(r"(?<![^\s（(])[一-鿿·A-Za-z]{2,20}(?![^\s|）)])")
_POST = re.compile(r"(?:本报|特约|见习|实习)?(?:记者|通讯员|作者|编辑|来源|稿源)")
_LONGEST_NAME = 3
_NAMED = re.compile(rf"(?:^|[^一-鿿])({_PUBLISHER})(?=$|[^一-鿿])")
_CREDITED = re.compile(
    rf"(?:来源|转自|原载|稿源)\s*[：:]?\s*[《“]?({_PUBLISHER}|[一-鿿]{{2,8}}网)(?=$|[^一-鿿])"
)


def date_in(text: str) -> str | None:
    """The first date of a text that has a year, as ``YYYY[-MM[-DD]]``; None where there is none."""
    for match in _FULL.finditer(text):
        found = match.groupdict()
        found_date = _iso(
            found["year"], found["month"] or found["month2"], found["day"] or found["day2"]
        )
        if found_date:
            return found_date
    return None


def dateline_date(text: str, year: str | None) -> str | None:
    """The date of a dateline (新华社北京8月3日电), its year from ``year`` if it has none."""
    head = text[:_DATELINE_CHARS]
    match = _MONTH_DAY.search(head)
    if not match:
        return None
    full = date_in(head[: match.end()])
    if full and len(full) == len("2020-01-01"):
        return full
    return _iso(year, *match.groups()) if year else None


def publisher_in(text: str) -> str:
    """The newspaper, agency or site that a file name or a page's edge names, else nothing."""
    form = standard_form(text)
    match = _CREDITED.search(form) or _NAMED.search(form)
    return text[slice(*match.span(1))] if match else ""


def credited_in(text: str, form: str | None = None) -> str:
    """The publisher that a story's own words credit (来源：…), else nothing.

    ``form`` is the text's standard form, where it is known.
    """
    match = _CREDITED.search(standard_form(text) if form is None else form)
    return text[slice(*match.span(1))] if match else ""


def signed_in(byline: str) -> str:
    """The office or firm that a byline names beside its day, else nothing.

    云桥县应急管理局 of 云桥县应急管理局 2024年3月5日. A short word may be a person's name where
    there is another that is none.
    """
    form = standard_form(byline)
    if not date_in(form):
        return ""
    found = [match for match in _TOKEN.finditer(form) if not _POST.match(match[0])]
    long = [match for match in found if len(match[0]) > _LONGEST_NAME]
    if not long and (len(found) != 1 or _POST.search(form)):
        return ""
    return byline[slice(*(long or found)[0].span())]


def _iso(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])
