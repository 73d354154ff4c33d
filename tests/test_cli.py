"""The command line: what it prints where, what it exits with, and that errors are one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

import rag
from rag import cli
from tests.stories import RICE, TEA, write_stories

ACREAGE = "云桥镇2019年新建了多少亩茶园？"
ABSENT = "东江高新区有多少名员工？"
EARLY_RICE = "双河县早稻种植面积是多少亩？"
ANSWER_FIELDS = [
    "question", "query", "outcome", "text", "short", "claims", "citations", "hits",
    "probability", "model", "error", "timings_ms", "readings", "parts",
]  # fmt: skip
CLAIM_FIELDS = ["text", "verdict", "reasons", "citations"]
CITATION_FIELDS = [
    "number", "article_id", "title", "source", "quote", "start", "end", "source_spans",
    "page",
]  # fmt: skip
HIT_FIELDS = [
    "article_id", "title", "source", "text", "start", "end", "source_spans", "score", "found_by",
    "also_in",
]  # fmt: skip


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *arguments: object) -> Done: ...


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    stand_in_judge: None,
) -> Run:
    """Runs the command line in this process, with an index folder of the test's own."""
    monkeypatch.setenv("YINJU_INDEX_DIR", str(tmp_path / "index"))

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["yinju", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return call


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_stories(tmp_path / "文章")


def assert_one_line_error(done: Done, *words: str) -> None:
    assert done.code == 1
    assert done.out == ""
    lines = done.err.splitlines()
    (error,) = [line for line in lines if line.startswith("错误：")]
    assert error == lines[-1]
    assert all(word in error for word in words), error
    assert "Traceback" not in done.err


# --- index ------------------------------------------------------------------------------------


def test_index_builds_and_says_how_much(run: Run, corpus: Path, tmp_path: Path):
    done = run("index", corpus)
    assert (done.code, done.out) == (0, "")
    assert "4 篇文章" in done.err
    assert any((tmp_path / "index").iterdir())
    assert run("ask", ACREAGE, "--corpus", corpus).err == ""


def test_index_takes_the_folder_as_an_option_too(run: Run, corpus: Path, tmp_path: Path):
    done = run("index", "--corpus", corpus, "--index-dir", tmp_path / "别处")
    assert done.code == 0
    assert any((tmp_path / "别处").iterdir())
    assert not (tmp_path / "index").exists()


def test_what_is_left_out_is_named(run: Run, corpus: Path):
    (corpus / "空.txt").write_bytes(b"")
    done = run("index", corpus)
    assert done.code == 0
    assert any(line.startswith("跳过 空.txt") for line in done.err.splitlines())


def test_an_index_is_built_in_shares(run: Run, corpus: Path):
    for number in (1, 2):
        done = run("index", "--shard", f"{number}/2", "--corpus", corpus)
        assert f"第 {number}/2 份做好了" in done.err
    assert "索引建好了" in run("index", "--corpus", corpus).err


@pytest.mark.parametrize("shard", ["0/2", "3/2", "2", "a/b", "1/"])
def test_a_share_that_is_none_is_one_line(run: Run, corpus: Path, shard: str):
    assert_one_line_error(run("index", corpus, "--shard", shard), "--shard", "2/8")


# --- ask --------------------------------------------------------------------------------------


def test_ask_prints_the_answer_and_its_citations(run: Run, corpus: Path):
    done = run("ask", ACREAGE, "--corpus", corpus)
    assert done.code == 0
    first, *rest = done.out.splitlines()
    assert first.startswith("1.2万亩：")
    assert first.endswith("[1]")
    assert "[1] 《云桥镇的茶》 云桥镇的茶.txt" in rest
    assert "索引建好了" in done.err
    assert "索引" not in done.out


def test_a_refusal_is_an_answer_not_an_error(run: Run, corpus: Path):
    done = run("ask", ABSENT, "--corpus", corpus)
    assert done.code == 0
    assert "没有找到" in done.out
    assert "[1]" not in done.out


@pytest.mark.parametrize("question", [ACREAGE, ABSENT])
def test_ask_json_has_the_fields_of_the_interface_in_their_order(
    run: Run, corpus: Path, question: str
):
    done = run("ask", question, "--corpus", corpus, "--json")
    answer = json.loads(done.out)
    assert list(answer) == ANSWER_FIELDS
    assert all(list(claim) == CLAIM_FIELDS for claim in answer["claims"])
    assert all(list(citation) == CITATION_FIELDS for citation in answer["citations"])
    assert all(list(hit) == HIT_FIELDS for hit in answer["hits"])
    assert answer["hits"]
    assert bool(answer["citations"]) == bool(answer["claims"]) == (question == ACREAGE)
    assert answer["outcome"] == ("answered" if question == ACREAGE else "no_evidence")


def test_the_spans_in_the_json_give_the_quote_back_from_the_file(run: Run, corpus: Path):
    answer = json.loads(run("ask", ACREAGE, "--corpus", corpus, "--json").out)
    assert answer["claims"][0]["citations"] == [1]
    for citation in answer["citations"]:
        text = rag.read_text(corpus / citation["source"])
        assert "".join(text[a:b] for a, b in citation["source_spans"]) == citation["quote"]


# --- ask --batch ------------------------------------------------------------------------------


def batch_file(path: Path, *lines: Any) -> Path:
    rows = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in lines]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def rows_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def test_a_batch_answers_each_line_and_keeps_its_id(run: Run, corpus: Path, tmp_path: Path):
    history = [{"role": "user", "content": ACREAGE}, {"role": "assistant", "content": "1.2万亩。"}]
    asked = batch_file(
        tmp_path / "in.jsonl",
        {"id": "a", "question": ACREAGE},
        "",
        {"id": 7, "question": "它引进了几家制茶企业？", "history": history},
        {"id": "c", "question": ABSENT, "history": None},
    )
    out = tmp_path / "out.jsonl"
    done = run("ask", "--batch", asked, "--out", out, "--corpus", corpus)
    assert (done.code, done.out) == (0, "")
    rows = rows_of(out.read_text(encoding="utf-8"))
    assert [list(row) for row in rows] == [["id", *ANSWER_FIELDS]] * 3
    assert [row["id"] for row in rows] == ["a", 7, "c"]
    assert [row["short"] for row in rows] == ["1.2万亩", "6家", None]
    assert rows[1]["query"] == f"{ACREAGE}；它引进了几家制茶企业？"


