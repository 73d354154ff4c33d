"""A small chatbot that really searches and quotes, and cases about its texts."""

from __future__ import annotations

from collections.abc import Sequence

import rag
from eval.cases import Case, GoldSpan, Kind, Split
from eval.report import Record
from eval.run import measure

TEXTS = {
    "ankang.txt": "安康高新区建成3家院士工作站\n安康高新区完成保障性住房1.3万套",
    "shangluo.txt": "商洛高新区每年设立100万元党建经费",
}


def bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


class QuotingBot:
    """Searches the lines of its texts by shared bigrams and quotes the best one, or refuses."""

    def __init__(self, texts: dict[str, str], shift: int = 0) -> None:
        self.texts = texts
        self.shift = shift  # a fault on demand: spans that stand beside the quote
        self.asked: list[str] = []

    def search(self, question: str, top_k: int = 10) -> list[rag.Hit]:
        wanted = bigrams(question)
        hits = []
        for source, text in self.texts.items():
            start = 0
            for line in text.split("\n"):
                passage = rag.Passage(f"{source}#1", "", "", line, start, start + len(line))
                score = len(wanted & bigrams(line)) / max(1, len(wanted))
                spans = ((start, start + len(line)),)
                hits.append(rag.Hit(passage, score, ("bigrams",), source, spans))
                start += len(line) + 1
        return sorted(hits, key=lambda hit: -hit.score)[:top_k]

    def answer(self, question: str, history: Sequence[rag.Message] = ()) -> rag.Answer:
        if not question.strip("？"):
            raise rag.RagError("问题里没有可以检索的字")
        self.asked.append(question)
        query = "".join(turn.content for turn in history if turn.role == "user") + question
        best = self.search(query, top_k=1)[0]
        if best.score < 0.4:
            return rag.Answer(question, query, "no_evidence", "材料里没有答案。", "quoting")
        return rag.Answer(
            question, query, "answered", f"{best.passage.text}。[1]", "quoting",
            citations=(self._cite(best),), hits=(best,),
        )  # fmt: skip

    def _cite(self, hit: rag.Hit) -> rag.Citation:
        passage = hit.passage
        spans = tuple((low + self.shift, high + self.shift) for low, high in hit.source_spans)
        return rag.Citation(
            1, passage.article_id, "", hit.source, passage.text, passage.start, passage.end, spans
        )


def place(source: str, quote: str) -> tuple[GoldSpan, ...]:
    start = TEXTS[source].index(quote)
    return (GoldSpan(source, start, start + len(quote)),)


def answerable(
    name: str, question: str, form: str, *golds: tuple[GoldSpan, ...], split: Split = "report"
) -> Case:
    return Case(name, "number", split, question, (), ((form,),), True, golds)


def unanswerable(name: str, question: str, kind: Kind = "absent", split: Split = "report") -> Case:
    return Case(name, kind, split, question, (), (), False, ())


STATION = answerable(
    "number-001", "安康高新区建成几家院士工作站？", "3家", place("ankang.txt", "3家院士工作站")
)
HOMES = answerable(
    "number-002", "安康高新区完成多少套保障性住房？", "1.3万套", place("ankang.txt", "1.3万套")
)
FUND = answerable(
    "number-003", "商洛高新区每年的党建经费有多少？", "200万元", place("shangluo.txt", "100万元"),
    split="tune",
)  # fmt: skip
ABSENT = unanswerable("absent-001", "月球上有水吗？")
NEAR = unanswerable("near_zone-001", "咸阳高新区建成几家院士工作站？", "near_zone", "tune")
CASES = (STATION, HOMES, FUND, ABSENT, NEAR)


def records_of(cases: Sequence[Case], bot: QuotingBot | None = None) -> dict[str, Record]:
    records = measure(bot or QuotingBot(TEXTS), cases, TEXTS.__getitem__)
    return {record.id: record for record in records}
