"""Settings: keyword fields with defaults, and where their values come from.

Flags win over ``YINJU_*`` variables, these over ``yinju.toml`` in the working folder, these over
the defaults. Only ``assembly`` and the programs above it see a ``Config``; stage modules take
plain keyword arguments.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import ConfigError

ENVIRONMENT_PREFIX = "YINJU_"
# A secret is no setting: it must not be printed or written with the others.
API_KEY_VARIABLE = "YINJU_API_KEY"
INDEX_TOKEN_VARIABLE = "YINJU_INDEX_TOKEN"  # noqa: S105 (a name)
# Where the page keeps what is its user's; the library has no use for it.
HOME_VARIABLE = "YINJU_HOME"
_NO_SETTINGS = (API_KEY_VARIABLE, INDEX_TOKEN_VARIABLE, HOME_VARIABLE)
SETTINGS_FILE = "yinju.toml"
# What pydantic's complaints ask for, by their type.
_WANTED = {
    "greater_than": "要大于 {gt:g}",
    "greater_than_equal": "要不小于 {ge:g}",
    "less_than_equal": "要不大于 {le:g}",
    "int_parsing": "要一个整数",
    "int_type": "要一个整数",
    "int_from_float": "要一个整数",
    "float_parsing": "要一个数",
    "float_type": "要一个数",
    "string_type": "要一段文字",
    "path_type": "要一个路径",
    "finite_number": "要一个有限的数",
    "literal_error": "要 {expected} 之一",
}
# What a profile decides: naming one undoes what weaker places say of these.
MODEL_SETTINGS = ("embedder", "reranker", "chat_model", "entailment_model")
_PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """The folder ``name`` that ships with the program: in a wheel, or in the checkout."""
    inside = _PACKAGE / "bundled" / name
    return inside if inside.exists() else _PACKAGE.parent / name


class Config(BaseModel):
    """All settings, checked when made; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus: Path = Field(default_factory=lambda: bundled("seeds"), description="文章文件夹")
    index_dir: Path = Field(default=Path(".yinju"), description="索引所在的文件夹")
    index: str = Field(
        default="",
        description="Milvus 的网址（http://主机:19530）或文件夹，# 后可写名字；空：在 index_dir 里",
    )
    prompts_dir: Path = Field(
        default_factory=lambda: bundled("prompts"), description="提示词文件夹"
    )
    profile: Literal["auto", "builtin", "cpu", "gpu"] = Field(
        default="auto", description="一套模型；下面四项是 auto 的由它定"
    )
    embedder: str = Field(default="auto", description="向量模型：auto、builtin、模型名或本地文件夹")
    reranker: str = Field(
        default="auto", description="重排模型：auto、none（不重排）、模型名或本地文件夹"
    )
    chat_model: str = Field(
        default="auto",
        description=(
            "对话模型：auto、builtin（不用）、模型名、本地文件夹、.gguf 文件或 openai:网址#模型名"
        ),
    )
    entailment_model: str = Field(
        default="auto",
        description="蕴含模型，再核对一遍写出的句子：auto、none（不用）、模型名或本地文件夹",
    )
    precision: Literal["auto", "float32", "bfloat16", "int8"] = Field(
        default="auto", description="对话模型的数值格式；auto 在本机上试一试再定"
    )
    rerank_seconds: float = Field(
        default=0.8, ge=0.0, description="重排一次提问最多花的秒数，深度由它和实测速度定"
    )
    passage_chars: int = Field(default=240, ge=40, le=4000, description="一个段落最多的字数")
    candidates: int = Field(default=50, ge=1, le=1000, description="融合前每路取多少段落")
    top_k: int = Field(default=8, ge=1, le=100, description="交给回答的段落数")
    vector_weight: float = Field(
        default=0.3, ge=0.0, le=1.0, description="融合时向量检索所占的分量，其余归词项"
    )
    answer_threshold: float = Field(
        default=0.22, ge=0.0, le=1.0, description="证据能回答问题的概率低于它就拒答"
    )
    max_question_chars: int = Field(default=1000, ge=10, description="问题最多的字数")
    max_file_mb: float = Field(default=50.0, gt=0, description="单个文件的上限（MB）")
    max_pdf_pages: int = Field(default=2000, ge=1, description="一个 PDF 最多读多少页")
    max_new_tokens: int = Field(default=400, ge=16, description="对话模型一次最多写多少词元")

    def __init__(self, **values: Any) -> None:
        """Check the values given, defaults for the rest; ConfigError names the first fault."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise ConfigError(_first_fault(error)) from None

    @classmethod
    def from_environment(
        cls, flags: Mapping[str, Any] | None = None, folder: Path | None = None
    ) -> Self:
        """Settings from flags, then ``YINJU_*``, then ``yinju.toml`` in ``folder``, then defaults.

        A flag of None counts as not given. A place that names a profile undoes the models that
        weaker places name.
        """
        values: dict[str, Any] = {}
        for layer in (
            _from_file((folder or Path.cwd()) / SETTINGS_FILE),
            _from_variables(os.environ),
            {name: value for name, value in (flags or {}).items() if value is not None},
        ):
            if "profile" in layer:
                values = {name: values[name] for name in values if name not in MODEL_SETTINGS}
            values |= layer
        return cls(**values)

    @property
    def corpus_index_dir(self) -> Path:
        """The folder of this corpus's index: one for each corpus path."""
        corpus = self.corpus.expanduser().resolve()
        return self.index_dir.expanduser() / f"{corpus.name}-{self.corpus_name}"

    @property
    def corpus_name(self) -> str:
        """Ten hexadecimal digits that tell corpora apart, by their paths."""
        corpus = self.corpus.expanduser().resolve()
        return hashlib.sha256(os.fsencode(corpus)).hexdigest()[:10]


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"设置文件 {path} 读不懂：{error}；请改正，或删掉它用默认设置") from error


def _from_variables(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX) and name not in _NO_SETTINGS
    }


def write_settings(
    changes: Mapping[str, str | float], *, removed: Collection[str] = (), folder: Path | None = None
) -> Path:
    """Set and remove keys of ``yinju.toml``, all else in it untouched, in one step; its path.

    ConfigError, and the file as it was, when it cannot be read or written or a value is wrong.
    """
    import tomlkit

    path = (folder or Path.cwd()) / SETTINGS_FILE
    fresh = path.with_name(f".{SETTINGS_FILE}.{os.getpid()}")
    kept = {name: value for name, value in _from_file(path).items() if name not in removed}
    Config(**kept | dict(changes))
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        document = tomlkit.parse(text)
        for name in set(removed) & set(document):
            del document[name]
        document.update(changes)
        fresh.write_text(tomlkit.dumps(document), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise ConfigError(
            f"写不了设置文件 {path}（{error.strerror}）；请换一个能写的工作文件夹"
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = ".".join(map(str, fault["loc"]))
    if fault["type"] == "extra_forbidden":
        known = "、".join(Config.model_fields)
        return f"没有叫 {name} 的设置；可用的是：{known}"
    wanted = _WANTED.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
    return f"设置 {name} 的值 {fault['input']!r:.60} 不行：{wanted}；请改正后再试"