@pytest.mark.parametrize(
    "bad",
    [
        "不是 JSON",
        "[1, 2]",
        "3",
        '{"id": "x"}',
        '{"id": "x", "question": 5}',
        '{"id": "x", "question": ""}',
        '{"id": "x", "question": "😀"}',
        '{"id": "x", "question": "云桥镇\\ud800有多少亩茶园？"}',
        '{"id": "x", "question": "云桥镇有什么？", "history": [{"role": "user"}]}',
        '{"id": "\\ud800", "question": ""}',
    ],
)
def test_a_batch_line_that_fails_says_why_the_rest_goes_on_and_the_exit_is_one(
    run: Run, corpus: Path, tmp_path: Path, bad: str
):
    asked = batch_file(
        tmp_path / "in.jsonl", {"id": 1, "question": ACREAGE}, bad, {"id": 3, "question": ACREAGE}
    )
    out = tmp_path / "out.jsonl"
    done = run("ask", "--batch", asked, "--out", out, "--corpus", corpus)
    assert done.code == 1
    assert "1 个没答成" in done.err
    first, failed, last = rows_of(out.read_text(encoding="utf-8"))
    assert list(failed) == ["id", "error"]
    assert failed["error"]
    assert "\n" not in failed["error"]
    assert first["short"] == last["short"] == "1.2万亩"


def test_a_batch_without_an_out_file_goes_to_standard_output(
    run: Run, corpus: Path, tmp_path: Path
):
    asked = batch_file(tmp_path / "in.jsonl", "\ufeff" + json.dumps({"question": ACREAGE}))
    (row,) = rows_of(run("ask", "--batch", asked, "--corpus", corpus).out)
    assert (row["id"], row["short"]) == (1, "1.2万亩")


