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
)
from rag.chatbot import ChatPipeline, Limits
from rag.config import Config
from rag.corpus_index import (
    Progress,
    Report,
    build_index,
    build_share,
    folder_digest_of,
    models_of,
    saved_index,
    settings_of,
    told_apart,
    usable_index,
    watch_index,
)
from rag.datatypes import Answer, Article, Message
from rag.errors import CorpusError
from rag.index import Index, PassageIndex
from rag.models.catalogue import (
    AUTO,
    BUILTIN,
    DEFAULT_CHAT_MODEL,
    NONE,
    OPENAI_PREFIX,
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
__all__ = [
    "Chatbot",
    "answer",
    "build_index",
    "build_share",
    "load",
    "load_chat_model",
    "models_of",
    "saved_index",
    "watch_index",
]
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
        if loaded is None or folder_digest_of(loaded.config) == loaded.digest:
            return ""
        before = {article.source for article in self._articles.values()}
        return f"文章有变动{told_apart(before, loaded.config)}；请重新载入（reload）"

    def reload(self, *, report: Report = logger.info, progress: Progress | None = None) -> bool:
        """Read the corpus folder anew if its files changed; whether they had.

        Answers that have begun end with the articles they began with; models stay as they are
        loaded. A RagError leaves everything as it was.
        """
        loaded = self._loaded
        if loaded is None or folder_digest_of(loaded.config) == loaded.digest:
            return False
        index = usable_index(loaded.config, loaded.embedder, report, progress)
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
        return cls._from_index(Index.build(corpus, embedder, settings_of(config)), embedder, config)

    @classmethod
    def _from_index(
        cls,
        index: PassageIndex,
        embedder: Embedder,
        config: Config,
        made: tuple[Answerer, str] | None = None,
    ) -> Self:
        answerer, notice = made or _answerer(config)
        retriever = _retriever(index, embedder, config)
        library = Library(index.articles, can_hold=index.holding)
        return cls(
            index.articles,
            retriever,
            builtin_judge(config.answer_threshold, config.rerank_seconds),
            answerer,
            Desk(library, retriever, Gist(embedder)),
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
    index = usable_index(config, embedder, report, progress)
    wanted = [name for name in models_of(config) if name not in (AUTO, BUILTIN, NONE)]
    if wanted:
        report(f"正在装入 {'、'.join(wanted)}")
    made = _answerer(config, _stage_of_loading(progress))
    chatbot = Chatbot._from_index(index, embedder, config, made)
    chatbot._loaded = _Loaded(config, embedder, index.manifest.corpus_digest)
    return chatbot


def answer(question: str, history: Sequence[Message] = ()) -> Answer:
    """The answer from the default corpus and index, built when missing, anew when files change."""
    config = Config.from_environment()
    places = {"corpus": config.corpus.expanduser(), "index_dir": config.index_dir.expanduser()}
    fixed = config.model_copy(update={name: path.resolve() for name, path in places.items()})
    return _loaded(fixed, folder_digest_of(fixed)).answer(question, history)


@lru_cache(maxsize=1)
def _loaded(config: Config, corpus_digest: str) -> Chatbot:
    """A chatbot for as long as neither the settings nor the files of the corpus change."""
    return load(config)


def _stage_of_loading(progress: Progress | None) -> Steps | None:
    if progress is None:
        return None
    return lambda done, total: progress("装入对话模型", done, total)


def _articles(articles: Iterable[Article | tuple[str, str]]) -> list[Article]:
    return [
        article
        if isinstance(article, Article)
        else article_from_text(f"memory/{number}#1", article[0], article[1], f"memory/{number}")
        for number, article in enumerate(articles, start=1)
    ]


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


def _retriever(index: PassageIndex, embedder: Embedder, config: Config) -> Searcher:
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
