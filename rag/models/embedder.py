"""Text to unit vectors: the built-in static embedder and any sentence-transformers model.

Knows nothing of passages or indexes. torch and sentence_transformers are loaded only by the
adapter that needs them; the built-in one reads the same files with numpy and tokenizers. Both read
a text in its standard form: Chinese models know simplified characters best, and a text gets the
same vector in either script.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.models.model_folder import download_command, find_model_folder
from rag.text import FOLDING, encodable, standard_form

Vectors = NDArray[np.float32]
BUILTIN_FOLDER = Path(__file__).resolve().parent.parent / "weights" / "embedder"
BUILTIN_NAME = "builtin"
_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model"})
# What a model's card says must stand before a query; passages take none.
QUERY_PREFIXES = {
    "bge-small-zh-v1.5": "为这个句子生成表示以用于检索相关文章：",
    "bge-base-zh-v1.5": "为这个句子生成表示以用于检索相关文章：",
    "bge-large-zh-v1.5": "为这个句子生成表示以用于检索相关文章：",
    "Qwen3-Embedding-0.6B": (
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"
        "Query:"
    ),
}


class Embedder(Protocol):
    """Text to unit vectors of ``dimension`` float32 values.

    ``fingerprint`` changes whenever the vectors of the same text may change.
    """

    @property
    def name(self) -> str:
        """The name the settings know it by."""
        ...

    @property
    def dimension(self) -> int:
        """Values of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """What has to be equal for two vectors to be comparable."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``; text without a token gives zeros."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query, of shape ``(dimension,)``."""
        ...


class StaticEmbedder:
    """The mean of token vectors, as sentence-transformers' ``StaticEmbedding`` gives it.

    Reads that model's folder without torch: a tokenizer and one matrix.
    """

    def __init__(self, tokenizer: Tokenizer, matrix: Vectors, name: str, fingerprint: str) -> None:
        self._tokenizer = tokenizer
        self._matrix = matrix
        self.name = name
        self.dimension = int(matrix.shape[1])
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path, name: str = BUILTIN_NAME) -> Self:
        """Read a StaticEmbedding folder; ModelError when its files are missing or wrong."""
        try:
            module = folder / json.loads((folder / "modules.json").read_bytes())[0]["path"]
            tokenizer_bytes = (module / "tokenizer.json").read_bytes()
            weights = module / "model.safetensors"
            matrix = _matrix_of(load_file(weights))
            tokenizer = _tokenizer_of(tokenizer_bytes)
        except (OSError, LookupError, ValueError, TypeError, SafetensorError) as error:
            raise ModelError(
                f"文件夹 {folder} 里没有可用的静态向量模型（{error}）；请重新安装，或换一个模型"
            ) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        digest = hashlib.sha256(tokenizer_bytes + weights.read_bytes()).hexdigest()
        return cls(tokenizer, matrix, name, f"static:{digest[:16]}:{FOLDING}")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``; text without a token gives zeros."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, encoding in enumerate(
            self._tokenizer.encode_batch([*map(_as_read, texts)], add_special_tokens=False)
        ):
            if encoding.ids:
                vectors[row] = self._matrix[encoding.ids].mean(axis=0)
        return _unit(vectors)

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query, of shape ``(dimension,)``; no prefix is needed."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name from the local hub cache or from a folder."""

    def __init__(self, model: Any, name: str, query_prefix: str, fingerprint: str) -> None:
        self._model = model
        self._query_prefix = query_prefix
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a model that is already on this machine; nothing is downloaded.

        ModelError, with the command that gets the model, when it is not there.
        """
        from sentence_transformers import SentenceTransformer  # seconds of import: only when used

        try:
            model = SentenceTransformer(name, local_files_only=True, trust_remote_code=False)
        except Exception as error:  # damaged files raise whatever their reader raises
            raise ModelError(_load_fault(name, error)) from error
        digest = _folder_digest(find_model_folder(name)) or name
        query_prefix = QUERY_PREFIXES.get(Path(name).name, "")
        fingerprint = f"sentence-transformers:{digest}:{query_prefix}:{FOLDING}"
        return cls(model, name, query_prefix, fingerprint)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``."""
        return self._embed(list(texts))

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query with the prefix that the model's card asks for."""
        vector: Vectors = self._embed([self._query_prefix + text])[0]
        return vector

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode(
            [*map(_as_read, texts)], convert_to_numpy=True, show_progress_bar=False
        )
        return _unit(np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension))


def _as_read(text: str) -> str:
    return encodable(standard_form(text))


def _tokenizer_of(data: bytes) -> Tokenizer:
    try:
        return Tokenizer.from_str(data.decode("utf-8"))
    except Exception as error:  # tokenizers raises nothing narrower
        raise ValueError(f"tokenizer.json: {error}") from error


def _load_fault(name: str, error: Exception) -> str:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    if Path(name).expanduser().is_dir():
        return (
            f"文件夹 {name} 里没有能用的向量模型（{reason:.120}）；"
            '请换一个，或用 embedder = "builtin"'
        )
    return (
        f"本机没有向量模型 {name}；请先运行 {download_command(name)}"
        '（连不上时先设 HF_ENDPOINT=https://hf-mirror.com），或改用 embedder = "builtin"'
    )


def _folder_digest(folder: Path | None) -> str:
    """What a model's vectors depend on: names and bytes of its settings, tokenizer and weights."""
    if folder is None:
        return ""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _MODEL_SUFFIXES and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode("utf-8", "replace"))
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _matrix_of(arrays: dict[str, NDArray[Any]]) -> Vectors:
    """Token vectors as StaticEmbedding reads them: one matrix, or int8 rows with a weight each."""
    if "embedding.weight" in arrays:
        return arrays["embedding.weight"].astype(np.float32)
    matrix = arrays["embeddings"].astype(np.float32)
    folded: Vectors = matrix * arrays["weights"].astype(np.float32)[:, None]
    return folded


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return unit


@lru_cache(maxsize=1)
def builtin_embedder() -> StaticEmbedder:
    """The shipped embedder, loaded once a process."""
    return StaticEmbedder.load(BUILTIN_FOLDER)


def load_embedder(name: str) -> Embedder:
    """The built-in embedder, or a sentence-transformers model by name or folder."""
    return builtin_embedder() if name == BUILTIN_NAME else SentenceTransformerEmbedder.load(name)
