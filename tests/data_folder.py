"""A data folder in our own words: a file of each kind, and in each a text that shares a run."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpora.laws import LAWS_FILE
from corpora.news import NEWS_FILE, is_for_measuring

# Of 40 characters and more without white space; the articles held out hold them.
QA_RUN = "云桥镇的茶农去年春天修通了一条通往山外的公路，从此鲜叶半天就能送到滨江市的茶厂，一年省下十二万元运费。"
CROSS_RUN = "柳湾小学的老师们整理出五百多册旧图书，在双河水库边的老仓库里办起了一间从早到晚都开着门的乡村阅览室。"
HELD_OUT = {"a": f"近日，{QA_RUN}", "b": f"{CROSS_RUN}每天都有人来。", "c": "第三篇很短。"}
TRAINED = {
    "t": "乌云公司的职员试验了一种省水的办法，菜地一季少浇了三遍水。",
    "u": "果园里种了桃树和梨树。",
}


def write_rows(path: Path, rows: Iterable[Any]) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode()))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def news_line(text: str) -> str:
    """A line of the news that may be trained on: with so many full stops as that takes."""
    return next(line for n in range(1, 99) if not is_for_measuring(line := f"\t{text}{'。' * n}"))


def question(number: str, context: str) -> dict[str, Any]:
    answer = context[:4]
    title = f"题{number}"
    return {
        "id": number,
        "question": "怎么样？",
        "answers": [answer],
        "context": context,
        "title": title,
    }


def qa_row(number: str, doc: str, text: str, **more: Any) -> dict[str, Any]:
    row = {
        "id": number, "kind": "plain", "question": "怎么样？", "history": [], "stand_alone": "怎么样？",
        "doc": doc, "answerable": True, "answers": [text[:4]], "evidence": [[0, len(text)]], "short": [[0, 4]],
    }  # fmt: skip
    return row | more


def part(doc: str, text: str, **more: Any) -> dict[str, Any]:
    row = {"doc": doc, "evidence": [[0, len(text)]], "answers": [text[:4]], "short": [[0, 4]]}
    return row | more


def cross_row(number: str, parts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    row = {
        "id": number, "kind": "both", "group": "g", "question": "各怎么样？", "answerable": True,
        "parts": parts, "also": [], "answer": "各不一样。", "required": [],
    }  # fmt: skip
    return row | more


def write_folder(folder: Path) -> None:
    """Every file that is read for training; in each stands a clean text and a tainted one."""
    spaced = " ".join(QA_RUN[4:46])  # white space does not count
    tainted = [f"日前，{QA_RUN}", f"文中有{spaced}一段。", f"又见{CROSS_RUN[-41:]}", QA_RUN[:40]]
    clean = [*TRAINED.values(), QA_RUN[:39], f"{QA_RUN[:30]}中间改了{QA_RUN[30:]}", "短。"]
    write_lines(folder / NEWS_FILE, [news_line(text) for text in [*tainted, *clean]])
    write_lines(folder / LAWS_FILE, [f"某法\t{clean[0]}", f"某条例\t第一条{QA_RUN}"])
    tainted_in_traditional = (
        "雲橋鎮的茶農去年春天修通了一條通往山外的公路，從此鮮葉半天就能送到濱江市的茶廠，一年省下"
    )
    for split, text in (
        ("cmrc2018.train", QA_RUN), ("cmrc2018.trial", CROSS_RUN), ("drcd.test", tainted_in_traditional)
    ):  # fmt: skip
        rows = [question(f"{split}-1", text), question(f"{split}-2", f"{split}{clean[0]}")]
        write_rows(folder / f"{split}.jsonl.gz", rows)
    write_rows(folder / "drcd.dev.jsonl.gz", [question("drcd.dev-1", clean[1])])
    write_yinju(folder)


def write_yinju(folder: Path) -> None:
    """Both hand-written sets: of train a row on a clean article and one on a tainted one."""
    texts = {**HELD_OUT, **TRAINED, "x": f"转载：{CROSS_RUN}"}
    for name in ("yinju_qa", "yinju_cross"):
        rows = [{"doc": doc, "text": text} for doc, text in texts.items()]
        write_rows(folder / f"{name}.docs.jsonl.gz", rows)
    write_rows(folder / "yinju_qa.dev.jsonl.gz", [qa_row("d1", "a", texts["a"])])
    write_rows(
        folder / "yinju_qa.train.jsonl.gz",
        [qa_row(f"t{doc}", doc, texts[doc]) for doc in ("t", "u", "x")],
    )
    near = {"kind": "near", "answerable": False, "nearest": ["b", 0, 9], "why": "没有说。"}
    row = cross_row("d1", [], **near)
    for key in ("also", "answer", "required"):
        del row[key]
    write_rows(folder / "yinju_cross.dev.jsonl.gz", [row, cross_row("d2", [part("c", texts["c"])])])
    write_rows(
        folder / "yinju_cross.train.jsonl.gz",
        [
            cross_row("t1", [part("t", texts["t"]), part("u", texts["u"])], missing="价钱"),
            cross_row("t2", [part("t", texts["t"])], also=[part("x", texts["x"], part=0)]),
            cross_row("t3", [part("u", texts["u"])], kind="pick"),
            cross_row("t4", [], **near | {"nearest": ["t", 0, 9]}),
        ],
    )
