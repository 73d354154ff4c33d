"""Does a question find its own paragraph among thousands, by terms, by vectors, by both?

Searches through ``rag.Chatbot`` as any program would. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import rag
from corpora.questions import QuestionRow
from eval.report import Figure, share

CUTOFFS = (1, 5, 10)
# A paragraph is cut into passages; so many hits hold ten paragraphs with hardly an exception.
_HITS = 40
_MODES = {"hybrid": None, "terms": 0.0, "vectors": 1.0}
Say = Callable[[str], None]


def measure_retrieval(
    questions: Sequence[QuestionRow],
    pool: Mapping[str, str],
    config: rag.Config,
    *,
    distractors: Iterable[str] = (),
    say: Say = print,
) -> dict[str, Figure]:
    """R@1, R@5 and R@10 of each way to search; with ``distractors`` of the hybrid one alone.

    ``pool`` has paragraphs, each with its title, among them that of every question. The titles are
    left out, as what is found has to be found by the paragraph's own words. Paragraphs are ranked
    by their best passages.
    """
    texts = [*pool, *distractors]
    modes = {"hybrid": None} if len(texts) > len(pool) else _MODES
    figures: dict[str, Figure] = {}
    for mode, weight in modes.items():
        say(f"检索（{mode}）：{len(texts)} 篇，{len(questions)} 题")
        changes = {} if weight is None else {"vector_weight": weight}
        bot = rag.Chatbot.from_articles(
            (("", text) for text in texts), config.model_copy(update=changes)
        )
        ids = {article.text: article.id for article in reversed(bot.articles)}
        ranks = [rank_of(ids[one.context], bot.search(one.question, _HITS)) for one in questions]
        for k in CUTOFFS:
            figures[f"{mode} R@{k}"] = share([rank is not None and rank <= k for rank in ranks])
    return figures


def rank_of(article_id: str, hits: Iterable[rag.Hit]) -> int | None:
    """The rank, from 1, of an article among those of the hits; None when it is not there."""
    articles = list(dict.fromkeys(hit.passage.article_id for hit in hits))
    return articles.index(article_id) + 1 if article_id in articles else None
