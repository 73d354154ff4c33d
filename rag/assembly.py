"""Puts the parts together: the one module that names concrete classes.

Knows nothing of screens or command lines; what it has to tell comes back as text or through the
``report`` function that it is given.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

from rag.answer.answerer import Answerer
from rag.answer.desk import Desk
from rag.answer.library import Library
from rag.answer.quote import QuoteAnswerer
from rag.articles import (
    article_from_text,
    corpus_in_memory,
    digest_of,
    source_paths,
)
from rag.building import Folder, Recipe, update_index, watch
from rag.chatbot import ChatPipeline, Limits
from rag.config import Config
from rag.datatypes import Answer, Article, Message
from rag.errors import CorpusError, IndexDamagedError, IndexMissingError, IndexStaleError
from rag.index import Index, IndexSettings
from rag.models.catalogue import (
    AUTO,
    BUILTIN,
    DEFAULT_CHAT_MODEL,
    NONE,
    OPENAI_PREFIX,
    Profile,
    chosen_models,
)
from rag.models.chat_model import ChatModel, TransformersChatModel
from rag.models.embedder import Embedder, load_embedder
from rag.models.entailment import EntailmentModel
from rag.models.gguf_file import is_gguf
from rag.models.model_folder import download_command, is_available
from rag.prompts import load_prompt
from rag.read import Gist, builtin_judge
from rag.retrieve import Retriever, Searcher

logger = logging.getLogger(__name__)
Report = Callable[[str], None]
Progress = Callable[[str, int, int], None]
Steps = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What a chatbot was loaded with, and the digest of the folder as it was then."""

    config: Config
    embedder: Embedder
    digest: str


class Chatbot(ChatPipeline):
    """The pipeline with the program's own parts.

    One that was loaded from a folder can say what changed there, and read it anew.
    """

    _loaded: _Loaded | None = None

    def changes(self) -> str:
        """One line on what changed in the corpus folder since it was read; empty where nothing did.

        The files are read for it, not the articles: it takes about as long as copying them.
        """
        loaded = self._loaded
        if loaded is None or _digest(loaded.config) == loaded.digest:
            return ""
        before = {article.source for article in self._articles.values()}
        return f"文章有变动{_told_apart(before, loaded.config)}；请重新载入（reload）"

    def reload(self, *, report: Report = logger.info, progress: Progress | None = None) -> bool:
        """Read the corpus folder anew if its files changed; whether they had.

        Answers that have begun end with the articles they began with; models stay as they are
        loaded. A RagError leaves everything as it was.
        """
        loaded = self._loaded
        if loaded is None or _digest(loaded.config) == loaded.digest:
            return False
        index = _usable_index(loaded.config, loaded.embedder, report, progress)
        made = (self._answerer, self.notice)
        anew = type(self)._from_index(index, loaded.embedder, loaded.config, made)
        anew._loaded = _Loaded(loaded.config, loaded.embedder, index.manifest.corpus_digest)
        self.__dict__.update(anew.__dict__)
        return True

    @classmethod
    def from_articles(
        cls, articles: Iterable[Article | tuple[str, str]], config: Config | None = None
    ) -> Self:
        """A chatbot over articles in memory; ``(title, text)`` pairs are taken as they are.

        CorpusError when there is no article with text.
        """
        config = config or Config.from_environment()
        corpus = corpus_in_memory(_articles(articles))
        if not any(article.text.strip() for article in corpus.articles):
            raise CorpusError("没有给出有文字的文章；请传入 (标题, 正文) 或 rag.Article")
        embedder = load_embedder(models_of(config).embedder)
        return cls._from_index(Index.build(corpus, embedder, _settings(config)), embedder, config)

    @classmethod
    def _from_index(
        cls,
        index: Index,
        embedder: Embedder,
        config: Config,
        made: tuple[Answerer, str] | None = None,
    ) -> Self:
        answerer, notice = made or _answerer(config)
        retriever = _retriever(index, embedder, config)
        return cls(
            index.articles,
            retriever,
            builtin_judge(config.answer_threshold, config.rerank_seconds),
            answerer,
            Desk(Library(index.articles), retriever, Gist(embedder)),
            limits=Limits(config.top_k, config.max_question_chars),
            notice=notice,
            passage_counts=index.passage_counts(),
        )


