"""The corpora that can be asked on the page: the one it was started with, and the user's own.

Each of the user's own is a folder in the user's data folder. Knows nothing of Gradio or of HTML.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import rag
from page.files import Added, add_files, fit_name
from page.library import Library, Progress
from page.texts import Language

OWN = "我的文章"
BUNDLED = "自带的文章"
_FOLDER = "corpora"
_RENAMED = ".renamed.json"
_LONGEST_NAME = 40


def name_in(name: str, say: Language) -> str:
    """The name of a library as a reader sees it: those that the program gives are its own texts."""
    return say(name) if name in (OWN, BUNDLED) else name


class ShelfError(rag.RagError):
    """A corpus cannot be made or renamed."""


class Shelf:
    """Libraries by name; one of the user's own is loaded when it is first opened.

    ``kept`` is the user's data folder; without a ``config`` there is only the first library.
    """

    def __init__(
        self, first: Library, kept: Path | None = None, config: rag.Config | None = None
    ) -> None:
        self.first = first
        self._folder = kept / _FOLDER if kept is not None and config is not None else None
        self._config = config
        self._open: dict[str, Library] = {first.name: first}
        self._opening = threading.RLock()

    @property
    def config(self) -> rag.Config | None:
        """The settings of all libraries; None where there are none to change."""
        return self._config

    def change(self, changes: Mapping[str, str | float], progress: Progress | None = None) -> None:
        """Change settings of all libraries; RagError, and all stays, when they cannot be had."""
        with self._opening:
            if self._config is None:
                return
            config = rag.Config(**(self._config.model_dump() | dict(changes)))
            for library in self._open.values():
                library.change(config, progress)
            self._config = config

    @property
    def names(self) -> list[str]:
        """The first library's name, then those of the user's own."""
        if self._folder is None or not self._folder.is_dir():
            return [self.first.name]
        own = sorted(path.name for path in self._folder.iterdir() if path.is_dir())
        return [self.first.name, *(name for name in own if not name.startswith("."))]

    def current(self, name: str) -> str | None:
        """What a library of this name is called now; None when there is none any more."""
        names, renamed = self.names, self._renamed()
        for _ in range(len(renamed) + 1):
            if name in names:
                return name
            name = renamed.get(name, "")
        return None

    def _renamed(self) -> dict[str, str]:
        """Names that libraries had, and the next one: conversations go on naming the old."""
        if self._folder is None:
            return {}
        try:
            kept = json.loads((self._folder / _RENAMED).read_text(encoding="utf-8"))
            return {str(old): str(new) for old, new in kept.items()}
        except (OSError, ValueError, AttributeError):
            return {}

    def _keep_renamed(self, folder: Path, old: str, new: str) -> None:
        told = json.dumps(self._renamed() | {old: new}, ensure_ascii=False)
        with contextlib.suppress(OSError):  # a name that nobody can follow is no reason to fail
            (folder / _RENAMED).write_text(told, encoding="utf-8")

    def open(self, name: str, progress: Progress | None = None) -> Library:
        """The library of a name; RagError when there is none, or nothing in it can be read."""
        with self._opening:
            if name not in self._open:
                if name not in self.names:
                    raise ShelfError(f"没有叫 {name} 的文章库")
                self._open[name] = Library.load(
                    self._settings(name), name, is_writable=True, progress=progress
                )
            return self._open[name]

    def add(
        self, library: Library, uploads: Sequence[Path], progress: Progress | None = None
    ) -> tuple[Library, list[Added]]:
        """Put files into a library, into one of the user's own where it must not be changed.

        Gives the library that has them now, the one before where none was any good, and what became
        of each file.
        """
        if library.is_writable:
            return library, library.add(uploads, progress)
        if OWN in self.names:
            own = self.open(OWN, progress)
            added = own.add(uploads, progress)
            return own if any(not one.fault for one in added) else library, added
        with self._opening:
            folder = self._settings(OWN).corpus
            added = add_files(folder, uploads)
            if not any(one.source for one in added):
                with contextlib.suppress(OSError):
                    folder.rmdir()
                return library, added
            return self.open(OWN, progress), added

    def rename(self, library: Library, name: str) -> Library:
        """The library under another name; the first one keeps its own."""
        name = fit_name(name.strip())[:_LONGEST_NAME]
        if library is self.first or self._folder is None:
            raise ShelfError(f"{library.name} 不能改名；它不在你的文章库里")
        if name in self.names:
            raise ShelfError(f"已有叫 {name} 的文章库；请换一个名字")
        with self._opening:
            try:
                (self._folder / library.name).rename(self._folder / name)
            except OSError as error:
                raise ShelfError(f"改不了名（{error.strerror}）；请换一个名字") from error
            self._open.pop(library.name, None)
            self._keep_renamed(self._folder, library.name, name)
            return self.open(name)

    def _settings(self, name: str) -> rag.Config:
        if self._folder is None or self._config is None:
            raise ShelfError("这里不能另建文章库")
        return self._config.model_copy(update={"corpus": self._folder / name})
