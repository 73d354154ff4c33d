"""The answer without a chat model: the evidence, quoted word for word, the asked-for fact first.

Knows nothing of how evidence is ranked.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence

from rag.answerers.comparing import Figure, compares, conclusion
from rag.answerers.quoting import SIGNS, claim_of
from rag.answerers.reply import Reply
from rag.datatypes import Citation, Claim, Evidence, Message
from rag.evidence import Finding
from rag.queries import PERIOD, Query, analyse, content_of, stand_alone, subject_of
from rag.text import bigrams, clauses, standard_form

NAME = "builtin"
_FIRST_FACT_CHARS = 150
_FURTHER_FACT_CHARS = 80
_SEVERAL_FACTS = 4
_LABEL_CHARS = 8  # so much may stand before the name in a label


class BuiltinAnswerer:
    """Quotes the best sentence for each asked-for fact."""

    name = NAME

    def __init__(self, *, threshold: float) -> None:
        self._threshold = threshold

    def stand_alone(
        self, question: str, history: Sequence[Message], *, stop: threading.Event | None = None
    ) -> str:
        """The question with what it leaves to the turns before filled in, by rule."""
        return stand_alone(question, history)

    def stream(
        self, question: str, findings: Sequence[Finding], *, stop: threading.Event | None = None
    ) -> Generator[str, None, Reply]:
        """The reply line by line, one for each finding; the generator's value is the Reply.

        It takes milliseconds, so ``stop`` has nothing to stop.

        Where it is a close call for a single finding, its two best sentences are quoted instead. A
        comparison ends with its result, where both its figures are quoted.

        A text for ``n`` facts is at most ``150 + 80 (n - 1)`` characters long.
        """
        # Who asks for several facts together knows that they are there: with one of them found, the
        # others need less to be believed.
        threshold = self._threshold if len(findings) == 1 else self._threshold / _SEVERAL_FACTS
        draft = _Draft(question, findings, threshold)
        for finding in findings:
            if not draft.is_answered(finding):
                yield draft.add(draft.not_found(finding))
            elif draft.is_torn(finding):
                for place in (0, 1):
                    yield draft.add(draft.one_of_two(finding, place))
            else:
                yield draft.add(draft.with_fact(finding))
        if result := draft.result():
            yield draft.add(result)
        return draft.reply()


class _Draft:
    """The claims of an answer as they are made, each on a line where several facts are asked for.

    A comparison's lines carry the names of what is compared.
    """

    def __init__(self, question: str, findings: Sequence[Finding], threshold: float) -> None:
        self._question = question
        self._threshold = threshold
        self._count = len(findings)
        self._labels = _labels(question, findings)
        self._compares = bool(self._labels) and compares(question)
        self._claims: list[Claim] = []
        self._citations: list[Citation] = []
        self._figures: list[tuple[Figure, int]] = []
        budget = _FIRST_FACT_CHARS + _FURTHER_FACT_CHARS * (self._count - 1)
        self._result_chars = self._foreseen(findings, budget // self._count)
        self._budget = (budget - self._result_chars) // self._count

    def is_answered(self, finding: Finding) -> bool:
        """Whether its best sentence is believed to hold the answer."""
        return bool(finding.candidates) and finding.answerable >= self._threshold

    def is_torn(self, finding: Finding) -> bool:
        """Whether either of its two best sentences may be the answer to the one fact asked for."""
        return self._count == 1 and not self._labels and finding.is_close_call

    def _foreseen(self, findings: Sequence[Finding], room: int) -> int:
        """How many characters the comparison's result is going to take."""
        if not self._compares or not all(map(self.is_answered, findings)):
            return 0
        quotes = [(self._label(f), *self._quoted(f, room - SIGNS)) for f in findings]
        figures = [Figure(name, short, e.date) for name, e, short in quotes if short]
        said = conclusion(self._question, figures) if len(figures) == self._count else ""
        return len(said) + SIGNS * self._count if said else 0

    def _label(self, finding: Finding) -> str:
        return self._labels.get(finding.query.typed, "")

    def add(self, claim: Claim) -> str:
        """What is to be shown of one more claim."""
        is_next_line = bool(self._claims) and self._count > 1
        self._claims.append(claim)
        return f"\n{claim.text}" if is_next_line else claim.text

    def one_of_two(self, finding: Finding, place: int) -> Claim:
        """A sentence of two that may hold the answer."""
        evidence, _ = finding.quote(self._budget // 2 - SIGNS, place)
        return claim_of("", evidence, self._citations)

    def with_fact(self, finding: Finding) -> Claim:
        """The best sentence quoted, whose it is and the bare fact before it."""
        label, room = self._label(finding), self._budget - SIGNS
        evidence, short = self._quoted(finding, room)
        lead = _lead(label, short, evidence.text)
        if len(lead) + len(evidence.text) > room:
            evidence, short = self._quoted(finding, room - len(lead))
            lead = _lead(label, short, evidence.text)
        claim = claim_of(lead, evidence, self._citations)
        if short:
            self._figures.append((Figure(label, short, evidence.date), claim.citations[0]))
        return claim

    def _quoted(self, finding: Finding, room: int) -> tuple[Evidence, str | None]:
        """The best sentence, and its bare fact where it is said of what is asked.

        In a comparison its own clause has to say so: companies are not held against projects.
        """
        evidence, short = finding.quote(room)
        is_its_own = not short or _is_of_what_is_asked(
            finding.query, evidence.text, short, strictly=self._compares
        )
        return evidence, short if is_its_own else None

    def not_found(self, finding: Finding) -> Claim:
        """A line that says what is not there, and cites nothing."""
        asked = finding.query.typed.rstrip("？?。")[: self._budget - 20]
        return Claim(f"材料里没有找到“{asked}”的答案。", "not_found", ("材料里没有依据",), ())

    def result(self) -> Claim | None:
        """What the comparison comes to, by the figures quoted for each; None without them all."""
        if not self._compares or len(self._figures) < self._count:
            return None
        said = conclusion(self._question, [figure for figure, _ in self._figures])
        numbers = tuple(dict.fromkeys(number for _, number in self._figures))
        text = f"{said}。{''.join(f'[{number}]' for number in numbers)}"
        if not said or len(text) > self._result_chars:
            return None
        return Claim(text, "supported", ("由引文里的数字比较得出",), numbers)

    def reply(self) -> Reply:
        """The answer that the claims make."""
        is_whole = len(self._figures) == self._count
        shorts = [figure.printed for figure, _ in self._figures]
        return Reply(
            outcome="answered",
            text=("\n" if self._count > 1 else "").join(claim.text for claim in self._claims),
            short="；".join(shorts) if is_whole else None,
            claims=tuple(self._claims),
            citations=tuple(self._citations),
            model=NAME,
        )


def _labels(question: str, findings: Sequence[Finding]) -> dict[str, str]:
    """For each finding's question what its line is about; none where that is one and the same."""
    collection = analyse(question).collection
    if collection and not collection.ending:
        return {f.query.typed: f"《{f.nearest_title}》" for f in findings}
    if len(findings) < 2 and not collection:
        return {}
    named = [f.query.subject for f in findings]
    subjects = [_subject_named(f.query) for f in findings]
    things = [
        content_of(f.query.text.replace(f.query.subject, "", 1)).strip(" ?") for f in findings
    ]
    # Two things of one subject are compared by what they are: its 医生 and its 护士.
    for labels in (subjects, things) if compares(question) else (named,):
        if len(set(labels)) == len(findings) and all(labels):
            return {f.query.typed: label for f, label in zip(findings, labels, strict=True)}
    return {}


def _subject_named(query: Query) -> str:
    """A compared subject as the question names it: 云桥老街 and not 老街; its period left out."""
    if not query.subject:
        return subject_of(query.text)
    text = PERIOD.sub("", query.text, count=1) if PERIOD.match(query.text) else query.text
    before, found, _ = text.partition(query.subject)
    return before + found if len(before) <= _LABEL_CHARS else query.subject


def _is_of_what_is_asked(query: Query, quote: str, fact: str, *, strictly: bool) -> bool:
    """Whether a fact's clause has some of what is asked about the subject, or no other most of it.

    In 企业310家，党员860名 the members are not 310. ``strictly``: only where its clause has most of
    it, for 引进企业12家 and 认定企业31家 are not alike.
    """
    text = standard_form(quote)
    asked_about = PERIOD.sub("", query.text.replace(subject_of(query.text), "", 1))
    asked = frozenset(bigrams(content_of(asked_about)))
    told = [(fact in quote[a:b], asked & frozenset(bigrams(text[a:b]))) for a, b in clauses(text)]
    is_cut = not any(is_own for is_own, _ in told)
    if not asked or is_cut:
        return True
    of_its_own = max(len(words) for is_own, words in told if is_own)
    if strictly:
        return 2 * of_its_own > len(asked)
    return of_its_own > 0 or 2 * max(len(words) for _, words in told) < len(asked)


def _lead(label: str, short: str | None, quote: str) -> str:
    """``甲（35家）：`` before a quote; without what the quote alone says as shortly."""
    fact = short if short and len(short) < len(quote) else ""
    name = "" if label and label in quote else label
    if name and fact:
        return f"{name}（{fact}）："
    return f"{name or fact}：" if name or fact else ""
