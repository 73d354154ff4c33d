"""The index of the corpus that the settings name: found, built, brought up to date, watched.

Knows nothing of questions or of what answers them; what it has to tell comes back through the
``report`` function that it is given.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable

from rag.articles import digest_of, source_paths
from rag.building import Folder, Recipe, Shard, make_share, update_index
from rag.config import Config
from rag.errors import IndexDamagedError, IndexMissingError, IndexStaleError
from rag.index import Index, IndexSettings, PassageIndex
from rag.index.milvus import (
    Address,
    MilvusIndex,
    Server,
    publish,
    refuse_other_corpus,
    sweep,
)
from rag.index.recipe import check
from rag.models.catalogue import Profile, chosen_models
from rag.models.embedder import Embedder, load_embedder
from rag.watching import watch

logger = logging.getLogger(__name__)
Report = Callable[[str], None]
Progress = Callable[[str, int, int], None]


def build_index(
    config: Config | None = None,
    *,
    report: Report = logger.info,
    progress: Progress | None = None,
    replaces: bool = False,
) -> PassageIndex:
    """Build the index of the corpus anew and save it; what was made of unchanged files is kept.

    Of an index on a server, ``replaces`` says that one of another corpus may be put in its place.
    """
    config = config or Config.from_environment()
    embedder = load_embedder(models_of(config).embedder)
    return _build(config, embedder, report, progress, replaces=replaces)


def build_share(
    config: Config,
    number: int,
    of: int,
    *,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> None:
    """Make one of several shares of the index, for ``build_index`` to put together."""
    make_share(
        config.corpus_index_dir,
        folder_of(config),
        Recipe(load_embedder(models_of(config).embedder), settings_of(config)),
        Shard(number, of),
        previous=_previous(config),
        report=report,
        progress=progress,
    )


def watch_index(
    config: Config, *, report: Report = logger.info, progress: Progress | None = None
) -> None:
    """Build the index of the corpus, and bring it up to date whenever its files change."""
    usable_index(config, load_embedder(models_of(config).embedder), report, progress)
    report(f"盯着 {config.corpus}，文章一变就更新索引；按 Ctrl+C 结束")
    watch(
        config.corpus.expanduser(),
        lambda: build_index(config, report=report, progress=progress),
        report=report,
    )


def saved_index(config: Config, embedder: Embedder, *, is_read_whole: bool = False) -> PassageIndex:
    """The index of the corpus as it was saved; a RagIndexError says why it cannot be used."""
    if config.index:
        return _on_server(config, embedder, server_of(config))
    index = Index.load(config.corpus_index_dir, is_read_whole=is_read_whole)
    check(index.manifest, embedder, settings_of(config), folder_digest_of(config))
    return index


def usable_index(
    config: Config, embedder: Embedder, report: Report, progress: Progress | None
) -> PassageIndex:
    """The index of the corpus; built, or brought up to date, where it has to be."""
    try:
        return saved_index(config, embedder)
    except IndexMissingError:
        report(f"首次使用，正在为 {config.corpus} 建索引")
    except (IndexStaleError, IndexDamagedError) as error:
        report(f"{error}，正在重建索引")
    return _build(config, embedder, report, progress)


def folder_of(config: Config) -> Folder:
    """The folder of articles that the settings name."""
    return Folder(config.corpus.expanduser(), config.max_file_mb, config.max_pdf_pages)


def folder_digest_of(config: Config) -> str:
    """The digest of the articles' files as they stand now."""
    return digest_of(folder_of(config).digests())


def told_apart(before: set[str], config: Config) -> str:
    """How many files came and went, where any did: （新增 2 个文件，少了 1 个）."""
    folder = config.corpus.expanduser()
    now = {path.relative_to(folder).as_posix() for path in source_paths(folder)}
    said = [f"新增 {len(now - before)} 个文件"] if now - before else []
    said += [f"少了 {len(before - now)} 个"] if before - now else []
    return f"（{'，'.join(said)}）" if said else ""


def _previous(config: Config) -> Index | None:
    """The index that is there if it can be read; IndexForeignError when the folder is not ours."""
    try:  # what is taken over from it is looked at first
        return Index.load(config.corpus_index_dir, is_read_whole=True)
    except (IndexMissingError, IndexDamagedError, IndexStaleError):
        return None


def server_of(config: Config) -> Server:
    """The Milvus that the settings name; IndexServerError where it cannot be used."""
    return Server(Address.of(config.index, config.corpus_name))


def _build(
    config: Config,
    embedder: Embedder,
    report: Report,
    progress: Progress | None,
    *,
    replaces: bool = False,
) -> PassageIndex:
    if not config.index:
        return _built_here(config, embedder, report, progress)
    server = server_of(config)  # said before the work, if it cannot be used
    with contextlib.suppress(IndexMissingError, IndexStaleError):
        if not replaces:
            index = _on_server(config, embedder, server)
            sweep(server)  # what was taken out of the articles is gone then
            report(f"{server.address} 上的索引已是最新的")
            return index
    publish(_working_copy(config, embedder, report, progress), server, progress=progress)
    opened = MilvusIndex.open(server)
    report(f"索引传到了 {server.address}")
    if remark := opened.remark():
        report(remark)
    return opened


def _working_copy(
    config: Config, embedder: Embedder, report: Report, progress: Progress | None
) -> Index:
    """The index in its folder, from which the one on a server is made; brought up to date."""
    try:
        index = Index.load(config.corpus_index_dir)
        check(index.manifest, embedder, settings_of(config), folder_digest_of(config))
    except (IndexMissingError, IndexStaleError, IndexDamagedError):
        return _built_here(config, embedder, report, progress)
    return index


def _on_server(config: Config, embedder: Embedder, server: Server) -> MilvusIndex:
    """The index that stands on a server, if it is of this corpus and fits the settings."""
    index = MilvusIndex.open(server)
    digests = folder_of(config).digests()
    digest = digest_of(digests)
    if index.manifest.corpus_digest != digest:
        refuse_other_corpus(server, index.names, list(digests))
    check(index.manifest, embedder, settings_of(config), digest)
    return index


def _built_here(
    config: Config, embedder: Embedder, report: Report, progress: Progress | None
) -> Index:
    index = update_index(
        config.corpus_index_dir,
        folder_of(config),
        Recipe(embedder, settings_of(config)),
        previous=_previous(config),
        report=report,
        progress=progress,
    )
    twice = f"，其中 {len(index.copies)} 个不止一篇有" if index.copies else ""
    report(f"索引建好了：{len(index.articles)} 篇文章，{len(index.passages)} 个段落{twice}")
    if remark := index.remark():
        report(remark)
    return index


def settings_of(config: Config) -> IndexSettings:
    """How the settings cut articles into passages."""
    return IndexSettings(passage_chars=config.passage_chars)


def models_of(config: Config) -> Profile:
    """The models that the settings come to."""
    return chosen_models(
        config.profile,
        embedder=config.embedder,
        reranker=config.reranker,
        chat_model=config.chat_model,
        entailment_model=config.entailment_model,
    )
