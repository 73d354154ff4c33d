"""What an index is made with, beside the articles: known before it is built, checked before use.

Knows nothing of where an index stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import IndexStaleError
from rag.index.copies import COPIES, NO_COPIES
from rag.index.manifest import FORMAT, IndexManifest
from rag.index.term_index import TOKENIZER
from rag.index.vectors import Recall
from rag.models.embedder import Embedder


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What, beside the corpus and the embedder, decides what an index is made of.

    Articles that tell the same are looked for unless ``finds_copies`` is off.
    """

    passage_chars: int
    finds_copies: bool = True

    @property
    def copies(self) -> str:
        """How copies are found, for the manifest."""
        return COPIES if self.finds_copies else NO_COPIES


def manifest_of(embedder: Embedder, settings: IndexSettings, digest: str) -> IndexManifest:
    """The recipe of an index that is going to be made; its figures are still 0."""
    return IndexManifest(
        format=FORMAT,
        embedder=embedder.fingerprint,
        embedder_name=embedder.name,
        dimension=embedder.dimension,
        tokenizer=TOKENIZER,
        passage_chars=settings.passage_chars,
        copies=settings.copies,
        corpus_digest=digest,
        articles=0,
        passages=0,
        recall=Recall(1.0, 0),
        sizes={},
        checksums={},
    )


def check(
    manifest: IndexManifest, embedder: Embedder, settings: IndexSettings, digest: str
) -> None:
    """Raise IndexStaleError, saying what changed, unless an index fits all three."""
    check_recipe(manifest, embedder, settings)
    if manifest.corpus_digest != digest:
        raise IndexStaleError("文章变了")


def check_recipe(manifest: IndexManifest, embedder: Embedder, settings: IndexSettings) -> None:
    """Raise IndexStaleError unless the same articles would give the same index now."""
    if manifest.embedder != embedder.fingerprint:
        raise IndexStaleError(
            f"向量模型变了（索引用的是 {manifest.embedder_name}，现在是 {embedder.name}）"
        )
    recipe = (manifest.tokenizer, manifest.passage_chars, manifest.copies)
    if recipe != (TOKENIZER, settings.passage_chars, settings.copies):
        raise IndexStaleError("段落或词项的设置变了")
