"""What is searched for a question and what is found, for each of its facts or subjects.

The subjects may be named (compared), or every one that the articles tell of. Knows nothing of how
an answer is worded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.datatypes import Article, Hit
from rag.evidence.aboutness import begins_with, owner_of, tells_of, tells_of_another
from rag.evidence.candidates import Candidate, gather, standard_text
from rag.evidence.chooser import EvidenceChooser, Finding
from rag.evidence.gate import is_about
from rag.queries import (
    Collection,
    Query,
    analyse,
    circumstances_of,
    content_of,
    core_of,
    find_subject,
)
from rag.retriever import Searcher
from rag.text import bigrams, standard_form, with_years_in_digits

_COLLECTED_HITS = 40
_MOST_SUBJECTS = 6
_CIRCUMSTANCES_TOLD = 0.5
_SURE = 0.5  # of an answer, that no other wording of the question is tried
_TOLD = 0.7  # of the words of a condition, so many have to stand in the sentence that it holds in
_ELSEWHERE_TOLD = 0.6
_ASKED_TOLD = 0.5
_FEWEST_WORDS = 3  # bigrams, under which a question without its subject asks for nothing


@dataclass(frozen=True, slots=True)
class Sought:
    """One question for one fact, the hits for it, and the subject that they have to be about.

    ``subject`` is empty where the question alone says what counts. ``is_gathered``: it was not
    named, but found.
    """

    question: str
    hits: tuple[Hit, ...]
    subject: str = ""
    is_gathered: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is asked of one subject, found of another: ``owner``, who may be unnamed."""

    finding: Finding
    owner: str


