"""Puts the parts together: the one module that names concrete classes.

Knows nothing of screens or command lines; what it has to tell comes back as text or through the
``report`` function that it is given.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Self

from rag.answer.answerer import Answerer
from rag.answer.quote import QuoteAnswerer
from rag.articles import article_from_text, corpus_in_memory, folder_digest, read_corpus
from rag.chatbot import ChatPipeline
from rag.config import Config
from rag.datatypes import Answer, Article, Corpus, Message
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
from rag.models.model_folder import download_command, is_available
from rag.prompts import load_prompt
from rag.read import builtin_judge
from rag.retrieve import Retriever, Searcher

logger = logging.getLogger(__name__)
Report = Callable[[str], None]
Progress = Callable[[str, int, int], None]


class Chatbot(ChatPipeline):
    """The pipeline with the program's own parts."""

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
    def _from_index(cls, index: Index, embedder: Embedder, config: Config) -> Self:
        answerer, notice = _answerer(config)
        return cls(
            index.articles,
            _retriever(index, embedder, config),
            builtin_judge(config.answer_threshold, config.rerank_seconds),
            answerer,
            top_k=config.top_k,
            max_question_chars=config.max_question_chars,
            notice=notice,
            passage_counts=Counter(passage.article_id for passage in index.passages),
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
    return Chatbot._from_index(index, embedder, config)


def build_index(
    config: Config | None = None,
    *,
    report: Report = logger.info,
    progress: Progress | None = None,
) -> Index:
    """Build the index of the corpus anew and save it; vectors of unchanged passages are kept."""
    config = config or Config.from_environment()
    return _build(config, load_embedder(models_of(config).embedder), report, progress)


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


def _digest(config: Config) -> str:
    return folder_digest(
        config.corpus.expanduser(),
        max_file_mb=config.max_file_mb,
        max_pdf_pages=config.max_pdf_pages,
    )


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
    previous = _previous(config)
    corpus = read_corpus(
        config.corpus.expanduser(),
        max_file_mb=config.max_file_mb,
        max_pdf_pages=config.max_pdf_pages,
        progress=_stage(progress, "读文章"),
    )
    for line in _remarks(corpus):
        report(line)
    index = Index.build(
        corpus,
        embedder,
        _settings(config),
        previous=previous,
        progress=_stage(progress, "算向量"),
    )
    index.save(config.corpus_index_dir)
    twice = f"，其中 {len(index.copies)} 个不止一篇有" if index.copies else ""
    report(f"索引建好了：{len(index.articles)} 篇文章，{len(index.passages)} 个段落{twice}")
    return index


def _stage(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(name, done, total)


def _remarks(corpus: Corpus) -> list[str]:
    """One line for each file that was left out, read in part, or was not in UTF-8."""
    skipped = [f"跳过 {file.source}：{file.reason}" for file in corpus.skipped]
    partly = [f"{file.source}：{remark}" for file in corpus.files for remark in file.remarks]
    encodings = [
        f"{file.source} 的编码是 {file.encoding}"
        for file in corpus.files
        if file.encoding not in ("utf-8", "")
    ]
    return [*skipped, *partly, *encodings]


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


def load_chat_model(name: str, precision: str = "auto") -> ChatModel:
    """The chat model of a server, or one that is on this machine; ModelError when it is not."""
    if name.startswith(OPENAI_PREFIX):
        from rag.models.openai_model import OpenAIChatModel

        return OpenAIChatModel.load(name)
    return TransformersChatModel.load(name, precision)


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


def _answerer(config: Config) -> tuple[Answerer, str]:
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
    chat_model = load_chat_model(DEFAULT_CHAT_MODEL if name == AUTO else name, config.precision)
    entailment = _entailment(models_of(config).entailment_model)
    return WriteAnswerer(chat_model, prompt, config.max_new_tokens, entailment), ""


def _entailment(name: str) -> EntailmentModel | None:
    """The model that has a last look at written sentences, where the settings name one."""
    if name == NONE:
        return None
    from rag.models.entailment import CrossEncoderEntailment

    return CrossEncoderEntailment.load(name)
