"""Conversations on disk: one file each, in a folder for each owner.

A file is lines of JSON: what the conversation is, then a turn on each line, so that a list of many
reads a line of each, and one damaged line costs one turn. Names of folders are digests of their
owners, so that who reads the disk cannot act as one. Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rag
from page.saved import turn_from_json, turn_to_json
from page.turns import Turn

_FOLDER = "conversations"
_FORMAT = 1
_ID = re.compile("[0-9a-f]{32}")
_LONGEST_TITLE = 60
UNREADABLE = "（读不出来的对话）"


class ConversationError(rag.RagError):
    """A conversation cannot be kept or found."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the list of conversations shows of one; ``changed`` is a time in ISO 8601."""

    id: str
    title: str
    corpus: str
    changed: str


def new_id() -> str:
    """An id that nobody can guess: 128 bits."""
    return secrets.token_hex(16)


class Conversations:
    """The conversations of all owners under a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / _FOLDER
        self._deleted: set[Path] = set()

    def all_of(self, owner: str) -> list[Kept]:
        """The conversations of an owner, the one changed last first."""
        try:
            paths = [path for path in self._of(owner).iterdir() if path.suffix == ".jsonl"]
        except OSError:
            return []
        found = [_head(path) for path in paths if _ID.fullmatch(path.stem)]
        return sorted(found, key=lambda one: one.changed, reverse=True)

    def latest(self, owner: str) -> Kept | None:
        """The conversation of an owner that was written last; one file is read, however many."""
        try:
            paths = [path for path in self._of(owner).iterdir() if path.suffix == ".jsonl"]
            return _head(max(paths, key=lambda path: path.stat().st_mtime_ns))
        except (OSError, ValueError):
            return None

    def read(self, owner: str, name: str) -> tuple[Kept, list[Turn], int]:
        """A conversation, its turns, and how many of its lines could not be read.

        ConversationError when the owner has none of this id.
        """
        path = self._path(owner, name)
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[1:]
        except OSError as error:
            raise ConversationError("没有这个对话；它可能已被删掉") from error
        turns, lost = [], 0
        for line in filter(None, lines):
            try:
                turns.append(turn_from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError, rag.RagError):
                lost += 1
        return _head(path), turns, lost

    def write(self, owner: str, name: str, corpus: str, turns: Sequence[Turn]) -> None:
        """Keep a conversation, in one step; its title stays, or is its first question.

        One that was deleted meanwhile stays so: its last answer may still have been in the making.
        """
        path = self._path(owner, name)
        if path in self._deleted:
            return
        before = _head(path) if path.is_file() else None
        title = before.title if before and before.title != UNREADABLE else _title(turns)
        _write(path, _line(title, corpus), [_dumped(turn_to_json(turn)) for turn in turns])

    def rename(self, owner: str, name: str, title: str) -> None:
        """Give a conversation a title of the owner's own."""
        title = " ".join(title.split())[:_LONGEST_TITLE]
        if not title:
            raise ConversationError("名字是空的；请写一个")
        kept, _, _ = self.read(owner, name)
        path = self._path(owner, name)
        rest = path.read_text(encoding="utf-8", errors="replace").split("\n")[1:]
        _write(path, _line(title, kept.corpus), list(filter(None, rest)))

    def delete(self, owner: str, name: str) -> None:
        """Delete a conversation; one that is not there is deleted already."""
        path = self._path(owner, name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ConversationError(f"删不掉这个对话（{error.strerror}）；请检查权限") from error
        self._deleted.add(path)

    def is_deleted(self, owner: str, name: str) -> bool:
        """Whether it was deleted since the program started: nothing more is kept under its id."""
        return bool(owner and name) and self._path(owner, name) in self._deleted

    def _of(self, owner: str) -> Path:
        return self._folder / hashlib.blake2s(owner.encode(), digest_size=16).hexdigest()

    def _path(self, owner: str, name: str) -> Path:
        if not owner or not _ID.fullmatch(name):
            raise ConversationError("没有这个对话；它可能已被删掉")
        return self._of(owner) / f"{name}.jsonl"


def _title(turns: Sequence[Turn]) -> str:
    first = " ".join(turns[0].question.split()) if turns else ""
    return first[:_LONGEST_TITLE] or "（空白）"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(title: str, corpus: str) -> str:
    changed = datetime.now(UTC).isoformat(timespec="microseconds")
    head = {"format": _FORMAT, "title": title, "corpus": corpus, "changed": changed}
    return _dumped(head)


def _head(path: Path) -> Kept:
    """What the first line says; of a damaged file its name and the time of the file."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            row = json.loads(file.readline())
        return Kept(path.stem, str(row["title"]), str(row["corpus"]), str(row["changed"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Kept(path.stem, UNREADABLE, "", "")


def _write(path: Path, head: str, lines: Sequence[str]) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh.write_text("\n".join([head, *lines, ""]), encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        raise ConversationError(
            f"对话存不进 {path.parent}（{error.strerror}）；请检查权限和磁盘空间"
        ) from error
    finally:
        if fresh.exists():
            fresh.unlink()


def to_markdown(title: str, turns: Sequence[Turn]) -> str:
    """A conversation as Markdown, its citations as footnotes."""
    parts, notes = [f"# {_plain(title)}"], []
    for place, turn in enumerate(turns, 1):
        parts.append(f"## {_plain(turn.question)}")
        answer = turn.answer
        said = _plain(turn.text or turn.error or "（没有回答）")
        for one in answer.citations if answer is not None else ():
            said = said.replace(f"\\[{one.number}\\]", f"[^{place}-{one.number}]")
            source = _plain(f"《{one.title}》 {one.source}")
            notes.append(f"[^{place}-{one.number}]: “{_plain(one.quote)}” {source}")
        parts.append(said)
    return "\n\n".join([*parts, *notes]) + "\n"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, on one line or with hard breaks."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~$!])", r"\\\1", text)
    return re.sub(r"\s*\n\s*", "  \n", escaped)
