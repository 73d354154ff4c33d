"""What is said of articles that were chosen: their dates, their authors, lists of them.

In go heads of articles and what is asked of them, out come a text without citations and the heads
of those that it tells of. Knows nothing of how they were chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.heads import Head
from rag.answer.reply import Reply
from rag.ask import LibraryQuestion
from rag.models.catalogue import BUILTIN

NAMES_LISTED = 30
_LISTED = 20


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted or listed, and of which articles, in the order of the list."""

    reply: Reply
    articles: tuple[Head, ...]


def by_date(articles: Sequence[Head]) -> list[Head]:
    """The articles that have a date, the oldest first."""
    return sorted((one for one in articles if one.date), key=lambda one: one.date or "")


def told_dates(asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
    """From when to when the articles are, and of which date each is."""
    dated = by_date(chosen)
    if not dated:
        text = f"这 {len(chosen)} 篇文章都没有写明日期。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), ())
    undated = len(chosen) - len(dated)
    rest = f"；另有 {undated} 篇没有写明日期" if undated else ""
    if asked.sought != "dates":
        return _at_the_edge(asked, dated, rest)
    first, last = dated[0], dated[-1]
    if len(dated) == 1:
        said, short = f"写明日期的有 1 篇{rest}：", first.date
    else:
        said = f"{len(dated)} 篇文章写明了日期，最早是 {first.date}，最新是 {last.date}{rest}："
        short = f"{first.date}至{last.date}"
    return counted(said, dated, short)


def _at_the_edge(asked: LibraryQuestion, dated: Sequence[Head], rest: str) -> Counted:
    """The oldest or newest article, with those of the same day; or as many as were asked for."""
    is_newest = asked.sought == "newest"
    ordered = list(reversed(dated)) if is_newest else list(dated)
    word, edge = ("最新" if is_newest else "最早"), ordered[0]
    if asked.most > 1:
        shown = ordered[: asked.most]
        said = f"写明了日期的文章里，{word}的 {len(shown)} 篇是{rest}："
        return counted(said, shown, "、".join(f"《{one.full_title}》" for one in shown))
    same = [one for one in dated if one.date == edge.date]
    return counted(f"写明了日期的文章里，{word}的是 {edge.date}{rest}：", same, edge.date)


def told_lengths(asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
    """The longest or shortest article, or as many as were asked for, by their characters."""
    is_longest = asked.sought == "longest"
    shown = sorted(chosen, key=lambda one: one.chars, reverse=is_longest)[: asked.most or 1]
    notes = [f"{one.chars}字" for one in shown]
    said = f"最{'长' if is_longest else '短'}的是："
    return counted(said, shown, "、".join(f"《{one.full_title}》" for one in shown), notes)


def told_without(asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
    """The articles that no date, or no name, stands on."""
    is_undated = asked.sought == "undated"
    found = [
        one for one in chosen if not (one.date if is_undated else one.authors() or one.publisher)
    ]
    what = "写明日期" if is_undated else "署名"
    if not found:
        text = f"这 {len(chosen)} 篇文章都{'写明了日期' if is_undated else '有署名或出处'}。"
        return Counted(Reply("answered", text, short="没有", model=BUILTIN), tuple(chosen))
    return counted(f"没有{what}的有 {len(found)} 篇：", found, f"{len(found)}篇")


def told_authors(asked: LibraryQuestion, chosen: Sequence[Head]) -> Counted:
    """Whose names stand on the articles, who published them, and who wrote most if asked."""
    authors = Counter(name for one in chosen for name in one.authors())
    publishers = Counter(one.publisher for one in chosen if one.publisher)
    if not authors and not publishers:
        text = f"这 {len(chosen)} 篇文章都没有署名，也没有写明出处。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), ())
    signed = [one for one in chosen if one.authors() or one.publisher]
    counts = authors or publishers
    names = list(counts)[:NAMES_LISTED]
    said = []
    if asked.sought == "most_by_author":
        most = max(counts.values())
        names = [name for name, count in counts.items() if count == most]
        said.append(f"文章最多的是{'、'.join(names)}，{'各' if len(names) > 1 else ''}{most} 篇。")
    said.append(f"署名：{_with_counts(authors)}。" if authors else "")
    said.append(f"出处：{_with_counts(publishers)}。" if publishers else "")
    unsigned = len(chosen) - len(signed)
    said.append(f"另有 {unsigned} 篇没有署名。" if unsigned else "")
    notes = ["、".join((*one.authors(), one.publisher)).strip("、") for one in signed]
    return counted("".join(said), signed, "、".join(names), notes)


def told_of_one(asked: LibraryQuestion, article: Head) -> Counted:
    """The author or the date of one article, as its head or its file gives it."""
    if asked.sought == "authors":
        found = "、".join(article.authors()) or article.publisher
        said = f"署名是{found}" if article.authors() else f"没有署名，出处是{found}"
    elif asked.sought == "publishers":
        found = article.publisher or "、".join(article.authors())
        said = f"出处是{found}" if article.publisher else f"没有写明出处，署名是{found}"
    else:
        found, said = article.date or "", f"日期是 {article.date}"
    if not found:
        what = "写明日期" if asked.sought == "dates" else "署名"
        text = f"《{article.full_title}》没有{what}。"
        return Counted(Reply("no_evidence", text, model=BUILTIN), (article,))
    text = f"《{article.full_title}》的{said}。（{article.source}）"
    return Counted(Reply("answered", text, short=found, model=BUILTIN), (article,))


def counted(
    said: str, articles: Sequence[Head], short: str | None, notes: Sequence[str] = ()
) -> Counted:
    """A list under what is said of it, a note behind each; a long one is cut, and says so."""
    behind = notes or [""] * len(articles)
    listed = zip(articles[:_LISTED], behind, strict=False)
    lines = [f"{_line(one)} {note}".rstrip() for one, note in listed]
    shown = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    if len(articles) > _LISTED:
        shown.append(f"…… 另有 {len(articles) - _LISTED} 篇没有列出")
    text = "\n".join([said, *shown])
    return Counted(Reply("answered", text, short=short, model=BUILTIN), tuple(articles))


def _with_counts(counts: Counter[str]) -> str:
    listed = [f"{name}（{n}篇）" if n > 1 else name for name, n in counts.most_common(NAMES_LISTED)]
    return "、".join(listed) + (f"等 {len(counts)} 个" if len(counts) > len(listed) else "")


def _line(article: Head) -> str:
    """An article on a line of a list: its title, its date and its file."""
    dated = f"{article.date}，" if article.date else ""
    return f"《{article.full_title or article.source}》（{dated}{article.source}）"
