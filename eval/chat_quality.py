"""What a real chat model makes of questions with known answers, beside the built-in answerer.

Questions of yinju_qa, all kinds and a fifth that the article only nearly answers, in an order
chosen by chance, so that a run that is cut short is a fair sample, too. A question is a line of the
result file, and one that stands there is not asked again. Of the sets' texts nothing is kept,
unless ``texts`` names a file for judging answers by hand. The reading depth is fixed, so that what
is answered does not hang on how busy the machine is. Knows nothing of how a model is run.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import rag
from eval.benchmarks.answer_presence import is_present
from eval.benchmarks.yinju import as_messages, as_reply, other_news
from eval.benchmarks.yinju_judging import is_right_alone, parts_cited
from eval.benchmarks.yinju_rows import YinjuRow, read_alone
from eval.environment import describe_run, shortened
from eval.report import ReportError

QUESTIONS = 120
NEAR_SHARE = 0.2
_OFFERED = "材料里有这"  # begins what is offered beside a model's words
_ROUNDS_S = 0.1
_DEPTH_SECONDS = 1000.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is measured on: the rows in the order to ask them, and the articles searched."""

    rows: tuple[YinjuRow, ...]
    texts: Mapping[str, str]
    others: tuple[str, ...]

    def chatbot(self, chat_model: str, precision: str = "auto") -> rag.Chatbot:
        """A chatbot over the articles with that chat model."""
        config = rag.Config(
            profile="builtin",
            chat_model=chat_model,
            precision=precision,
            rerank_seconds=_DEPTH_SECONDS,
        )
        articles = (("", text) for text in (*self.texts.values(), *self.others))
        return rag.Chatbot.from_articles(articles, config)


def choose_rows(data: Path, *, questions: int, others: int, seed: int) -> Asked:
    """So many rows, a fifth of them not answerable, mixed; DataError where files are missing."""
    read = read_alone(data, "dev")
    rows = list(read.rows)
    Random(seed).shuffle(rows)
    near = round(NEAR_SHARE * questions)
    told = [row for row in rows if row.is_answerable][: questions - near]
    chosen = [*told, *[row for row in rows if not row.is_answerable][:near]]
    Random(seed + 1).shuffle(chosen)
    news = other_news(data, read.texts.values(), others, seed)
    return Asked(tuple(chosen), read.texts, tuple(news))


def measure_chat_quality(
    asked: Asked,
    model: str,
    out: Path,
    *,
    precision: str = "auto",
    texts: Path | None = None,
    say: Say = print,
) -> list[dict[str, Any]]:
    """Ask each row that ``out`` has not yet, a line each; all lines, those of before included.

    ReportError when ``out`` was made with another model.
    """
    done = _lines_of(out, model)
    left = [row for row in asked.rows if row.id not in {line["id"] for line in done}]
    if not left:
        return done
    say(f"{model}：还有 {len(left)} 题")
    plain = asked.chatbot("builtin")
    with _watched_memory() as memory:
        start = time.perf_counter()
        bot = asked.chatbot(model, precision)
        loading = round(time.perf_counter() - start, 1)
        names = {text: doc for doc, text in asked.texts.items()}
        docs = {article.id: names.get(article.text, "") for article in bot.articles}
        for row in left:
            line = _line(row, bot, plain, docs, texts)
            line |= {
                "model": shortened(model),
                "loading_s": loading,
                "anonymous_mb": memory.most_mb,
            }
            done.append(line)
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            told = f"{row.id} {row.kind} {line['outcome']} {line['right']}"
            say(f"{len(done)}/{len(asked.rows)} {told}")
    return done


def _lines_of(out: Path, model: str) -> list[dict[str, Any]]:
    if not out.is_file():
        return []
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    if any(line["model"] != shortened(model) for line in lines):
        raise ReportError(f"{out} 是用别的模型量的；请另给 --out")
    return lines


class _Streamed(NamedTuple):
    """An answer as it came: in how many pieces, and in seconds until the first and the last."""

    answer: rag.Answer
    pieces: int
    first: float
    total: float


def _streamed(bot: rag.Chatbot, row: YinjuRow) -> _Streamed:
    start = time.perf_counter()
    first, pieces = start, 0
    for event in bot.stream(row.question, as_messages(row.history)):
        if isinstance(event, str):
            first = first if pieces else time.perf_counter()
            pieces += 1
        elif isinstance(event, rag.Answer):
            return _Streamed(event, pieces, first - start, time.perf_counter() - start)
    raise ReportError(f"{row.id} 没有等到回答；请重跑")


