"""What is installed, what is readable and what would be used, one finding a line.

Knows nothing of how it is shown; repairs nothing.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rag.answer.write import PROMPT_NAME, PROMPT_VARIABLES
from rag.articles import OCR_COMMAND, ocr_version, read_corpus
from rag.assembly import models_of, saved_index
from rag.config import Config
from rag.errors import IndexStaleError, RagError
from rag.models.catalogue import (
    AUTO,
    BUILTIN,
    DEFAULT_CHAT_MODEL,
    KIND_NAMES,
    NONE,
    OPENAI_PREFIX,
    Kind,
)
from rag.models.embedder import load_embedder
from rag.models.gguf_file import gguf_fault, is_gguf
from rag.models.model_folder import (
    chat_model_fault,
    download_command,
    find_model_folder,
    is_available,
    model_fault,
)
from rag.prompts import load_prompt

_PACKAGES = (
    "sentence-transformers",
    "transformers",
    "torch",
    "faiss-cpu",
    "gradio",
    "fastapi",
    "uvicorn",
    "platformdirs",
    "rjieba",
    "opencc",
    "rensa",
    "numpy",
    "tokenizers",
    "onnxruntime",
    "safetensors",
    "pydantic",
    "typer",
    "rich",
    "filelock",
    "httpx",
    "tomlkit",
    "pypdfium2",
    "python-docx",
    "lxml",
    "openpyxl",
    "python-pptx",
    "striprtf",
    "PyYAML",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``detail`` says what was found, in Chinese."""

    what: str
    detail: str
    is_well: bool


def examine(config: Config | None = None) -> list[Finding]:
    """Look at the installation, the corpus, the index and the models of these settings."""
    config = config or Config.from_environment()
    return [
        Finding("Python", platform.python_version(), True),
        *map(_package, _PACKAGES),
        _ocr(),
        _corpus(config),
        _index(config),
        _embedder(config),
        _optional("reranker", models_of(config).reranker),
        _chat_model(config),
        _optional("entailment", models_of(config).entailment_model),
        *_compute(config),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name), True)
    except PackageNotFoundError:
        return Finding(name, "没有安装；请运行 pip install -e .", False)


def _ocr() -> Finding:
    installed = ocr_version() or f"没有安装（可选）；要读扫描的 PDF，请运行 {OCR_COMMAND}"
    return Finding("OCR", installed, True)


def _corpus(config: Config) -> Finding:
    try:
        corpus = read_corpus(
            config.corpus.expanduser(),
            max_file_mb=config.max_file_mb,
            max_pdf_pages=config.max_pdf_pages,
        )
    except RagError as error:
        return Finding("文章", str(error), False)
    left_out = f"，跳过 {len(corpus.skipped)} 个文件" if corpus.skipped else ""
    return Finding("文章", f"{config.corpus}：{len(corpus.articles)} 篇{left_out}", True)


def _index(config: Config) -> Finding:
    try:
        embedder = load_embedder(models_of(config).embedder)
        manifest = saved_index(config, embedder, is_read_whole=True).manifest
    except IndexStaleError as error:
        return Finding("索引", f"{error}，下次使用时会重建", True)
    except RagError as error:
        return Finding("索引", str(error), False)
    return Finding(
        "索引",
        f"{manifest.passages} 个段落，向量模型 {manifest.embedder_name}，"
        f"{config.index or config.corpus_index_dir}",
        True,
    )


def _embedder(config: Config) -> Finding:
    name = models_of(config).embedder
    try:
        return Finding("向量模型", f"{name}，{load_embedder(name).dimension} 维", True)
    except RagError as error:
        return Finding("向量模型", str(error), False)


def _optional(kind: Kind, name: str) -> Finding:
    """A model that an answer can do without."""
    what = KIND_NAMES[kind]
    if name == NONE:
        return Finding(what, "不用", True)
    folder = find_model_folder(name)
    if folder is None:
        return Finding(what, f"本机没有 {name}；请运行 {download_command(name)}", False)
    fault = model_fault(folder, kind)
    return Finding(what, f"{name}：{fault}" if fault else f"{name} 在本机", fault is None)


def _prompt(config: Config, found: str) -> Finding:
    try:
        load_prompt(config.prompts_dir.expanduser(), PROMPT_NAME, PROMPT_VARIABLES)
    except RagError as error:
        return Finding("对话模型", str(error), False)
    return Finding("对话模型", found, True)


def _chat_model(config: Config) -> Finding:
    wanted = models_of(config).chat_model
    if wanted == BUILTIN:
        return Finding("对话模型", "不用", True)
    name = DEFAULT_CHAT_MODEL if wanted == AUTO else wanted
    if name.startswith(OPENAI_PREFIX):
        return _server(config, name)
    if is_gguf(name):
        return _gguf(config, Path(name).expanduser())
    if is_available(name):
        return _prompt(config, f"{name} 在本机")
    if Path(name).expanduser().is_dir():
        return Finding("对话模型", f"{name}：{chat_model_fault(Path(name).expanduser())}", False)
    return Finding(
        "对话模型", f"本机没有 {name}；要用请运行 {download_command(name)}", wanted == AUTO
    )


def _gguf(config: Config, path: Path) -> Finding:
    """A chat model that is one file, and what would run it."""
    from rag.models.gguf_model import EXTRA_COMMAND, has_llama_cpp

    if fault := gguf_fault(path):
        return Finding("对话模型", f"{path}：{fault}", False)
    if has_llama_cpp():
        return _prompt(config, f"{path} 在本机，由 llama.cpp 运行")
    return _prompt(config, f"{path} 在本机；要快而省内存，请运行 {EXTRA_COMMAND}")


def _server(config: Config, address: str) -> Finding:
    """Whether a chat model's server answers; it is asked for its list of models only."""
    from rag.models.openai_model import OpenAIChatModel

    try:
        said = OpenAIChatModel.load(address).greet()
    except RagError as error:
        return Finding("对话模型", str(error), False)
    return _prompt(config, said)


def _compute(config: Config) -> list[Finding]:
    """On what and in which number format a chat model of this machine runs, if one is used."""
    wanted = models_of(config).chat_model
    name = DEFAULT_CHAT_MODEL if wanted == AUTO else wanted
    if wanted == BUILTIN or is_gguf(name) or not is_available(name):
        return []
    from rag.models.compute import choose_compute

    try:
        compute = choose_compute(config.precision)
    except RagError as error:
        return [Finding("运行方式", str(error), False)]
    tried = "，".join(f"{kind} {spent:.0f}" for kind, spent in compute.probe_ms.items())
    detail = f"{compute.device}，{compute.precision}"
    return [Finding("运行方式", f"{detail}（试测毫秒：{tried}）" if tried else detail, True)]