def load(
    config: Config | None = None,
    *,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> Chatbot:
    """A chatbot over the corpus of the settings; its index is built or rebuilt when it has to be.

    ``report`` gets one line on why; ``progress(stage, done, total)`` counts the work.
    """
    config = config or Config.from_environment()
    embedder = load_embedder(models_of(config).embedder)
    index = _usable_index(config, embedder, report, progress)
    wanted = [name for name in models_of(config) if name not in (AUTO, BUILTIN, NONE)]
    if wanted:
        report(f"正在装入 {'、'.join(wanted)}")
    made = _answerer(config, _stage(progress, "装入对话模型"))
    chatbot = Chatbot._from_index(index, embedder, config, made)
    chatbot._loaded = _Loaded(config, embedder, index.manifest.corpus_digest)
    return chatbot


def build_index(
    config: Config | None = None,
    *,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> Index:
    """Build the index of the corpus anew and save it; vectors of unchanged passages are kept."""
    config = config or Config.from_environment()
    return _build(config, load_embedder(models_of(config).embedder), report, progress)


def watch_index(
    config: Config, *, report: Report = logger.info, progress: Progress | None = None
) -> None:
    """Build the index of the corpus, and bring it up to date whenever its files change."""
    _usable_index(config, load_embedder(models_of(config).embedder), report, progress)
    report(f"盯着 {config.corpus}，文章一变就更新索引；按 Ctrl+C 结束")
    watch(
        config.corpus.expanduser(),
        lambda: build_index(config, report=report, progress=progress),
        report=report,
    )


def answer(question: str, history: Sequence[Message] = ()) -> Answer:
    """The answer from the default corpus and index, built when missing, anew when files change."""
    config = Config.from_environment()
    places = {"corpus": config.corpus.expanduser(), "index_dir": config.index_dir.expanduser()}
    fixed = config.model_copy(update={name: path.resolve() for name, path in places.items()})
    return _loaded(fixed, _digest(fixed)).answer(question, history)


@lru_cache(maxsize=1)
def _loaded(config: Config, corpus_digest: str) -> Chatbot:
    """A chatbot for as long as neither the settings nor the files of the corpus change."""
    return load(config)


def saved_index(config: Config, embedder: Embedder) -> Index:
    """The index of the corpus as it was saved; a RagIndexError says why it cannot be used."""
    index = Index.load(config.corpus_index_dir)
    index.check(embedder, _settings(config), _digest(config))
    return index


def _usable_index(
    config: Config, embedder: Embedder, report: Report, progress: Progress | None
) -> Index:
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


def _digest(config: Config) -> str:
    return digest_of(folder_of(config).digests())


def _told_apart(before: set[str], config: Config) -> str:
    """How many files came and went, where any did: （新增 2 个文件，少了 1 个）."""
    folder = config.corpus.expanduser()
    now = {path.relative_to(folder).as_posix() for path in source_paths(folder)}
    said = [f"新增 {len(now - before)} 个文件"] if now - before else []
    said += [f"少了 {len(before - now)} 个"] if before - now else []
    return f"（{'，'.join(said)}）" if said else ""


def _previous(config: Config) -> Index | None:
    """The index that is there if it can be read; IndexForeignError when the folder is not ours."""
    try:
        return Index.load(config.corpus_index_dir)
    except (IndexMissingError, IndexDamagedError, IndexStaleError):
        return None


def _build(
    config: Config,
    embedder: Embedder,
    report: Report,
    progress: Progress | None,
) -> Index:
    index = update_index(
        config.corpus_index_dir,
        folder_of(config),
        Recipe(embedder, _settings(config)),
        previous=_previous(config),
        report=report,
        progress=progress,
    )
    twice = f"，其中 {len(index.copies)} 个不止一篇有" if index.copies else ""
    report(f"索引建好了：{len(index.articles)} 篇文章，{len(index.passages)} 个段落{twice}")
    if remark := index.remark():
        report(remark)
    return index


def _stage(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(name, done, total)


def _settings(config: Config) -> IndexSettings:
    return IndexSettings(passage_chars=config.passage_chars)


def _articles(articles: Iterable[Article | tuple[str, str]]) -> list[Article]:
    return [
        article
        if isinstance(article, Article)
        else article_from_text(f"memory/{number}#1", article[0], article[1], f"memory/{number}")
        for number, article in enumerate(articles, start=1)
    ]


def models_of(config: Config) -> Profile:
    """The models that the settings come to."""
    return chosen_models(
        config.profile,
        embedder=config.embedder,
        reranker=config.reranker,
        chat_model=config.chat_model,
        entailment_model=config.entailment_model,
    )


def load_chat_model(name: str, precision: str = "auto", progress: Steps | None = None) -> ChatModel:
    """The chat model of a server, or one that is on this machine; ModelError when it is not.

    ``progress(done, total)`` counts the steps of loading one.
    """
    if name.startswith(OPENAI_PREFIX):
        from rag.models.openai_model import OpenAIChatModel

        return OpenAIChatModel.load(name)
    if is_gguf(name):
        from rag.models.gguf_model import load_gguf

        return load_gguf(Path(name).expanduser(), precision, progress)
    return TransformersChatModel.load(name, precision, progress)


def _retriever(index: Index, embedder: Embedder, config: Config) -> Searcher:
    retriever = Retriever(
        index, embedder, candidates=config.candidates, vector_weight=config.vector_weight
    )
    name = models_of(config).reranker
    if name == NONE:
        return retriever
    from rag.models.reranker import CrossEncoderReranker
    from rag.retrieve.reranking import RerankingRetriever

    reranker = CrossEncoderReranker.load(name)
    return RerankingRetriever(retriever, reranker, seconds=config.rerank_seconds)


def _answerer(config: Config, progress: Steps | None = None) -> tuple[Answerer, str]:
    """The answerer that the settings ask for, and one line for the user about the choice."""
    builtin = QuoteAnswerer()
    name = models_of(config).chat_model
    if name == BUILTIN:
        return builtin, ""
    if name == AUTO and not is_available(DEFAULT_CHAT_MODEL):
        command = download_command(DEFAULT_CHAT_MODEL)
        return (
            builtin,
            f"正用内置回答（逐字引用原文）。要用对话模型，请先运行 {command}，再重新启动",
        )
    from rag.answer.write import PROMPT_NAME, PROMPT_VARIABLES, WriteAnswerer

    folder = config.prompts_dir.expanduser()
    prompt = load_prompt(folder, PROMPT_NAME, PROMPT_VARIABLES)
    wanted = DEFAULT_CHAT_MODEL if name == AUTO else name
    chat_model = load_chat_model(wanted, config.precision, progress)
    entailment = _entailment(models_of(config).entailment_model)
    return WriteAnswerer(chat_model, prompt, config.max_new_tokens, entailment), ""


def _entailment(name: str) -> EntailmentModel | None:
    """The model that has a last look at written sentences, where the settings name one."""
    if name == NONE:
        return None
    from rag.models.entailment import CrossEncoderEntailment

    return CrossEncoderEntailment.load(name)
