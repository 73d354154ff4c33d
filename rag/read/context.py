"""What a reader is told of a passage beside its words: whose story it is from.

In goes an article and a passage of it, out comes one line of text. Knows nothing of questions,
models or scores. Training and answering call the same function, so that both read alike.
"""

from __future__ import annotations

from rag.datatypes import Article, Passage
from rag.text import as_read, sentences, standard_form

_TITLE_CHARS = 50
_HEADING_CHARS = 30
_PATH_CHARS = 30
_LEAD_CHARS = 60
_SHORTEST_LEAD = 12


def context_of(article: Article, passage: Passage) -> str:
    """Path, title, heading and the story's first sentence in their standard form.

    At most 170 characters. The path counts as far as it is called something in Chinese.

    News name their subject in the first sentence and go on with 该公司 or 他: without it a later
    passage would read like an answer to the same question about anybody. A passage that holds the
    first sentence is not given it again.
    """
    title, heading = passage.title[:_TITLE_CHARS], passage.heading[:_HEADING_CHARS]
    lead = lead_of(article)
    is_inside = lead in passage.text or (passage.start == 0 and not title)
    path = passage.path_name[:_PATH_CHARS]
    parts = (path, title, heading, "" if is_inside else lead[:_LEAD_CHARS])
    return standard_form(as_read("。".join(part for part in parts if part)).text)


def lead_of(article: Article) -> str:
    """The first sentence that tells something: neither headline nor byline, nor a few signs."""
    printed = f"{article.full_title} {article.byline}"
    for start, end in sentences(article.text[:600]):
        sentence = article.text[start:end]
        if len(sentence) >= _SHORTEST_LEAD and sentence not in printed:
            return sentence
    return ""
