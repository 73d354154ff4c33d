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
# Not one of STORIES: long enough for two or three passages, which copies of it share.
RICE = (
    "双河县早稻丰收",
    (
        "7月5日，记者从双河县农业农村局了解到，今年全县早稻种植面积为8.6万亩，比去年多3200亩，预计总产量3.9万吨。"
        "县里组织了45名农技人员下乡，帮助农户防治病虫害，并补贴农机购置款260万元。"
        "在沙田镇的千亩示范片，种粮大户吴建国正忙着开沟晒田。他说，今年选用的新品种抗倒伏，每亩可以多收四十公斤。"
        "镇上的稻米加工厂已经和周边12个村签订收购合同，收购价比市场价高一成。"
        "双河县还计划在年底前改造高标准农田2.4万亩，新修机耕路58公里，让更多田块可以用上大型收割机。"
        "县农业农村局局长李建华表示，下一步将推广水稻和油菜轮作，让农户一年有两季收成。"
    ),
)
STORIES = (TEA, SCHOOL, WATER, FIRM)
# However busy the machine, all hits are read.
BUILTIN = rag.Config(chat_model="builtin", rerank_seconds=3600.0)
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


# Two articles of a folder that is added to: the first lies in it, the second comes later.
ONE = "青浦要闻\n\n上海青浦区新开工项目19个，总投资83亿元，绿化率达到35%，居民满意。\n"
TWO = "海事要闻\n\n上海海事局局长王建国表示，全年救助船只120艘，没有发生事故。\n"


def folder_of_one(place: Path) -> Path:
    """A folder ``corpus`` in a place, with the first article in it as ``甲.txt``."""
    corpus = place / "corpus"
    corpus.mkdir()
    (corpus / "甲.txt").write_text(ONE, encoding="utf-8")
    return corpus
