"""Zip archives: the files in them, one after another, within limits.

An archive within an archive stays packed. Knows nothing of formats.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from rag.articles.loaders.kinds import FOREIGN_SUFFIXES, SUFFIXES
from rag.articles.loaders.package import DAMAGED, MAX_RATIO
from rag.errors import ArticleError

ARCHIVE_MARK = "!/"
_MAX_FILES = 2_000
_MAX_MEMBER_MB, _MAX_MB = 50, 500
_UTF8_NAME = 0x800


def members_of(
    package: zipfile.ZipFile, name: str, only: str | None = None
) -> Iterator[tuple[str, bytes | ArticleError]]:
    """The files of an archive that may hold articles, by their paths in it; or one of them.

    A member over a limit, or damaged, comes with an error; what comes behind so many files or
    bytes is named once under the archive's own name, the empty one.
    """
    read = files = 0
    for member in package.infolist():
        path = path_of(member)
        if not _may_hold_articles(member, path) or (only is not None and path != only):
            continue
        files += 1
        read += member.file_size
        if files > _MAX_FILES or read > _MAX_MB * 1_000_000:
            limit = f"{_MAX_FILES} 个文件、{_MAX_MB} MB"
            yield (
                "",
                ArticleError(f"{name} 只读了前 {files - 1} 个文件（上限 {limit}）；请解压后放入"),
            )
            return
        yield path, _bytes_of(package, member, path)


def path_of(member: zipfile.ZipInfo) -> str:
    """The path of a member; names that are not marked as UTF-8 are read as GB18030."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _may_hold_articles(member: zipfile.ZipInfo, path: str) -> bool:
    parts = PurePosixPath(path).parts
    is_hidden = any(part.startswith((".", "__MACOSX")) or part == ".." for part in parts)
    suffix = PurePosixPath(path).suffix.lower()
    return not member.is_dir() and not is_hidden and suffix in (*SUFFIXES, *FOREIGN_SUFFIXES)


def _bytes_of(package: zipfile.ZipFile, member: zipfile.ZipInfo, path: str) -> bytes | ArticleError:
    size = member.file_size
    if size > _MAX_MEMBER_MB * 1_000_000 or size > max(1_000_000, MAX_RATIO * member.compress_size):
        return ArticleError(f"{path} 解压后有 {size / 1e6:.0f} MB，像是压缩炸弹，没有打开；请拆小")
    try:
        return package.read(member)
    except (*DAMAGED, OSError) as error:
        return ArticleError(f"{path} 在压缩包里已损坏（{error}）；请重新打包")
