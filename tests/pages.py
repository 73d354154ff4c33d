"""Pages of every kind for the layout tests, and what must be true of the articles made of any."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from rag.articles import PageLayout
from rag.datatypes import Article

LINES = st.sampled_from(
    [
        "园区动态",
        "石河子高新区",
        "迎来第18批博士服务团",
        "本报讯 近日，高新区开工。",
        "新华社北京5月1日电 记者从会上获悉，一切顺利。",
        "这是一句话，它有句号。这是另一句。",
        "这一句话没有说完，因为它在这里",
        "断开了，另一半印在别处。",
        "制定《云桥镇茶产业",
        "发展规划》，引进制茶企业6家。",
        "、",
        "”",
        "令彦海",
        "► 肖阳 刘永红",
        "记者 王拥 通讯员 王福友",
        "总策划 张思成 编辑 吴昌勇",
        "2020年5月14日 15",
        "图为新校舍的大门。",
        "——某地党建综述",
        "# 一级标题",
        "## 小标题 ##",
        "1. 第一条",
        "甲乙丙丁戊己庚辛壬癸",
        "",
        "   ",
    ]
)
SEPARATORS = st.sampled_from(
    ["\n", "\r\n", "\n\n", "\n\n\n\n", "\r", "\f", "\u2028", "\u2029", "\x85", "\v", "\x1c"]
)
PAGES = (
    st.lists(st.tuples(LINES | st.text(max_size=30), SEPARATORS), max_size=30).map(
        lambda rows: "".join(line + end for line, end in rows)
    )
    | st.text()
)


def assert_whole(layout: PageLayout, articles: Sequence[Article], page: str) -> None:
    """Every visible character is in one article or is page furniture, and every span holds."""
    covered = [
        position
        for number in layout.furniture
        for start, end in layout.blocks[number].pieces
        for position in range(start, end)
    ]
    for article in articles:
        inside: set[int] = set()
        for span in article.spans:
            piece = article.text[span.start : span.start + span.length]
            assert piece == page[span.source_start : span.source_start + span.length]
            assert span.length > 0
            inside.update(range(span.start, span.start + span.length))
            covered.extend(range(span.source_start, span.source_start + span.length))
        outside = set(range(len(article.text))) - inside
        assert {article.text[position] for position in outside} <= {"\n"}
        assert article.text.strip()
        assert article.title.strip()
    assert len(covered) == len(set(covered))
    assert all(page[position].isspace() for position in set(range(len(page))) - set(covered))
    assert bool(articles) == bool(page.strip())