def test_line_separators_inside_a_question_do_not_cut_its_line(
    run: Run, corpus: Path, tmp_path: Path
):
    question = f"云桥镇的茶\u2028{ACREAGE}\x85"
    asked = batch_file(tmp_path / "in.jsonl", {"id": 1, "question": question})
    done = run("ask", "--batch", asked, "--corpus", corpus)
    assert done.code == 0
    assert len(rows_of(done.out)) == 1


# --- search, layout, doctor -------------------------------------------------------------------


def test_search_json_is_a_list_of_hits(run: Run, corpus: Path):
    hits = json.loads(run("search", ACREAGE, "--corpus", corpus, "--json", "--top-k", 2).out)
    assert 1 <= len(hits) <= 2
    assert all(list(hit) == HIT_FIELDS for hit in hits)
    assert hits[0]["source"] == "云桥镇的茶.txt"


@pytest.fixture
def reprinted(corpus: Path) -> Path:
    """The corpus with a story that seven papers print."""
    for number in range(7):
        (corpus / f"{number}报.txt").write_text(RICE[1], encoding="utf-8")
    return corpus


@pytest.mark.parametrize("command", ["ask", "search"])
def test_the_other_papers_of_a_story_are_named_the_first_five_of_them(
    run: Run, reprinted: Path, command: str
):
    done = run(command, EARLY_RICE, "--corpus", reprinted)
    named = [line.strip() for line in done.out.splitlines() if line.strip().startswith("另见")]
    places = [int(line[4]) for line in named[:5]]
    assert named[:6] == [*(f"另见 《{n}报》 {n}报.txt" for n in places), "另见 …… 共 6 篇"]
    assert places == sorted(set(places))
    assert "不止一篇有" in done.err


def test_a_hit_names_all_its_copies_in_json_in_the_order_of_the_corpus(run: Run, reprinted: Path):
    done = run("search", EARLY_RICE, "--corpus", reprinted, "--json")
    best = json.loads(done.out)[0]
    others = [n for n in range(7) if f"{n}报.txt" != best["source"]]
    assert len(others) == 6
    assert best["also_in"] == [
        {"article_id": f"{n}报.txt#1", "title": f"{n}报", "source": f"{n}报.txt"} for n in others
    ]


def test_search_prints_ranks_titles_and_passages(run: Run, corpus: Path):
    done = run("search", ACREAGE, "--corpus", corpus)
    assert done.out.startswith("1. 《云桥镇的茶》 云桥镇的茶.txt")
    assert "1.2万亩" in done.out


def test_layout_shows_the_page_and_then_its_articles(run: Run, corpus: Path):
    path = corpus / f"{TEA[0]}.txt"
    done = run("layout", path)
    assert (done.code, done.err) == (0, "")
    assert done.out.index("原版面") < done.out.index(f"== {path.name}#1 《云桥镇的茶》")
    assert all(line in done.out for line in TEA[1].splitlines())


def test_layout_json_has_blocks_joins_articles_and_furniture(run: Run, corpus: Path):
    path = corpus / f"{TEA[0]}.txt"
    shown = json.loads(run("layout", path, "--json").out)
    assert list(shown) == ["blocks", "joins", "articles", "furniture"]
    (article,) = shown["articles"]
    assert (article["title"], article["text"]) == TEA
    text = rag.read_text(path)
    assert all(text[block["start"] : block["end"]] == block["text"] for block in shown["blocks"])


def test_layout_writes_a_sample_that_wins_once_it_stands_beside_the_file(run: Run, corpus: Path):
    path = corpus / f"{TEA[0]}.txt"
    sample = json.loads(run("layout", path, "--override").out)
    assert sample["blocks"] == len(TEA[1].splitlines())
    headline, *rest = range(1, sample["blocks"] + 1)
    sample |= {"articles": [{"headlines": [headline], "text": rest[::-1]}], "furniture": []}
    beside = path.with_name(f"{path.name}.layout.json")
    beside.write_text(json.dumps(sample), encoding="utf-8")
    (article,) = json.loads(run("layout", path, "--json").out)["articles"]
    title, *body = TEA[1].splitlines()
    assert article["text"].splitlines() == [title, *body[::-1]]
    assert {block["reason"] for block in article["blocks"]} == {"手工指定"}


