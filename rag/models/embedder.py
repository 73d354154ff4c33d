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
from rag.models.catalogue import BUILTIN, ModelCard, card_of
from rag.models.loading import quiet_transformers
from rag.models.model_folder import download_command, find_model_folder
from rag.text import FOLDING, encodable, standard_form

Vectors = NDArray[np.float32]
Rows = NDArray[np.int8] | NDArray[np.float32]
Weights = NDArray[np.float32]
BUILTIN_FOLDER = Path(__file__).resolve().parent.parent / "weights" / "embedder"
PAGES_FOLDER = BUILTIN_FOLDER.with_name("page_meanings")
BUILTIN_NAME = BUILTIN
_MODEL_SUFFIXES = frozenset({".safetensors", ".json", ".txt", ".model"})
# Passages are far shorter; a longer text would only take memory.
_MOST_TOKENS = 1024


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

    def __init__(
        self, tokenizer: Tokenizer, rows: Rows, weights: Weights, name: str, fingerprint: str
    ) -> None:
        self._tokenizer = tokenizer
        self._rows = rows
        self._weights = weights
        self.name = name
        self.dimension = int(rows.shape[1])
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, folder: Path, name: str = BUILTIN_NAME) -> Self:
        """Read a StaticEmbedding folder; ModelError when its files are missing or wrong."""
        try:
            module = folder / json.loads((folder / "modules.json").read_bytes())[0]["path"]
            tokenizer_bytes = (module / "tokenizer.json").read_bytes()
            weights = module / "model.safetensors"
            rows, scales = _rows_of(load_file(weights))
            tokenizer = _tokenizer_of(tokenizer_bytes)
        except (OSError, LookupError, ValueError, TypeError, SafetensorError) as error:
            raise ModelError(
                f"文件夹 {folder} 里没有可用的静态向量模型（{error}）；请重新安装，或换一个模型"
            ) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        digest = hashlib.sha256(tokenizer_bytes + weights.read_bytes()).hexdigest()
        return cls(tokenizer, rows, scales, name, f"static:{digest[:16]}:{FOLDING}")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``; text without a token gives zeros."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Nobody asks where the pieces stand, which it would take longer to say.
        encodings = self._tokenizer.encode_batch_fast(
            [*map(_as_read, texts)], add_special_tokens=False
        )
        for row, encoding in enumerate(encodings):
            if ids := encoding.ids:
                # Whole numbers are fetched and weighted in one product: 1.6 times as fast as
                # rows of fractions, and a quarter of the memory.
                rows = self._rows.take(ids, axis=0).astype(np.float32, copy=False)
                vectors[row] = self._weights.take(ids) @ rows
        return unit(vectors)

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query, of shape ``(dimension,)``; no prefix is needed."""
        vector: Vectors = self.embed_passages([text])[0]
        return vector

    @property
    def piece_vectors(self) -> Vectors:
        """The vectors of all pieces by their numbers, of shape ``(pieces, dimension)``."""
        vectors: Vectors = self._rows.astype(np.float32) * self._weights[:, None]
        return vectors


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name from the local hub cache or from a folder.

    A model of the catalogue is pooled and prefixed as its card says, whatever files came with it.
    """

    def __init__(
        self,
        model: Any,
        name: str,
        fingerprint: str,
        *,
        query_prefix: str = "",
        passage_prefix: str = "",
    ) -> None:
        self._model = model
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self.name = name
        self.dimension = int(model.get_embedding_dimension())
        self.fingerprint = fingerprint

    @classmethod
    def load(cls, name: str) -> Self:
        """Load a model that is already on this machine; nothing is downloaded.

        ModelError, with the command that gets the model, at once when it is not there.
        """
        folder = find_model_folder(name)
        if folder is None:
            raise ModelError(_absence(name))
        card = card_of(name)
        pooling = card.pooling if card is not None else None
        try:
            model = _sentence_transformer(folder, card)
        except Exception as error:  # damaged files raise whatever their reader raises
            raise ModelError(_load_fault(name, error)) from error
        query_prefix = card.query_prefix if card is not None else ""
        passage_prefix = card.passage_prefix if card is not None else ""
        made = [_folder_digest(folder), pooling or "own", query_prefix, passage_prefix, FOLDING]
        digest = hashlib.sha256("\0".join(made).encode()).hexdigest()
        return cls(
            model,
            name,
            f"sentence-transformers:{digest[:16]}",
            query_prefix=query_prefix,
            passage_prefix=passage_prefix,
        )

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape ``(len(texts), dimension)``; blank text gives zeros."""
        return self._embed(self._passage_prefix, texts)

    def embed_query(self, text: str) -> Vectors:
        """The unit vector of a query with the prefix that the model's card asks for."""
        vector: Vectors = self._embed(self._query_prefix, [text])[0]
        return vector

    def _embed(self, prefix: str, texts: Sequence[str]) -> Vectors:
        """Unit vectors of prefixed texts; a model would give a blank one some direction, too."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        written = [row for row, text in enumerate(texts) if text.strip()]
        if written:
            vectors[written] = self._model.encode(
                [prefix + _as_read(texts[row]) for row in written],
                prompt="",  # a default prompt of its files would come on top of ours
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return unit(vectors)


def _sentence_transformer(folder: Path, card: ModelCard | None) -> Any:
    """The model in a folder; with the card's pooling where there is a card."""
    from sentence_transformers import SentenceTransformer  # seconds of import: only when used

    quiet_transformers()
    local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    if card is None or card.pooling is None:
        return SentenceTransformer(str(folder), model_kwargs={"use_safetensors": True}, **local)
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    reader = Transformer(
        str(folder),
        max_seq_length=min(card.context_tokens, _MOST_TOKENS),
        model_kwargs={"use_safetensors": True, **local},
        processor_kwargs=local,
        config_kwargs=local,
    )
    pooling = Pooling(reader.get_embedding_dimension(), pooling_mode=card.pooling)
    return SentenceTransformer(modules=[reader, pooling])


