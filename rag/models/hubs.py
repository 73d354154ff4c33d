"""Where models come from: which files a hub has of a model, with sizes and checksums.

Two hubs: the one of ``HF_ENDPOINT`` and ModelScope. Knows nothing of where files are put. Only
names, sizes and checksums are believed here, and none before it was looked at.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import quote

import httpx

from rag.errors import ModelError
from rag.models.catalogue import Origin

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_MAX_LISTING_BYTES = 20_000_000
_NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*")
# What is read of a model: no other weights, no code, no second copy for another runtime.
_SUFFIXES = frozenset({".safetensors", ".json", ".txt", ".model", ".jinja"})
_SUBFOLDER = re.compile(r"\d+_\w+")  # the modules of sentence-transformers, as 1_Pooling
_CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a model; ``checksum`` is SHA-256, or git's SHA-1 of a blob when it has 40 signs."""

    path: str
    size: int
    checksum: str
    url: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of one revision of a model that have to be here to run it."""

    model: str
    revision: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


class Hub(Protocol):
    """A place that lists models."""

    @property
    def endpoint(self) -> str:
        """Its address, for the reader."""
        ...

    def listing(self, client: httpx.Client, model: str) -> Listing:
        """The needed files of the newest revision; ModelError when there are none to be had."""
        ...


class HuggingFaceHub:
    """The hub at ``HF_ENDPOINT``, a mirror or the original."""

    def __init__(self) -> None:
        self.endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")

    def listing(self, client: httpx.Client, model: str) -> Listing:
        """The files on branch ``main``, from ``/api/models/NAME/revision/main?blobs=true``."""
        answer = _ask(client, self, f"/api/models/{model}/revision/main?blobs=true", model)

        def read() -> Listing:
            revision = _word(answer["sha"])
            return Listing(
                model,
                revision,
                _needed(
                    RemoteFile(
                        path=str(row["rfilename"]),
                        size=int(row["size"]),
                        checksum=str((row.get("lfs") or {}).get("sha256") or row["blobId"]),
                        url=f"{self.endpoint}/{model}/resolve/{revision}/{quote(row['rfilename'])}",
                    )
                    for row in answer["siblings"]
                ),
            )

        return _checked(read, self, model)


class ModelScope:
    """The public file API of ModelScope; the variables are those of its own library."""

    def __init__(self) -> None:
        scheme = os.environ.get("MODELSCOPE_URL_SCHEME") or "https://"
        self.endpoint = scheme + (os.environ.get("MODELSCOPE_DOMAIN") or "www.modelscope.cn")

    def listing(self, client: httpx.Client, model: str) -> Listing:
        """The files on branch ``master``; its revision is a digest of names and checksums."""
        base = f"/api/v1/models/{model}/repo"
        answer = _ask(client, self, f"{base}/files?Revision=master&Recursive=true", model)

        def read() -> Listing:
            files = _needed(
                RemoteFile(
                    path=str(row["Path"]),
                    size=int(row["Size"]),
                    checksum=str(row["Sha256"]).lower(),
                    url=f"{self.endpoint}{base}?Revision=master&FilePath={quote(row['Path'])}",
                )
                for row in answer["Data"]["Files"]
                if row["Type"] == "blob"
            )
            lines = "\n".join(f"{file.path} {file.checksum}" for file in files)
            digest = hashlib.sha256(lines.encode()).hexdigest()[:40]
            return Listing(model, digest, files)

        return _checked(read, self, model)


HUBS: Mapping[Origin, Callable[[], Hub]] = {"hub": HuggingFaceHub, "modelscope": ModelScope}


def list_files(client: httpx.Client, origin: Origin, model: str) -> tuple[Listing, Hub]:
    """What has to be fetched of a model, and the hub that has it; ModelError in one line."""
    if not _NAME.fullmatch(model):
        raise ModelError(
            f"“{model}”不是一套模型，也不是模型名；请写 cpu、gpu，或 作者/名字，如 Qwen/Qwen3-1.7B"
        )
    hub = HUBS[origin]()
    listing = hub.listing(client, model)
    if not any(file.path.endswith(".safetensors") for file in listing.files):
        raise ModelError(
            f"{model} 没有 safetensors 权重（别的格式可能夹带程序，不读）；请换一个模型"
        )
    return listing, hub


def _ask(client: httpx.Client, hub: Hub, path: str, model: str) -> Any:
    try:
        with client.stream("GET", hub.endpoint + path, timeout=_TIMEOUT) as response:
            if response.status_code in (401, 403, 404):
                raise ModelError(
                    f"{hub.endpoint} 上没有可公开下载的模型 {model}（{response.status_code}）；"
                    "请检查名字，或换一个来源：--from hub 或 --from modelscope"
                )
            response.raise_for_status()
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_LISTING_BYTES:
                    raise _strange(hub, model, "文件清单太长")
            return json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise unreachable(hub.endpoint, error) from error
    except ValueError as error:
        raise _strange(hub, model, "文件清单不是 JSON") from error


def unreachable(endpoint: str, error: Exception) -> ModelError:
    """The error of a hub that cannot be reached, with the ways around it."""
    reason = (str(error).splitlines() or [""])[0][:120] or type(error).__name__
    return ModelError(
        f"连不上 {endpoint}（{reason}）；请稍后再试（已下载的会接着用），"
        "或设 HF_ENDPOINT=https://hf-mirror.com，或加 --from modelscope"
    )


def _strange(hub: Hub, model: str, fault: str) -> ModelError:
    return ModelError(f"{hub.endpoint} 给出的 {model} 的{fault}；请稍后再试，或换一个来源")


def _checked(read: Callable[[], Listing], hub: Hub, model: str) -> Listing:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _strange(hub, model, f"文件清单看不懂（{error}）") from error


def _needed(files: Iterable[RemoteFile]) -> tuple[RemoteFile, ...]:
    """The files to fetch, small ones first; ValueError for a path or checksum that is none."""
    needed = [file for file in files if _is_needed(file.path)]
    for file in needed:
        if not _CHECKSUM.fullmatch(file.checksum) or file.size < 0:
            raise ValueError(file.path)
    return tuple(sorted(needed, key=lambda file: (file.size, file.path)))


def _is_needed(path: str) -> bool:
    """Whether a path is one of the kinds that are read; what would leave the folder never is."""
    parts = PurePosixPath(path).parts
    in_place = len(parts) == 1 or (len(parts) == 2 and _SUBFOLDER.fullmatch(parts[0]))
    is_plain = "\\" not in path and not path.startswith("/") and ".." not in parts
    is_licence = parts[-1:] != () and parts[-1].startswith("LICENSE")
    return bool(in_place and is_plain and (PurePosixPath(path).suffix in _SUFFIXES or is_licence))


def _word(value: Any) -> str:
    """A revision that can be the name of a folder."""
    if not isinstance(value, str) or not re.fullmatch(r"[\w-]{1,64}", value):
        raise ValueError(value)
    return value
