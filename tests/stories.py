"""Invented articles, in our own words, for the tests of the upper floors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import opencc

import rag

TEA = (
    "云桥镇的茶",
    (
        "云桥镇的茶\n"
        "2019年，云桥镇新建茶园1.2万亩，引进制茶企业6家，带动农户3200户。"
        "镇党委书记林晓峰说，茶叶是全镇的第一产业。\n"
        "2020年，云桥镇又改造老茶园4000亩，修通产业路36公里。茶厂主要生产绿茶、白茶、红茶和黑茶。"
    ),
)
SCHOOL = (
    "柳湾小学搬家",
    (
        "柳湾小学搬家\n"
        "本报讯 9月1日，柳湾小学的860名学生走进了新校舍。新校舍占地45亩，藏书8万册。\n"
        "老校舍因河道整治需要拆除，学校才搬到了河西。"
    ),
)
WATER = (
    "双河水库开工",
    (
        "双河水库开工\n"
        "双河水库工程于2021年3月18日正式开工，总库容1.26亿立方米，工期5年。"
        "工程由省水利集团承建。\n"
        "水库建成后，可以灌溉农田28万亩，解决45万人的饮水问题。"
    ),
)
FIRM = (
    "乌云科技公司年报",
    (
        "乌云科技公司年报\n"
        "2022年，乌云科技公司营业收入为23.5亿元，同比增长18%。公司现有员工2600人，其中研发人员1100人。\n"
        "董事长何志远介绍，公司总部设在滨江市。"
    ),
)
STORIES = (TEA, SCHOOL, WATER, FIRM)
BUILTIN = rag.Config(chat_model="builtin")
traditional = opencc.OpenCC("s2t").convert


def write_stories(folder: Path) -> Path:
    """A corpus folder with a file for each story."""
    folder.mkdir(parents=True, exist_ok=True)
    for title, text in STORIES:
        (folder / f"{title}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def texts_of(pairs: tuple[tuple[str, str], ...] = STORIES) -> dict[str, str]:
    """The text behind each source that ``Chatbot.from_articles`` names."""
    return {f"memory/{number}": text for number, (_, text) in enumerate(pairs, 1)}


def assert_quotes_hold(answer: rag.Answer, articles: list[rag.Article], texts: Mapping[str, str]):
    """Every citation and hit gives its words back, from its article and from its source."""
    by_id = {article.id: article for article in articles}
    assert [citation.number for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    found = [
        (c.article_id, c.source, c.quote, c.start, c.end, c.source_spans) for c in answer.citations
    ]
    for article_id, source, quote, start, end, spans in found:
        assert quote
        assert by_id[article_id].text[start:end] == quote
        assert "".join(texts[source][a:b] for a, b in spans) == quote
    for hit in answer.hits:
        passage = hit.passage
        assert by_id[passage.article_id].text[passage.start : passage.end] == passage.text
        joined = "".join(texts[hit.source][a:b] for a, b in hit.source_spans)
        assert "".join(joined.split()) == "".join(passage.text.split())