def test_layout_names_what_is_wrong_with_a_hand_written_file_in_one_line(run: Run, corpus: Path):
    path = corpus / f"{TEA[0]}.txt"
    path.with_name(f"{path.name}.layout.json").write_text("{", encoding="utf-8")
    for flags in ((), ("--json",)):
        assert_one_line_error(run("layout", path, *flags), "layout.json", "--override")


@pytest.mark.parametrize("written", ["{", '{"blocks": 99, "articles": []}'])
def test_layout_writes_the_sample_that_its_error_speaks_of(run: Run, corpus: Path, written: str):
    path = corpus / f"{TEA[0]}.txt"
    sample = run("layout", path, "--override").out
    path.with_name(f"{path.name}.layout.json").write_text(written, encoding="utf-8")
    assert run("layout", path, "--override") == (0, sample, "")


def test_doctor_lists_what_is_there_and_fails_while_something_is_missing(run: Run, corpus: Path):
    before = run("doctor", "--corpus", corpus)
    assert before.code == 1
    assert any(line.startswith("坏  索引") for line in before.out.splitlines())
    run("index", corpus)
    after = run("doctor", "--corpus", corpus)
    assert after.code == 0
    assert "4 篇" in after.out
    assert any(line.startswith("好  OCR：") for line in after.out.splitlines())
    assert all(line.startswith("好  ") for line in after.out.splitlines())


def test_doctor_goes_on_past_what_is_broken(run: Run, tmp_path: Path):
    done = run("doctor", "--corpus", tmp_path / "没有")
    assert done.code == 1
    lines = done.out.splitlines()
    assert any(line.startswith("坏  文章") for line in lines)
    assert lines[-1].startswith("好  蕴含模型")


def test_help_is_in_chinese_and_names_every_command(run: Run):
    done = run("--help")
    assert done.code == 0
    for command in ("index", "ask", "search", "layout", "models", "doctor"):
        assert command in done.out
    assert "检索" in done.out


# --- Errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "问", "😀😀", "问" * 10_000])
def test_a_bad_question_is_one_line_and_exit_one(run: Run, corpus: Path, question: str):
    assert_one_line_error(run("ask", question, "--corpus", corpus), "问题")


def test_an_empty_folder_is_one_line_and_exit_one(run: Run, tmp_path: Path):
    (tmp_path / "空").mkdir()
    for command in (["index"], ["ask", ACREAGE, "--corpus"], ["search", ACREAGE, "--corpus"]):
        assert_one_line_error(run(*command, tmp_path / "空"), "没有文章")


def test_a_file_or_nothing_in_place_of_a_folder_is_one_line_and_exit_one(
    run: Run, corpus: Path, tmp_path: Path
):
    assert_one_line_error(run("index", corpus / f"{TEA[0]}.txt"), "不是文件夹")
    assert_one_line_error(run("ask", ACREAGE, "--corpus", tmp_path / "没有"), "不存在")


def test_an_error_with_a_long_path_stays_one_line(run: Run, tmp_path: Path):
    folder = tmp_path / ("很长的文件夹名" * 10)
    assert_one_line_error(run("index", folder), str(folder), "不存在")


def test_a_file_that_is_no_text_is_one_line_and_exit_one(run: Run, tmp_path: Path):
    path = tmp_path / "图.txt"
    path.write_bytes(bytes(range(256)) * 20)
    assert_one_line_error(run("layout", path), "图.txt")
    assert_one_line_error(run("layout", tmp_path / "没有.txt"), "没有.txt")


def test_a_foreign_index_folder_is_one_line_and_exit_one(run: Run, corpus: Path, tmp_path: Path):
    run("index", corpus)
    (folder,) = (tmp_path / "index").iterdir()
    for path in [p for p in folder.rglob("*") if p.is_file()]:
        path.unlink()
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        path.rmdir()
    (folder / "notes.txt").write_text("别人的笔记", encoding="utf-8")
    assert_one_line_error(run("ask", ACREAGE, "--corpus", corpus), "--index-dir")
    assert_one_line_error(run("index", corpus), "--index-dir")
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("variable", "value", "word"),
    [
        ("YINJU_TOP_K", "很多", "top_k"),
        ("YINJU_NO_SUCH", "1", "no_such"),
        ("YINJU_CHAT_MODEL", "nobody/no-such-model", "nobody/no-such-model"),
    ],
)
def test_a_bad_setting_is_one_line_and_exit_one(
    run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, word: str
):
    monkeypatch.setenv(variable, value)
    assert_one_line_error(run("ask", ACREAGE, "--corpus", corpus), word)