def _as_read(text: str) -> str:
    return encodable(standard_form(text))


def _tokenizer_of(data: bytes) -> Tokenizer:
    try:
        return Tokenizer.from_str(data.decode("utf-8"))
    except Exception as error:  # tokenizers raises nothing narrower
        raise ValueError(f"tokenizer.json: {error}") from error


def _absence(name: str) -> str:
    return (
        f"本机没有向量模型 {name}；请先运行 {download_command(name)}"
        '（连不上时先设 HF_ENDPOINT=https://hf-mirror.com），或改用 embedder = "builtin"'
    )


def _load_fault(name: str, error: Exception) -> str:
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return (
        f"{name} 里没有能用的向量模型（{reason:.120}）；"
        '请重新下载或换一个，或用 embedder = "builtin"'
    )


def _folder_digest(folder: Path) -> str:
    """What a model's vectors depend on: names and bytes of its settings, tokenizer and weights."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _MODEL_SUFFIXES and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode("utf-8", "replace"))
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def _rows_of(arrays: dict[str, NDArray[Any]]) -> tuple[Rows, Weights]:
    """Token vectors as StaticEmbedding keeps them, each a row times a weight: int8, or as it is."""
    if "embedding.weight" in arrays:
        whole = arrays["embedding.weight"].astype(np.float32)
        return whole, np.ones(len(whole), dtype=np.float32)
    return arrays["embeddings"], arrays["weights"].astype(np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Rows divided by their lengths; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
    return unit


@lru_cache(maxsize=1)
def builtin_embedder() -> StaticEmbedder:
    """The shipped embedder, loaded once a process."""
    return StaticEmbedder.load(BUILTIN_FOLDER)


@lru_cache(maxsize=1)
def page_embedder() -> StaticEmbedder:
    """The shipped vectors of what a block of a page tells of, loaded once a process.

    Those of the built-in embedder before it learned questions: by them blocks on one subject are
    nearer to one another.
    """
    return StaticEmbedder.load(PAGES_FOLDER, "pages")


def load_embedder(name: str) -> Embedder:
    """The built-in embedder, or a sentence-transformers model by name or folder."""
    return builtin_embedder() if name == BUILTIN_NAME else SentenceTransformerEmbedder.load(name)
