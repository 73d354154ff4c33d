"""Where a model lies on this machine: a folder of its own, or a snapshot in the hub cache.

Walks paths and reads small JSON files: no hub library, no torch, no network, so that
``chat_model="auto"`` costs nothing. Does not know how a model is loaded or what it is asked.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from math import prod
from pathlib import Path
from typing import Any

from rag.models.catalogue import KIND_NAMES, Kind

_MOST_HEAD_BYTES = 50_000_000
_CAUSAL = ("ForCausalLM", "LMHeadModel")
_TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt")
_TEMPLATE_FILES = ("chat_template.jinja", "chat_template.json", "additional_chat_templates")


def hub_cache() -> Path:
    """The folder of the hub's cache, by the variables that ``huggingface_hub`` reads.

    They are read at each call and not, as the library does, once at import.
    """
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if value := os.environ.get(variable):
            return Path(value).expanduser()
    caches = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{caches}/huggingface"
    return Path(home).expanduser() / "hub"


def cache_folder(name: str) -> Path:
    """The folder of one model in the hub's cache."""
    return hub_cache() / f"models--{name.replace('/', '--')}"


def download_command(name: str) -> str:
    """The command that pulls a model or profile, with the Python of this installation."""
    program, here = Path(sys.executable), Path.cwd()
    shown = program.relative_to(here) if program.is_relative_to(here) else "python"
    return f"{shown} -m rag models pull {name}"


def find_model_folder(name_or_path: str | Path) -> Path | None:
    """The local folder of that path, else the cached main snapshot of that hub name, else None."""
    folder = Path(name_or_path).expanduser()
    if folder.is_dir():
        return folder
    cached = cache_folder(str(name_or_path))
    try:
        revision = (cached / "refs" / "main").read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    snapshot = cached / "snapshots" / revision
    return snapshot if revision and snapshot.is_dir() else None


def chat_model_fault(folder: Path) -> str | None:
    """Why the folder holds no chat model that can be loaded, in Chinese; None when it may."""
    config = _read_json(folder / "config.json")
    if config is None:
        return "缺少可读的 config.json"
    architectures = config.get("architectures") or []
    if architectures and not any(str(name).endswith(_CAUSAL) for name in architectures):
        return f"{architectures[0]} 不是生成文字的因果语言模型"
    if fault := _weights_fault(folder):
        return fault
    if fault := _tokenizer_fault(folder):
        return fault
    settings = _read_json(folder / "tokenizer_config.json") or {}
    if not settings.get("chat_template") and not any(
        (folder / name).exists() for name in _TEMPLATE_FILES
    ):
        return "没有对话模板（chat_template），它多半是未经对话训练的基座模型"
    return None


def parameters_in(folder: Path) -> int:
    """How many numbers the weights of a folder are, by the heads of its files; 0 if unread."""
    count = 0
    for path in folder.glob("*.safetensors"):
        try:
            with path.open("rb") as file:
                (length,) = struct.unpack("<Q", file.read(8))
                head = json.loads(file.read(min(length, _MOST_HEAD_BYTES)))
            tensors = [one for name, one in head.items() if name != "__metadata__"]
            count += sum(prod(one["shape"]) for one in tensors)
        except (OSError, ValueError, struct.error, KeyError, TypeError):
            return 0
    return count


def model_fault(folder: Path, kind: Kind) -> str | None:
    """Why the folder holds no whole model of that kind, in Chinese; None when it may."""
    if kind == "chat":
        return chat_model_fault(folder)
    if _read_json(folder / "config.json") is None:
        return "缺少可读的 config.json"
    if kind != kind_of(folder):
        return f"它不是{KIND_NAMES[kind]}"
    return _weights_fault(folder) or _tokenizer_fault(folder)


def kind_of(folder: Path) -> Kind:
    """What a folder's model is for, by the architecture that its config names."""
    architectures = (_read_json(folder / "config.json") or {}).get("architectures") or [""]
    name = str(architectures[0])
    if name.endswith("ForSequenceClassification"):
        return "entailment" if _has_inference_labels(folder) else "reranker"
    is_embedder = (folder / "modules.json").is_file() or not name.endswith(_CAUSAL)
    return "embedder" if is_embedder else "chat"


def _has_inference_labels(folder: Path) -> bool:
    labels = (_read_json(folder / "config.json") or {}).get("id2label") or {}
    return isinstance(labels, dict) and any("entail" in str(it).lower() for it in labels.values())


def is_available(name_or_path: str | Path, kind: Kind = "chat") -> bool:
    """Whether a whole model of that name or path is on this machine."""
    folder = find_model_folder(name_or_path)
    return folder is not None and model_fault(folder, kind) is None


def _weights_fault(folder: Path) -> str | None:
    """An interrupted download leaves an index of shards, but not all the shards."""
    present = {path.name for path in folder.glob("*.safetensors") if path.is_file()}
    index = _read_json(folder / "model.safetensors.index.json")
    if index is not None:
        missing = sorted(set((index.get("weight_map") or {}).values()) - present)
        return f"权重不全，缺 {len(missing)} 个文件（如 {missing[0]}）" if missing else None
    return None if present else "缺少 safetensors 权重（别的权重格式不读）"


def _tokenizer_fault(folder: Path) -> str | None:
    is_there = any((folder / name).is_file() for name in _TOKENIZER_FILES)
    return None if is_there else "缺少分词器（tokenizer.json）"


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
