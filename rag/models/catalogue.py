"""The supported models and the profiles that put them together: one table of data.

Knows nothing of how a model is fetched, found or run. Any other model of the same kinds works as
well; a row here adds what its files do not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["embedder", "reranker", "chat", "entailment"]
Pooling = Literal["cls", "mean", "lasttoken"]
Origin = Literal["hub", "modelscope"]
BUILTIN = "builtin"
AUTO = "auto"
# Of the kinds that an answer can do without.
NONE = "none"
# openai:http://host:port/v1#model
OPENAI_PREFIX = "openai:"
DEFAULT_CHAT_MODEL = "Qwen/Qwen3-1.7B"
KIND_NAMES: Mapping[Kind, str] = MappingProxyType(
    {"embedder": "向量模型", "reranker": "重排模型", "chat": "对话模型", "entailment": "蕴含模型"}
)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What the program knows of a model beforehand; sources are the models' own cards.

    ``size_bytes`` is that of the weights, by the parameters and their type; ``models pull`` tells
    the exact sum of all files. ``has_thinking`` says that the chat template has a switch for it.
    """

    name: str
    kind: Kind
    use: str
    size_bytes: int
    licence: str
    context_tokens: int
    query_prefix: str = ""
    passage_prefix: str = ""
    pooling: Pooling | None = None
    has_thinking: bool = False


class Profile(NamedTuple):
    """The models that a profile name stands for, one of each kind."""

    embedder: str
    reranker: str
    chat_model: str
    entailment_model: str = NONE

    @property
    def to_pull(self) -> tuple[str, ...]:
        """The models of it that have to be on this machine."""
        return tuple(name for name in self if name not in (BUILTIN, AUTO, NONE))


CARDS = (
    ModelCard(
        name="BAAI/bge-small-zh-v1.5",
        kind="embedder",
        use="中文检索，CPU 上也快",
        size_bytes=95_815_680,
        licence="MIT",
        context_tokens=512,
        query_prefix="为这个句子生成表示以用于检索相关文章：",
        pooling="cls",
    ),
    ModelCard(
        name="Qwen/Qwen3-Embedding-0.6B",
        kind="embedder",
        use="多语检索，宜用 GPU",
        size_bytes=1_191_553_024,
        licence="Apache-2.0",
        context_tokens=32_768,
        query_prefix=(
            "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"
            "Query:"
        ),
        pooling="lasttoken",
    ),
    ModelCard(
        name="BAAI/bge-reranker-base",
        kind="reranker",
        use="中英文重排，CPU 上只排得了几段",
        size_bytes=1_112_177_668,
        licence="MIT",
        context_tokens=512,
    ),
    ModelCard(
        name="BAAI/bge-reranker-v2-m3",
        kind="reranker",
        use="多语重排，宜用 GPU",
        size_bytes=2_271_023_108,
        licence="Apache-2.0",
        context_tokens=8_192,
    ),
    ModelCard(
        name=DEFAULT_CHAT_MODEL,
        kind="chat",
        use="写回答，CPU 上用得了",
        size_bytes=4_063_479_808,
        licence="Apache-2.0",
        context_tokens=32_768,
        has_thinking=True,
    ),
    ModelCard(
        name="Qwen/Qwen3-4B-Instruct-2507",
        kind="chat",
        use="写回答，要 10 GB 以上显存",
        size_bytes=8_044_936_192,
        licence="Apache-2.0",
        context_tokens=262_144,
    ),
)
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        AUTO: Profile(BUILTIN, NONE, AUTO),
        BUILTIN: Profile(BUILTIN, NONE, BUILTIN),
        "cpu": Profile("BAAI/bge-small-zh-v1.5", "BAAI/bge-reranker-base", DEFAULT_CHAT_MODEL),
        "gpu": Profile(
            "Qwen/Qwen3-Embedding-0.6B", "BAAI/bge-reranker-v2-m3", "Qwen/Qwen3-4B-Instruct-2507"
        ),
    }
)


def card_of(name_or_path: str | Path) -> ModelCard | None:
    """The row of a model, known by its hub name or by a folder that bears its last part."""
    last = Path(name_or_path).name
    return next((card for card in CARDS if last == card.name.rpartition("/")[2]), None)


def chosen_models(
    profile: str, *, embedder: str, reranker: str, chat_model: str, entailment_model: str = AUTO
) -> Profile:
    """The models to use: each as it was set, or for ``auto`` as the profile has it."""
    given = Profile(embedder, reranker, chat_model, entailment_model)
    return Profile(
        *(
            of_profile if name == AUTO else name
            for name, of_profile in zip(given, PROFILES[profile], strict=True)
        )
    )


def format_bytes(count: int) -> str:
    """Bytes as people say them: ``95.8 MB``, ``4.06 GB``."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"
