"""Does a question find its own paragraph among thousands?

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
Say = Callable[[str], None]


def measure_retrieval(
    questions: Sequence[QuestionRow],
    pool: Mapping[str, str],
    config: rag.Config,
    *,
    distractors: Iterable[str] = (),
    say: Say = print,
) -> dict[str, Figure]:
    """R@1, R@5 and R@10 of the program's search, both arms fused and the first hits reranked.

    ``pool`` has paragraphs, each with its title, among them that of every question; ``distractors``
    are further texts. The titles are left out, as what is found has to be found by the paragraph's
    own words. Paragraphs are ranked by their best passages.
    """
    texts = [*pool, *distractors]
    say(f"检索：{len(texts)} 篇，{len(questions)} 题")
    bot = rag.Chatbot.from_articles((("", text) for text in texts), config)
    ids = {article.text: article.id for article in reversed(bot.articles)}
    ranks = [rank_of(ids[one.context], bot.search(one.question, _HITS)) for one in questions]
    return {
        f"hybrid R@{k}": share([rank is not None and rank <= k for rank in ranks]) for k in CUTOFFS
    }


def rank_of(article_id: str, hits: Iterable[rag.Hit]) -> int | None:
    """The rank, from 1, of an article among those of the hits; None when it is not there."""
    articles = list(dict.fromkeys(hit.passage.article_id for hit in hits))
    return articles.index(article_id) + 1 if article_id in articles else None
