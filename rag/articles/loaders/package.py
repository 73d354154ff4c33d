"""Zip packages looked at before they are opened: what they hold, and whether it is safe to unpack.

A few kilobytes can hold gigabytes. Knows nothing of what stands in the members.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath
from typing import Literal

from rag.errors import ArticleError

MAX_MEMBERS = 5_000
MAX_XML_MB = 25
MAX_MB = 200  # pictures and all
MAX_RATIO = 100  # of a member over a megabyte; a page of Word shrinks to a twentieth
_START_BYTES = 8
PackageKind = Literal["docx", "xlsx", "pptx", "epub", "odt", "ods", "odp", "archive"]
_PARTS: dict[str, PackageKind] = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_MIME: dict[str, PackageKind] = {
    "application/epub+zip": "epub",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
# What reading a damaged package was seen to raise.
DAMAGED = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, KeyError)


def open_package(data: bytes, name: str) -> tuple[PackageKind, zipfile.ZipFile]:
    """What kind of package it is, and the package, safe to unpack member by member.

    ArticleError when it is damaged, has a password, or is made to fill memory.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        members = package.infolist()
        if any(member.flag_bits & 1 for member in members):
            raise ArticleError(f"{name} 有密码，打不开；请去掉密码后再放入")
        kind = _kind(package)
        if kind != "archive":
            _refuse_bomb(package, members, name, _MOST_XML_MB.get(kind, MAX_XML_MB))
    except DAMAGED as error:
        what = PurePath(name).suffix or "压缩"
        raise ArticleError(f"{name} 不是 {what} 文件，或已损坏；请重新下载或另存") from error
    return kind, package


# A sheet of 10,000 rows takes some megabytes, and is read as a stream.
_MOST_XML_MB: dict[PackageKind, int] = {"xlsx": 150}


def _kind(package: zipfile.ZipFile) -> PackageKind:
    names = package.namelist()
    for start, kind in _PARTS.items():
        if "[Content_Types].xml" in names and any(name.startswith(start) for name in names):
            return kind
    if "mimetype" in names:
        with package.open("mimetype") as file:
            stated = file.read(200).decode("ascii", "replace").strip()
        return _MIME.get(stated.removesuffix("-template"), "archive")
    return "epub" if "META-INF/container.xml" in names else "archive"


def _refuse_bomb(
    package: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str, most_xml_mb: int
) -> None:
    packed = [m for m in members if m.file_size > max(1_000_000, MAX_RATIO * m.compress_size)]
    whole = sum(member.file_size for member in members)
    xml = sum(m.file_size for m in members[:MAX_MEMBERS] if _is_xml(package, m))
    if (
        len(members) > MAX_MEMBERS
        or packed
        or xml > most_xml_mb * 1_000_000
        or whole > MAX_MB * 1_000_000
    ):
        raise ArticleError(
            f"{name} 解压后有 {whole / 1e6:.0f} MB（文字部分 {xml / 1e6:.0f} MB），"
            "像是压缩炸弹，没有打开；确是文章的话，请拆小，或另存为 .txt"
        )


def _is_xml(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a member begins as XML does, whatever it is called and however it is encoded."""
    with package.open(member) as file:
        return b"<" in file.read(_START_BYTES)
