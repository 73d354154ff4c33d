"""What the issue on formats calls bad input: each gives text, or one clear line."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from rag.articles import read_corpus
from rag.articles.loaders import decode_bytes
from rag.articles.loaders.html.page import read_html
from rag.errors import ArticleError

STORY = "溪口村的石桥昨天修好通车，桥长三十六米，由村民出资二十万元修建，工期九个月。"
SAID = "".join(
    f"<li><b>网友{n}</b><p>我家就在桥边，听说修桥花了{n}百万元，真的不便宜，希望公布账目。</p></li>"
    for n in range(9)
)


@pytest.mark.parametrize(
    "comments",
    [
        f"<div class=comment-list><ul>{SAID}</ul></div>",
        f"<section id=pinglun>{SAID}</section>",
        f"<div class=x1><h3>网友评论（9条）</h3><ul>{SAID}</ul></div>",
        f"<div><p>全部留言</p>{SAID}</div>",
    ],
)
def test_comments_of_readers_are_no_article_though_they_are_most_of_the_page(comments: str) -> None:
    page = f"<body><div><h1>石桥通车</h1><p>{STORY}</p><p>{STORY}</p></div>{comments}</body>"
    found = read_html(page.encode(), "页.html").text
    assert 2 * len(found) < len(SAID)
    assert "三十六米" in found
    assert "网友" not in found
    assert "百万元" not in found


def test_an_archive_with_a_file_behind_a_password_is_one_line(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("锁.txt", STORY)
    data = bytearray(buffer.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1  # the first member says that it is encrypted
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "桥.txt").write_text(STORY, encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert [article.source for article in corpus.articles] == ["桥.txt"]
    (skipped,) = corpus.skipped
    assert "a.zip 有密码" in skipped.reason
    assert "\n" not in skipped.reason


@pytest.mark.parametrize("name", ["a.xlsx", "a.pptx", "a.doc", "a.xls"])
def test_an_office_file_behind_a_password_is_one_line(name: str) -> None:
    with pytest.raises(ArticleError) as caught:
        decode_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), name)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)
