"""Fetches a model into the hub cache: resumable, each file checked, visible only when whole.

Knows nothing of what a model is for. huggingface_hub's own download is not used: since 2.x it
throws away what it had when it is interrupted. The files lie as that library lays them, so that
it, transformers and ``find_model_folder`` all find them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout

from rag.errors import ModelError
from rag.models.catalogue import Origin, format_bytes
from rag.models.hubs import Hub, Listing, RemoteFile, list_files, unreachable
from rag.models.model_folder import cache_folder, hub_cache

Progress = Callable[[str, int, int], None]
Report = Callable[[str], None]
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)
_CHUNK = 1 << 20
# After so many breaks in a row that brought no byte, the line counts as dead.
_ATTEMPTS = 5
_SPARE_BYTES = 50_000_000


def pull(
    model: str,
    origin: Origin = "hub",
    *,
    report: Report,
    progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch a model's newest revision into the hub cache and give its folder.

    ``report`` gets the size before the first byte; ``progress(file, done, total)`` counts bytes.
    What was fetched before an interruption is kept and gone on from. ModelError when the model is
    not to be had, the disk too small, or a checksum wrong; then nothing is left that could be
    taken for a model.
    """
    with _client(origin) as client:
        listing, hub = list_files(client, origin, model)
        home = cache_folder(model)
        with _alone(home, model):
            missing = [file for file in listing.files if not _is_whole(home, listing, file)]
            _check_space(home, model, missing)
            report(
                f"{model}：{len(listing.files)} 个文件，共 {format_bytes(listing.size)}，"
                f"还要下载 {format_bytes(_left(home, missing))}，"
                f"从 {hub.endpoint} 到 {home}"
            )
            download = _Download(client, hub, progress, wait)
            for file in missing:
                with _told(file, home):
                    part = home / "blobs" / f"{file.checksum}.part"
                    download.fetch(file, part)
                    _place(part, home / "snapshots" / listing.revision / file.path)
            return _publish(home, listing.revision)


class _Download:
    """Brings single files over a line that may break."""

    def __init__(
        self,
        client: httpx.Client,
        hub: Hub,
        progress: Progress | None,
        wait: Callable[[float], None],
    ) -> None:
        self._client = client
        self._hub = hub
        self._progress = progress
        self._wait = wait

    def fetch(self, file: RemoteFile, part: Path) -> None:
        """Bring ``part`` to the whole file, from where it is; ModelError when it comes out wrong.

        A file whose checksum is wrong is fetched once more from the start, since the part may have
        been begun by an older revision or a broken line; then it is deleted.
        """
        part.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            self._complete(file, part)
            if _checksum(part, file) == file.checksum:
                return
            part.unlink()
        raise ModelError(
            f"{self._hub.endpoint} 给的 {file.path} 校验和不符，已经删去；"
            "请稍后再试，或换一个来源：--from hub 或 --from modelscope"
        )

    def _complete(self, file: RemoteFile, part: Path) -> None:
        """Ask for what is missing until all bytes are there."""
        breaks = 0
        while (have := _size(part)) != file.size or not part.exists():
            try:
                self._append(file, part, have if have < file.size else 0)
            except httpx.HTTPStatusError as error:
                if not _may_pass(error.response.status_code):
                    raise self._refused(file, error.response.status_code) from error
                fault: Exception = error
            except httpx.HTTPError as error:
                fault = error
            else:
                if _size(part) == file.size:
                    return
                fault = httpx.RemoteProtocolError("连接提前断开")
            breaks = 0 if _size(part) > have else breaks + 1
            if breaks >= _ATTEMPTS:
                raise unreachable(self._hub.endpoint, fault) from fault
            self._wait(min(2.0**breaks, 30.0))

    def _append(self, file: RemoteFile, part: Path, have: int) -> None:
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with self._client.stream("GET", file.url, headers=headers, timeout=_TIMEOUT) as response:
            response.raise_for_status()
            have = have if response.status_code == httpx.codes.PARTIAL_CONTENT else 0
            with part.open("r+b" if have else "wb") as target:
                target.seek(have)
                target.truncate()
                for chunk in response.iter_raw():  # as it comes: a break costs nothing
                    have += len(chunk)
                    if have > file.size:
                        raise self._refused(file, "比清单上的长")
                    target.write(chunk)
                    if self._progress is not None:
                        self._progress(file.path, have, file.size)

    def _refused(self, file: RemoteFile, fault: object) -> ModelError:
        return ModelError(
            f"{self._hub.endpoint} 没有给出 {file.path}（{fault}）；"
            "请稍后再试，或换一个来源：--from hub 或 --from modelscope"
        )


def _client(origin: Origin) -> httpx.Client:
    """A client that follows the hub to its storage; httpx keeps the token from other hosts."""
    token = os.environ.get("HF_TOKEN") if origin == "hub" else None
    headers = {"User-Agent": "yinju"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return httpx.Client(follow_redirects=True, headers=headers)


def _may_pass(status: int) -> bool:
    return status in (408, 416, 429) or status >= 500


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _checksum(path: Path, file: RemoteFile) -> str:
    """The file's checksum, of the kind that the hub gave."""
    is_git = len(file.checksum) == 40
    digest: Any = hashlib.sha1(usedforsecurity=False) if is_git else hashlib.sha256()
    if is_git:
        digest.update(b"blob %d\0" % file.size)
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
    return str(digest.hexdigest())


def _is_whole(home: Path, listing: Listing, file: RemoteFile) -> bool:
    """Whether the file is in the snapshot: it is moved there only once it was checked."""
    path = home / "snapshots" / listing.revision / file.path
    return path.is_file() and path.stat().st_size == file.size


def _left(home: Path, missing: list[RemoteFile]) -> int:
    return sum(file.size - _size(home / "blobs" / f"{file.checksum}.part") for file in missing)


def _check_space(home: Path, model: str, missing: list[RemoteFile]) -> None:
    needed = _left(home, missing)
    free = shutil.disk_usage(home).free
    if needed and needed + _SPARE_BYTES > free:
        raise ModelError(
            f"{home} 所在的磁盘只剩 {format_bytes(free)}，{model} 还要 {format_bytes(needed)}；"
            "请腾出地方，或设 HF_HUB_CACHE 指向别的磁盘"
        )


def _place(part: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)


def _publish(home: Path, revision: str) -> Path:
    """Make the snapshot the one that ``main`` names; before this nobody takes it for a model."""
    reference = home / "refs" / "main"
    reference.parent.mkdir(parents=True, exist_ok=True)
    fresh = reference.with_name("main.new")
    fresh.write_text(revision, encoding="utf-8")
    fresh.replace(reference)
    return home / "snapshots" / revision


@contextmanager
def _alone(home: Path, model: str) -> Iterator[None]:
    """Hold the model's folder against a second pull."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".pulling.lock", timeout=0):
            yield
    except Timeout as error:
        raise ModelError(f"另一个程序正在下载 {model}；请等它做完") from error
    except PermissionError as error:
        raise ModelError(
            f"不能写模型缓存 {hub_cache()}（{error.strerror}）；请设 HF_HUB_CACHE 指向能写的文件夹"
        ) from error


@contextmanager
def _told(file: RemoteFile, home: Path) -> Iterator[None]:
    """Errors of the disk as ModelError; what was fetched so far stays for the next time."""
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"写不下 {file.path}（{error.strerror or error}），下载停在这里；"
            f"请在 {home} 所在的磁盘腾出地方后再运行同一命令，会接着下载"
        ) from error