class Inquirer:
    """Takes a question apart, searches for each part and chooses the evidence."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        retriever: Searcher,
        chooser: EvidenceChooser,
        *,
        top_k: int,
        threshold: float,
    ) -> None:
        self._articles = articles
        self._retriever = retriever
        self._chooser = chooser
        self._top_k = top_k
        self._threshold = threshold

    def search(self, query: Query) -> list[Sought]:
        """What is sought, at least one, with its hits."""
        if query.collection:
            gathered = self._gathered(query.collection)
            if gathered:
                return gathered
        if len(query.parts) == 1:
            return [Sought(query.typed, self._hits(query.typed))]
        subjects = [find_subject(analyse(part).text) for part in query.parts]
        are_compared = len(set(subjects)) == len(subjects)
        return [
            self._of_subject(part, subject)
            if are_compared and _has_kind(subject)
            else Sought(part, self._hits(part))
            for part, subject in zip(query.parts, subjects, strict=True)
        ]

    def find(self, query: Query, sought: Sequence[Sought]) -> list[Finding]:
        """The finding for each; of a collection only those in which the condition holds.

        A finding that is not about the subject sought is no answer.
        """
        findings = [self._found(one) for one in sought]
        collection = query.collection
        if collection is None:
            return findings
        if not sought[0].is_gathered:  # nothing has the words of the condition: half of them, then
            wanted = _words(collection.topic)
            return [_if_told(wanted, finding) for finding in findings]
        holding = [self._holding(collection, finding) for finding in findings]
        return [finding for finding in holding if finding] or findings[:1]

    def elsewhere(self, query: Query) -> Elsewhere | None:
        """Where the articles tell of another what was asked of the question's subject."""
        if not query.subject or query.collection or len(query.parts) > 1:
            return None
        question = query.text.replace(query.subject, "", 1).lstrip("的")
        asked = frozenset(bigrams(content_of(question)))
        if len(asked) < _FEWEST_WORDS:
            return None
        finding = self._chosen(question, self._hits(question))
        if not finding.candidates or finding.answerable < self._threshold:
            return None
        best = finding.candidates[0]
        is_its_own = tells_of(query.subject, best) and not tells_of_another(query, best)
        if is_its_own or _share(asked, best) < _ELSEWHERE_TOLD:
            return None
        return Elsewhere(finding, owner_of(best, query.subject))

    def _chosen(self, question: str, hits: Sequence[Hit]) -> Finding:
        return self._chooser.find(with_years_in_digits(question), hits, self._articles)

    def _hits(self, question: str) -> tuple[Hit, ...]:
        return tuple(self._retriever.search(question, self._top_k))

    def _of_subject(self, question: str, subject: str) -> Sought:
        """The hits for a compared subject: passages that name it in passing are left out."""
        core = core_of(subject)
        hits = self._hits(question)
        texts = [standard_text(self._articles[hit.passage.article_id].text) for hit in hits]
        told_of = tuple(hit for hit in hits if self._names(core, hit))
        is_named = any((core if told_of else subject) in text for text in texts)
        if not is_named:
            return Sought(question, hits)  # called otherwise, or not there: the gate tells
        return Sought(question, told_of, subject)

    def _names(self, core: str, hit: Hit) -> bool:
        passage, article = hit.passage, self._articles[hit.passage.article_id]
        return core in standard_text(f"{passage.title} {passage.heading}") or begins_with(
            core, standard_text(article.text)
        )

    def _found(self, sought: Sought) -> Finding:
        """What is chosen, or what is likelier for the question without what it tells before.

        That is sought in articles that have most of what is told.
        """
        finding = self._about(sought, self._chosen(sought.question, sought.hits))
        apart = circumstances_of(sought.question)
        if sought.subject or not apart or finding.answerable >= _SURE:
            return finding
        told = _words(apart.told)
        hits = [hit for hit in sought.hits if self._share_of(told, hit) >= _CIRCUMSTANCES_TOLD]
        other = self._chosen(apart.question, hits)
        is_likelier = other.answerable > max(finding.answerable, self._threshold)
        return other if is_likelier and is_about(finding.view, other.candidates[0]) else finding

    def _share_of(self, words: frozenset[str], hit: Hit) -> float:
        """The share of the words that stand in a hit's article."""
        article = self._articles[hit.passage.article_id]
        told = frozenset(bigrams(standard_text(f"{article.full_title}\n{article.text}")))
        return len(words & told) / len(words)

    def _about(self, sought: Sought, finding: Finding) -> Finding:
        """The finding, or none where its best sentence is not about the subject.

        That of a subject sought beside others has to share words that are asked about it, too; half
        of them where the gate doubts.
        """
        if not finding.candidates:
            return finding
        best = finding.candidates[0]
        if not sought.subject:
            is_told = not tells_of_another(finding.query, best)
        else:
            asked = standard_form(sought.question).replace(sought.subject, "", 1)
            share = _share(_words(asked), best)
            is_sure = finding.answerable >= self._threshold and share > 0
            is_told = (is_sure or share >= _ASKED_TOLD) and tells_of(sought.subject, best)
        return finding if is_told else replace(finding, answerable=0.0)

    def _holding(self, collection: Collection, finding: Finding) -> Finding | None:
        """The finding with the first sentence that has the condition's words; None without one.

        Of 最多 it is the best sentence that has to have them, and to hold a figure.
        """
        wanted = _words(collection.topic)
        if collection.degree:
            is_told = finding.candidates and _share(wanted, finding.candidates[0]) >= _TOLD
            return finding if is_told and finding.answerable >= self._threshold else None
        for place, candidate in enumerate(finding.candidates):
            if _share(wanted, candidate) >= _TOLD:
                return finding.with_first(place)
        return None

    def _gathered(self, collection: Collection) -> list[Sought]:
        """A question for each subject of the kind that is told of where the condition's words are.

        Of 最多 the words need not stand in one sentence: it is asked of every subject found.
        """
        wanted = _words(collection.topic)
        hits = self._retriever.search(collection.topic, _COLLECTED_HITS)
        grouped: dict[str, dict[Hit, None]] = {}
        for candidate in gather(hits, self._articles):
            if _share(wanted, candidate) < _TOLD:
                continue
            subject = _subject_of(collection, candidate)
            if subject and (subject in grouped or len(grouped) < _MOST_SUBJECTS):
                grouped.setdefault(subject, {})[candidate.hit] = None
        return [
            Sought(
                collection.asked_of(subject),
                tuple(found)[: self._top_k],
                subject if collection.ending else "",
                is_gathered=True,
            )
            for subject, found in grouped.items()
        ]


def _has_kind(subject: str) -> bool:
    """Whether a name says what it names: 云桥镇, 青禾公司, but neither a person nor a bare word.

    Of others the dictionary may have cut a piece out of a longer name; the gate tells for them.
    """
    return core_of(subject) != subject


def _subject_of(collection: Collection, candidate: Candidate) -> str:
    """The subject of the kind asked for that a sentence tells of; its title for articles.

    A zone may be named by the headline or the article alone; others by the sentence or headline.
    """
    if not collection.ending:
        return candidate.hit.passage.title
    places = [candidate.headline, candidate.standard]
    if collection.is_of_places:
        places += [candidate.before, candidate.passage, standard_text(candidate.article.text)]
    return next((names[0] for place in places if (names := collection.names_in(place))), "")


def _if_told(wanted: frozenset[str], finding: Finding) -> Finding:
    """The finding, or none where its best sentence lacks most of the words."""
    is_told = finding.candidates and _share(wanted, finding.candidates[0]) >= _ASKED_TOLD
    return finding if is_told else replace(finding, answerable=0.0)


def _words(text: str) -> frozenset[str]:
    words = frozenset(bigrams(content_of(text)))
    return frozenset(word for word in words if len(word) > 1) or words or frozenset(bigrams(text))


def _share(wanted: frozenset[str], candidate: Candidate) -> float:
    """The share of the words that stand in a sentence or its headline."""
    told = frozenset(bigrams(f"{candidate.standard} {candidate.headline}"))
    return len(wanted & told) / len(wanted)