def test_a_batch_file_that_cannot_be_read_or_written_is_one_line_and_exit_one(
    run: Run, corpus: Path, tmp_path: Path
):
    asked = batch_file(tmp_path / "in.jsonl", {"id": 1, "question": ACREAGE})
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\xfd")
    options = ("--corpus", corpus)
    assert_one_line_error(run("ask", "--batch", tmp_path / "没有.jsonl", *options), "没有.jsonl")
    assert_one_line_error(run("ask", "--batch", tmp_path / "bytes.jsonl", *options), "UTF-8")
    nowhere = tmp_path / "没有" / "out.jsonl"
    assert_one_line_error(run("ask", "--batch", asked, "--out", nowhere, *options), "out.jsonl")


def test_a_question_and_a_batch_together_or_neither_is_one_line_and_exit_one(
    run: Run, tmp_path: Path
):
    assert_one_line_error(run("ask"), "--batch")
    assert_one_line_error(run("ask", ACREAGE, "--batch", tmp_path / "in.jsonl"), "--batch")


# --- As a user runs it ------------------------------------------------------------------------


def run_outside(folder: Path, *arguments: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "rag", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_python_m_rag_answers_with_an_index_built_on_the_way(corpus: Path, tmp_path: Path):
    done = run_outside(tmp_path, "ask", ACREAGE, "--corpus", str(corpus))
    assert (done.code, "1.2万亩" in done.out) == (0, True), done.err
    assert len(done.err.splitlines()) == 2
    failed = run_outside(tmp_path, "ask", "", "--corpus", str(corpus))
    assert failed == Done(1, "", "错误：问题是空的；请输入一个问题\n")


def test_a_batch_is_not_written_over_its_own_questions(run: Run, corpus: Path, tmp_path: Path):
    batch = tmp_path / "问题.jsonl"
    batch.write_text('{"id": 1, "question": "云桥镇有多少亩茶园？"}\n', encoding="utf-8")
    before = batch.read_bytes()
    done = run("ask", "--batch", str(batch), "--out", str(batch), "--corpus", str(corpus))
    assert_one_line_error(done, "同一个文件")
    assert batch.read_bytes() == before


def test_numbers_that_were_searched_in_digits_are_shown(run: Run, corpus: Path):
    asked = run("ask", "云桥镇引进了六家什么企业？", "--corpus", str(corpus))
    assert "按“6家”查找" in asked.out
    assert "查找" not in run("ask", ACREAGE, "--corpus", str(corpus)).out


def test_the_version_is_told(run: Run):
    done = run("--version")

    assert (done.code, done.out) == (0, f"yinju {rag.__version__}\n")


@pytest.mark.parametrize(
    ("table", "encoding", "ids"),
    [
        (f"编号,问题\na1,{ACREAGE}\na2,{EARLY_RICE}\n", "utf-8-sig", ["a1", "a2"]),
        (f"问题;备注\n{ACREAGE};急\n{EARLY_RICE};\n", "gb18030", [1, 2]),
        (f"{ACREAGE}\n{EARLY_RICE}\n", "gb18030", [1, 2]),
    ],
)
def test_a_batch_may_be_a_table(
    run: Run, tmp_path: Path, table: str, encoding: str, ids: list[object]
):
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_stories(folder)
    asked, out = tmp_path / "问题.csv", tmp_path / "答.jsonl"
    asked.write_bytes(table.encode(encoding))

    done = run("ask", "--corpus", folder, "--batch", asked, "--out", out)

    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert done.code == 0
    assert [row["id"] for row in rows] == ids
    assert [row["question"] for row in rows] == [ACREAGE, EARLY_RICE]
