"""``python -m rag models``: what is supported and here, fetching models, choosing them.

Knows nothing of how a model is run. Beside ``make app PROFILE=…``, which calls it, ``pull`` is the
only command of the program that downloads anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.assembly import models_of
from rag.config import MODEL_SETTINGS, Config, write_settings
from rag.console import progress_bars, report
from rag.errors import ModelError
from rag.models.catalogue import (
    AUTO,
    CARDS,
    KIND_NAMES,
    OPENAI_PREFIX,
    PROFILES,
    Kind,
    Origin,
    format_bytes,
)
from rag.models.gguf_file import gguf_fault, is_gguf
from rag.models.local_servers import local_servers
from rag.models.model_folder import download_command, find_model_folder
from rag.upkeep import fault_of, kind_in, pull_model

models = typer.Typer(no_args_is_help=True, help="列出、下载、选用模型。")
_SETTING_OF: dict[Kind, str] = dict(zip(KIND_NAMES, MODEL_SETTINGS, strict=True))


@models.command("list")
def list_models() -> None:
    """列出支持的模型：用途、大小、许可证，本机有没有，在用哪些。"""
    in_use = models_of(Config.from_environment())
    for card in CARDS:
        mark = "*" if card.name in in_use else " "
        facts = f"{format_bytes(card.size_bytes):>8}  {card.licence:<10}"
        here = fault_of(card.name) or "已有"
        print(f"{mark} {card.name:<28} {facts}  {here}  {KIND_NAMES[card.kind]}：{card.use}")
    print()
    for name, profile in PROFILES.items():
        if AUTO not in profile:
            total = sum(card.size_bytes for card in CARDS if card.name in profile)
            print(f"{name:<8} {format_bytes(total):>8}  {'、'.join(profile.to_pull) or '不用下载'}")
    used = (f"{kind} {name}" for kind, name in zip(KIND_NAMES.values(), in_use, strict=True))
    print(f"\n在用（*）：{'，'.join(used)}")
    print("下载：models pull 模型名，或 cpu、gpu；选用：models use")
    for server in local_servers():
        print(f"{server.name} 开着，选用其中的模型：models use {server.address}#{server.model}")


@models.command("pull")
def pull_models(
    name: Annotated[str, typer.Argument(help="cpu、gpu，或模型名，如 Qwen/Qwen3-1.7B")],
    origin: Annotated[Origin, typer.Option("--from", help="从哪里下载")] = "hub",
    again: Annotated[bool, typer.Option("--again", help="已在本机也看看有没有新版")] = False,
) -> None:
    """下载一套模型或一个模型；先说大小，断了再运行会接着下载。"""
    names = PROFILES[name].to_pull if name in PROFILES else (name,)
    if not names:
        report(f"{name} 不需要下载模型")
    for model in names:
        if not again and fault_of(model) is None:
            report(f"{model} 已在本机")
            continue
        with progress_bars(of_bytes=True) as progress:
            pull_model(model, origin, report=report, progress=progress)
        report(f"{model} 下载完了，校验和都对；选用它：models use {model}")


@models.command("use")
def use_models(
    name: Annotated[
        str,
        typer.Argument(
            help="auto、builtin、cpu、gpu，或模型名、文件夹、.gguf 文件、openai:网址#模型名"
        ),
    ],
) -> None:
    """以后都用这套模型或这个模型；记在当前文件夹的 yinju.toml 里。"""
    if name in PROFILES:
        for model in PROFILES[name].to_pull:
            _usable_folder(model, download_command(name))
        setting, value = "profile", name
        path = write_settings({setting: value}, removed=MODEL_SETTINGS)
    else:
        setting, value = _setting_for(name)
        path = write_settings({setting: value})
    report(f"{path} 里记下了：{setting} = {value}")


def _setting_for(name: str) -> tuple[str, str]:
    """Which setting a model belongs in, and what to write there."""
    if name.startswith(OPENAI_PREFIX):
        return _SETTING_OF["chat"], name
    if is_gguf(name):
        path = Path(name).expanduser()
        if fault := gguf_fault(path):
            raise ModelError(f"{name} 还不能用：{fault}；请换一个文件或重新下载")
        return _SETTING_OF["chat"], str(path.resolve())
    folder = _usable_folder(name, download_command(name))
    is_path = Path(name).expanduser().is_dir()
    return _SETTING_OF[kind_in(name, folder)], str(folder.resolve()) if is_path else name


def _usable_folder(name: str, command: str) -> Path:
    """The folder of a whole model; ModelError with the command that mends it when there is none."""
    folder, fault = find_model_folder(name), fault_of(name)
    if folder is None or fault:
        raise ModelError(f"模型 {name} 还不能用（{fault}）；请先运行 {command}")
    return folder