def _line(
    row: YinjuRow,
    bot: rag.Chatbot,
    plain: rag.Chatbot,
    docs: Mapping[str, str],
    texts: Path | None,
) -> dict[str, Any]:
    """How a row ended with the model and without, in flags and figures."""
    streamed = _streamed(bot, row)
    answer = streamed.answer
    reply = as_reply(answer, docs)
    own, offered = _parted(answer)
    builtin = plain.answer(row.question, as_messages(row.history))
    if texts is not None:
        _keep_text(texts, row, answer, builtin)
    return {
        "id": row.id,
        "kind": row.kind,
        "answerable": row.is_answerable,
        "outcome": answer.outcome,
        "right": is_right_alone(row, reply),
        "cited": list(parts_cited(row, reply)),
        "own_right": _holds(row, "".join(claim.text for claim in own)),
        "verdicts": [claim.verdict for claim in own],
        "claims_right": [_holds(row, claim.text) for claim in own],
        "offered": offered,
        "probability": answer.probability,
        "first_ms": round(1000 * streamed.first),
        "total_ms": round(1000 * streamed.total),
        "pieces": streamed.pieces,
        "writing_ms": round(1000 * (streamed.total - streamed.first)),
        "builtin_outcome": builtin.outcome,
        "builtin_right": is_right_alone(row, as_reply(builtin, docs)),
    }


def _parted(answer: rag.Answer) -> tuple[list[rag.Claim], bool]:
    """The claims of the model's own words, and whether a quote is offered beside or for them."""
    at = answer.text.find(_OFFERED)
    if answer.outcome != "answered" or at < 0:
        return list(answer.claims), False
    return [claim for claim in answer.claims if answer.text.find(claim.text) < at], True


def _holds(row: YinjuRow, text: str) -> bool:
    """Whether a text, however long, says what the answer has to."""
    return row.is_answerable and all(
        any(all(is_present(words, text) for words in place.answers) for place in places)
        for places in row.parts
    )


def _keep_text(texts: Path, row: YinjuRow, answer: rag.Answer, builtin: rag.Answer) -> None:
    kept = {
        "id": row.id,
        "kind": row.kind,
        "question": row.question,
        "history": list(row.history),
        "gold": [list(places[0].answers) for places in row.parts],
        "text": answer.text,
        "claims": [claim.text for claim in answer.claims],
        "verdicts": [claim.verdict for claim in answer.claims],
        "reasons": [list(claim.reasons) for claim in answer.claims],
        "quotes": {one.number: one.quote for one in answer.citations},
        "builtin": builtin.text,
    }
    with texts.open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def summarize(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The figures of a run: shares over the rows that each is about, times in milliseconds."""
    told = [line for line in lines if line["answerable"]]
    near = [line for line in lines if not line["answerable"]]
    own = [line for line in lines if line["verdicts"]]
    wrong = [line for line in own if not line["own_right"]]
    good = [line for line in own if line["own_right"]]
    asked = [line for line in lines if line["pieces"] > 1]
    return {
        **describe_run(),
        "questions": len(lines),
        "right": _share(lines, "right"),
        "builtin right": _share(lines, "builtin_right"),
        "answerable right": _share(told, "right"),
        "builtin answerable right": _share(told, "builtin_right"),
        "nearly answered declined": _share(near, "right"),
        "builtin nearly answered declined": _share(near, "builtin_right"),
        "model's own words right": _share(own, "own_right"),
        "evidence cited": _mean([all(line["cited"]) for line in told if line["right"]]),
        "wrong answers marked": _mean([_is_marked(line) for line in wrong]),
        "right answers marked": _mean([_marks_the_answer(line) for line in good]),
        "wrong and unmarked": _mean([one in wrong and not _is_marked(one) for one in lines]),
        "quote offered": _share(lines, "offered"),
        "first_ms_p50": _median([line["first_ms"] for line in asked]),
        "total_ms_p50": _median([line["total_ms"] for line in asked]),
        "tokens_per_second": _median(
            [1000 * line["pieces"] / line["writing_ms"] for line in asked if line["writing_ms"]]
        ),
        "loading_s": max((line["loading_s"] for line in lines), default=None),
        "anonymous_mb": max((line["anonymous_mb"] for line in lines), default=None),
    }


def _is_marked(line: Mapping[str, Any]) -> bool:
    """Whether a reader is warned of a sentence of it, or shown a quote beside it."""
    return line["offered"] or any(verdict != "supported" for verdict in line["verdicts"])


def _marks_the_answer(line: Mapping[str, Any]) -> bool:
    """Whether a sentence that says the answer, or one of many that do, is marked."""
    pairs = list(zip(line["verdicts"], line["claims_right"], strict=True))
    telling = [verdict for verdict, is_right in pairs if is_right]
    return any(verdict != "supported" for verdict in telling or [one for one, _ in pairs])


def _share(lines: Sequence[Mapping[str, Any]], name: str) -> float | None:
    return _mean([bool(line[name]) for line in lines])


def _mean(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 1) if values else None


class _Memory:
    """The most anonymous memory that was seen, in MB; 0 where the system does not say it."""

    def __init__(self) -> None:
        self.most_mb = 0

    def look(self) -> None:
        try:
            status = Path("/proc/self/status").read_text(encoding="ascii")
        except OSError:
            return
        found = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")]
        self.most_mb = max([self.most_mb, *(int(one) // 1024 for one in found)])


@contextmanager
def _watched_memory() -> Iterator[_Memory]:
    """Look at the process's memory ten times a second until the block is left."""
    memory, over = _Memory(), threading.Event()

    def watch() -> None:
        while not over.wait(_ROUNDS_S):
            memory.look()

    thread = threading.Thread(target=watch, daemon=True)
    memory.look()
    thread.start()
    try:
        yield memory
    finally:
        over.set()
        thread.join()
