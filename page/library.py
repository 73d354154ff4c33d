"""A corpus on the page: its chatbot, its folder, and its articles by the keys of their links.

Knows nothing of Gradio, of HTML or of how a question is answered.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock, Thread
from typing import Self

import rag
from page.files import Added, add_files, put_back, stamp, take_out

_KEY_BYTES = 6
_LOOK_S = 3.0  # so often at most the folder is looked at
_PATIENCE_S = 3.0  # so long an answer waits for files that are being read
_SAMPLING = "试问例题"
_REMARKS = "remarks.txt"
_BUILT = "索引建好了"
_OF_THE_BUILDING = re.compile(rf"^(?:{_BUILT}|首次使用|正在装入)|正在重建索引$")
Progress = Callable[[str, int, int], None]


def key_of(article_id: str) -> str:
    """The name of an article in a link: 12 hexadecimal digits."""
    return hashlib.blake2s(article_id.encode(), digest_size=_KEY_BYTES).hexdigest()


class ReadOnlyError(rag.RagError):
    """The articles of this corpus are not to be changed."""


class LastFileError(rag.RagError):
    """A corpus must hold an article."""


class Library:
    """The articles of one corpus, with the chatbot that answers from them.

    ``folder`` is where its files stand, None for articles that came from no file. ``samples`` are
    questions that it is known to answer; ``remarks`` say what of the files was left out, and why.
    One that has a ``config`` is loaded anew when its files change; all who read it see that.
    """

    def __init__(
        self,
        chatbot: rag.Chatbot,
        folder: Path | None = None,
        samples: Sequence[str] = (),
        *,
        name: str = "",
        config: rag.Config | None = None,
        is_writable: bool = False,
    ) -> None:
        self.folder = folder
        self.name = name
        self.is_writable = is_writable
        self.remarks: tuple[str, ...] = ()
        self._config = config
        self._changing = RLock()
        self._looked = 0.0
        self._stamp = stamp(folder) if folder is not None and config is not None else ()
        self._take(chatbot, samples)

    @classmethod
    def load(
        cls,
        config: rag.Config,
        name: str,
        *,
        is_writable: bool,
        report: Callable[[str], None] | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """The corpus of the settings; RagError says what stands in the way."""
        chatbot, lines = _loaded(config, report, progress)
        samples = _sampled(chatbot, config, progress)
        folder = config.corpus.expanduser()
        made = cls(chatbot, folder, samples, name=name, config=config, is_writable=is_writable)
        made.remarks = lines
        return made

    def _take(self, chatbot: rag.Chatbot, samples: Sequence[str]) -> None:
        by_key = {key_of(article.id): article for article in chatbot.articles}
        self.chatbot, self.samples, self._by_key = chatbot, tuple(samples), by_key

    def article(self, article_id: str) -> rag.Article | None:
        """An article by its id; None when it is no longer there."""
        return self._by_key.get(key_of(article_id))

    def article_of(self, key: str) -> rag.Article | None:
        """An article by the key of its link; None when it is not there."""
        return self._by_key.get(key)

    def passage_count(self, article: rag.Article) -> int:
        """How many passages an article was cut into."""
        return self.chatbot.passage_counts.get(article.id, 0)

    def reload(self, progress: Progress | None = None, *, is_awaited: bool = False) -> None:
        """Read the files again; when that fails, RagError, and the articles stay as they were.

        Where an answer is awaited, the sample questions are tried beside it, not before it.
        """
        if self._config is None or self.folder is None:
            return
        with self._changing:
            now = stamp(self.folder)
            chatbot, lines = _loaded(self._config, None, progress)
            self._take(chatbot, ())
            self.remarks, self._stamp = lines, now
            if is_awaited:
                Thread(target=self._sample, args=(chatbot, self._config), daemon=True).start()
            else:
                self._sample(chatbot, self._config, progress)

    def _sample(
        self, chatbot: rag.Chatbot, config: rag.Config, progress: Progress | None = None
    ) -> None:
        samples = _sampled(chatbot, config, progress)
        if self.chatbot is chatbot:
            self.samples = samples

    def change(self, config: rag.Config, progress: Progress | None = None) -> None:
        """Answer by other settings from now on; RagError, and all stays, if that cannot be."""
        with self._changing:
            if self._config is None:
                return
            own = config.model_copy(update={"corpus": self._config.corpus})
            chatbot, lines = _loaded(own, None, progress)
            self._config, self.remarks = own, lines
            self._take(chatbot, _sampled(chatbot, own, progress))

    def follow_files(self) -> bool:
        """Read the files again if any has changed since; whether that was so.

        While others are changing them, for long, what was read before is asked.
        """
        if self._config is None or self.folder is None:
            return False
        if not self._changing.acquire(timeout=_PATIENCE_S):
            return False
        try:
            if time.monotonic() - self._looked < _LOOK_S:
                return False
            self._looked = time.monotonic()
            if stamp(self.folder) == self._stamp:
                return False
            self.reload(is_awaited=True)
            return True
        finally:
            self._changing.release()

    def add(self, uploads: Sequence[Path], progress: Progress | None = None) -> list[Added]:
        """Put files into the corpus and read it again; what became of each.

        When it cannot be read with them, they are taken out again: RagError.
        """
        folder = self._own_folder()
        with self._changing:
            added = add_files(folder, uploads)
            sources = [one.source for one in added if one.source]
            try:
                if sources:
                    self.reload(progress)
            except rag.RagError:
                with contextlib.suppress(rag.RagError):
                    take_out(folder, sources)
                raise
        return added

    def remove(self, sources: Sequence[str]) -> str:
        """Take files out of the corpus; the key that ``restore`` takes.

        When nothing would be left, they stay: RagError.
        """
        folder = self._own_folder()
        with self._changing:
            left = {one.source for one in self.chatbot.articles} - set(sources)
            if not left:
                raise LastFileError(
                    "这是最后一个文件，文章库不能空着；请先上传别的文件，或换一个文章库"
                )
            key = take_out(folder, sources)
            try:
                self.reload()
            except rag.RagError:
                put_back(folder, key)
                raise
        return key

    def restore(self, key: str) -> list[str]:
        """Put files that were removed back; their names."""
        folder = self._own_folder()
        with self._changing:
            back = put_back(folder, key)
            self.reload()
        return back

    def _own_folder(self) -> Path:
        if self.folder is None or not self.is_writable:
            raise ReadOnlyError(f"{self.name or '这些文章'} 是只读的；请上传到自己的文章库")
        return self.folder.expanduser()


def _loaded(
    config: rag.Config, report: Callable[[str], None] | None, progress: Progress | None
) -> tuple[rag.Chatbot, tuple[str, ...]]:
    """A chatbot, and what was said when its index was built."""
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        if report:
            report(line)

    chatbot = rag.load(config, report=say, progress=progress)
    return chatbot, _remarks(config.corpus_index_dir / _REMARKS, lines)


def _sampled(
    chatbot: rag.Chatbot, config: rag.Config, progress: Progress | None
) -> tuple[str, ...]:
    """Questions that the chatbot answers, the finding of which takes some seconds."""
    counted = [0]

    def found(done: int, total: int) -> None:
        counted[0] = done
        if progress:
            progress(_SAMPLING, done, total)

    samples = rag.sample_questions(chatbot, config.corpus_index_dir, progress=found)
    if progress and counted[0]:  # fewer than there might be: the count ends here
        progress(_SAMPLING, len(samples), len(samples))
    return samples


def _remarks(path: Path, lines: Sequence[str]) -> tuple[str, ...]:
    """What was said of the files when the index was built, now or at an earlier start."""
    try:
        if not any(line.startswith(_BUILT) for line in lines):
            return tuple(filter(None, path.read_text(encoding="utf-8").split("\n")))
        said = tuple(line for line in lines if not _OF_THE_BUILDING.search(line))
        path.write_text("\n".join(said), encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ()
    return said
