"""A folder of files to articles: what can be read is read, the rest is named.

Knows nothing of passages or indexes.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from rag.articles.assemble import articles_of_page
from rag.articles.blocks import PageMarks
from rag.articles.folder import digest_of, files_in, source_digests
from rag.articles.layout import PageLayout, repair_page
from rag.articles.loaders import (
    ARCHIVE_MARK,
    DEFAULT_MAX_FILE_MB,
    DEFAULT_MAX_PDF_PAGES,
    SUFFIXES,
    Decoded,
    decode_file,
    decode_members,
)
from rag.articles.override import SUFFIX as LAYOUT_SUFFIX
from rag.articles.override import override_path, read_override
from rag.datatypes import Article, Corpus, SkippedFile, SourceFile, TextSpan
from rag.errors import ArticleError, CorpusError

logger = logging.getLogger(__name__)


def read_articles(path: str | os.PathLike[str]) -> list[Article]:
    """The articles of a file or a folder.

    A file that cannot be read raises ArticleError; in a folder it is left out with a warning, and
    CorpusError is raised only when no article is left.
    """
    path = Path(path)
    if not path.exists():
        raise ArticleError(f"{path} 不存在；请检查路径")
    if path.is_file():
        return _of_file(path)
    corpus = read_corpus(path)
    for file in corpus.skipped:
        logger.warning("跳过 %s：%s", file.source, file.reason)
    for read in corpus.files:
        for remark in read.remarks:
            logger.warning("%s：%s", read.source, remark)
    return list(corpus.articles)


def _of_file(path: Path) -> list[Article]:
    """The articles of one file, or of all that an archive holds; what cannot be read is logged."""
    articles: list[Article] = []
    for member, decoded in decode_members(path):
        name = f"{path.name}{ARCHIVE_MARK}{member}" if member else path.name
        if isinstance(decoded, ArticleError):
            logger.warning("跳过 %s：%s", name, decoded)
            continue
        for remark in decoded.remarks:
            logger.warning("%s：%s", name, remark)
        articles.extend(_laid_out(path, name, decoded)[1])
    if not articles:
        raise ArticleError(f"{path.name} 里没有读得了的文章；请放入有文字的文件")
    return articles


def guess_layout(path: str | os.PathLike[str]) -> PageLayout:
    """The layout of one file as the program sees it, whatever is written by hand beside it."""
    decoded = decode_file(Path(path))
    return _guessed(decoded)


def read_page(path: str | os.PathLike[str]) -> tuple[PageLayout, list[Article]]:
    """The layout of one file and the articles made of it; ArticleError when it cannot be read."""
    path = Path(path)
    if not path.is_file():
        raise ArticleError(f"{path} 不存在或不是文件；请检查路径")
    decoded = decode_file(path)
    for remark in decoded.remarks:
        logger.warning("%s：%s", path.name, remark)
    return _laid_out(path, path.name, decoded)


def read_corpus(
    folder: str | os.PathLike[str],
    *,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
    progress: Callable[[int, int], None] | None = None,
) -> Corpus:
    """All articles of a folder; ``progress(done, total)`` is called after each file.

    Files that cannot be read are listed in ``skipped``; CorpusError when nothing is left.
    """
    folder = Path(folder)
    # Before reading: a file changed meanwhile shows at the next load.
    digests = source_digests(folder, max_file_mb=max_file_mb, max_pdf_pages=max_pdf_pages)
    found: list[Corpus] = []
    for done, source in enumerate(digests, start=1):
        found.append(
            read_source(folder, source, max_file_mb=max_file_mb, max_pdf_pages=max_pdf_pages)
        )
        if progress:
            progress(done, len(digests))
    articles = tuple(article for one in found for article in one.articles)
    files = tuple(file for one in found for file in one.files)
    skipped = [file for one in found for file in one.skipped]
    skipped.extend(unknown_files(folder, digests))
    if not articles:
        raise nothing_left(folder, skipped)
    return Corpus(articles, digest_of(digests), files, tuple(skipped))


def read_source(
    folder: Path,
    source: str,
    *,
    max_file_mb: float = DEFAULT_MAX_FILE_MB,
    max_pdf_pages: float = DEFAULT_MAX_PDF_PAGES,
) -> Corpus:
    """What one file of a folder holds, given by its path within; what cannot be read is listed."""
    path = folder / source
    articles: list[Article] = []
    files: list[SourceFile] = []
    skipped: list[SkippedFile] = []
    try:
        _refuse_undecodable_name(source)
        for member, decoded in decode_members(path, max_file_mb, max_pdf_pages):
            inner = f"{source}{ARCHIVE_MARK}{member}" if member else source
            if isinstance(decoded, ArticleError):
                skipped.append(SkippedFile(inner, str(decoded)))
                continue
            articles.extend(_laid_out(path, inner, decoded)[1])
            files.append(SourceFile(inner, decoded.encoding, decoded.remarks))
    except ArticleError as error:
        skipped.append(SkippedFile(_printable(source), str(error)))
    return Corpus(tuple(articles), "", tuple(files), tuple(skipped))


def unknown_files(folder: Path, known: Iterable[str]) -> list[SkippedFile]:
    """One line for each suffix that the program does not know, naming the first of its files.

    ``known`` are the paths, within the folder, of those that it does.
    """
    own = {name for path in known for name in (path, path + LAYOUT_SUFFIX)}
    by_suffix: dict[str, list[str]] = {}
    for path in files_in(folder):
        if path not in own and (folder / path).is_file():
            by_suffix.setdefault(PurePosixPath(path).suffix.lower(), []).append(_printable(path))
    return [
        SkippedFile(
            sources[0],
            f"不认识 {suffix or '没有后缀的'} 文件（{len(sources)} 个，没有读）；"
            "是文章的话，请另存为 .txt、.docx 或 .pdf",
        )
        for suffix, sources in by_suffix.items()
    ]


def article_from_text(article_id: str, title: str, text: str, source: str) -> Article:
    """A text taken as it is: no repair, and its own source."""
    spans = (TextSpan(0, 0, len(text)),) if text else ()
    return Article(id=article_id, title=title, source=source, text=text, spans=spans)


def corpus_in_memory(articles: Sequence[Article]) -> Corpus:
    """A corpus of articles that were read elsewhere; CorpusError when two have the same id."""
    digest = hashlib.sha256()
    if twice := [id_ for id_, count in Counter(a.id for a in articles).items() if count > 1]:
        raise CorpusError(f"有两篇文章的编号都是 {twice[0]}；请让每篇的 id 不同，例如分文件夹读入")
    for article in articles:
        for part in (article.id, article.full_title, article.text, *article.headings):
            digest.update(f"{len(part)}:{part}".encode())
    return Corpus(tuple(articles), digest.hexdigest())


def _printable(source: str) -> str:
    """The path, its bytes that are no UTF-8 read as GB18030, as old Chinese archives have them."""
    try:
        source.encode()
    except UnicodeEncodeError:
        return os.fsencode(source).decode("gb18030", "replace")
    return source


def _refuse_undecodable_name(source: str) -> None:
    """Such a path can stand neither in the index nor in an answer."""
    if _printable(source) != source:
        raise ArticleError(f"文件名 {_printable(source)} 不是 UTF-8 编码；请改名后再试")


def nothing_left(folder: Path, skipped: Sequence[SkippedFile]) -> CorpusError:
    """The error of a folder without an article that can be read."""
    if skipped:
        return CorpusError(
            f"文件夹 {folder} 里没有读得了的文章（跳过 {len(skipped)} 个，如 {skipped[0].reason}）"
        )
    kinds = "、".join(SUFFIXES)
    return CorpusError(f"文件夹 {folder} 里没有文章；请放入 {kinds} 文件后再试")


def _laid_out(path: Path, source: str, decoded: Decoded) -> tuple[PageLayout, list[Article]]:
    """The layout of a file, as its override says or as it is guessed, and its articles.

    What the file says of itself (title, date, site) goes before what its text says.
    """
    written = override_path(path)
    if written.exists():
        layout = read_override(written, decoded.text, _marks(decoded))
    else:
        layout = _guessed(decoded)
    articles = articles_of_page(layout, source, PurePosixPath(source).stem)
    own_title = decoded.title if decoded.is_one_story else ""
    return layout, [
        replace(
            article,
            title=own_title or article.title,
            date=decoded.date or article.date or decoded.created,
            publisher=decoded.origin or article.publisher,
            page_starts=decoded.page_starts,
        )
        for article in articles
    ]


def _guessed(decoded: Decoded) -> PageLayout:
    return repair_page(decoded.text, is_one_story=decoded.is_one_story, marks=_marks(decoded))


def _marks(decoded: Decoded) -> PageMarks:
    return PageMarks(decoded.tables, decoded.furniture, decoded.bylines, decoded.paragraphs)
