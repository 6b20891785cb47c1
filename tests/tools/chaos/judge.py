"""The judge: compares the journals of the clients with the stored messages, and lists every contradiction."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from plccoach_api.coach.generation.sentences import LEAST_WORDS
from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageStatus
from tests.tools.chaos import script
from tests.tools.chaos.journal import Entry, Step

GENERATING_SECONDS = 60.0
# The share of the questions within the limit that must have a complete answer.
_LEAST_COMPLETE = 0.5
# The problem of an answer that failed after its question was stored.
_STORED = "urn:problem:coach-unavailable"
_LIMITED = "urn:problem:too-many-requests"
# The problems that are allowed while a part of the system is down.
_ALLOWED = {
    _STORED,
    _LIMITED,
    "urn:problem:answer-in-progress",
    "urn:problem:database-unavailable",
    "urn:problem:not-ready",
}
_REFERENCE = re.compile(r"\[(\d+)\]")
_HALF_REFERENCE = re.compile(r"\[[\d ,]*$")


class StoredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as the database has it, with its question."""

    question: str
    id: UUID
    status: MessageStatus
    content: str
    citations: tuple[Citation, ...]


@dataclass(slots=True)
class JournaledQuestion:
    """A question as the journal of its client describes it."""

    number: int
    message_ids: set[UUID] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)
    """The text that the client read, for each time that it sent the question."""
    complete_text: str | None = None
    stopped_text: str | None = None
    problems: set[str] = field(default_factory=set)

    @property
    def acknowledged(self) -> bool:
        return bool(self.message_ids) or _STORED in self.problems


def journaled_questions(entries: Iterable[Entry]) -> list[JournaledQuestion]:
    questions: dict[int, JournaledQuestion] = {}
    for entry in entries:
        question = questions.setdefault(entry.number, JournaledQuestion(entry.number))
        if entry.message_id:
            question.message_ids.add(entry.message_id)
        match entry.step:
            case Step.sent:
                question.readings.append("")
            case Step.read:
                question.readings[-1] += entry.text
            case Step.ended:
                question.complete_text = entry.text
            case Step.stopped:
                question.stopped_text = entry.text
            case Step.refused:
                question.problems.add(entry.text)
    return list(questions.values())


def findings(
    questions: Sequence[JournaledQuestion], stored: Sequence[StoredAnswer], passages: Mapping[UUID, str]
) -> Iterator[str]:
    """Yields one line for each fault. `passages` are the contents of the chunks of the corpus."""
    by_question = defaultdict(list)
    for answer in stored:
        by_question[answer.question].append(answer)
    for question in questions:
        for finding in _faults_of_question(question, by_question.pop(script.question(question.number), [])):
            yield f"question {question.number}: {finding}"
    for text in by_question:
        yield f"nobody asked {text!r}"
    yield from _faults_of_limit(questions, stored)
    for answer in stored:
        for finding in _faults_of_answer(answer, passages):
            yield f"answer {answer.id}: {finding}"


def shortages(questions: Sequence[JournaledQuestion], stored: Sequence[StoredAnswer], incidents: int) -> Iterator[str]:
    """Yields a line for each thing that happened too rarely: a service that refuses everything loses nothing."""
    complete = sum(answer.status is MessageStatus.complete for answer in stored)
    unlimited = sum(_LIMITED not in question.problems for question in questions)
    if complete < max(incidents, _LEAST_COMPLETE * unlimited):
        yield f"only {complete} answers are complete, of {unlimited} questions in {incidents} incidents"
    if not any(question.complete_text is not None for question in questions):
        yield "no client read a complete answer"
    if not any(question.stopped_text is not None for question in questions):
        yield "no answer was stopped"
    if unlimited == len(questions):
        yield "no question was over the limit"


def _faults_of_question(question: JournaledQuestion, stored: Sequence[StoredAnswer]) -> Iterator[str]:
    if unexpected := question.problems - _ALLOWED:
        yield f"answered with {', '.join(sorted(unexpected))}"
    if not stored and question.acknowledged:
        yield "lost, though the service confirmed that it is stored"
    if len(stored) > 1:
        yield f"stored {len(stored)} times"
    if missing := question.message_ids - {answer.id for answer in stored}:
        yield f"its answer has no row {', '.join(map(str, missing))}"
    expected = script.answer(question.number)
    if any(not expected.startswith(reading) for reading in question.readings):
        yield f"its client read another text: {question.readings!r}"
    if question.complete_text is not None and question.complete_text not in {answer.content for answer in stored}:
        yield "its client read another answer than the one that is stored"
    if question.stopped_text is not None:
        yield from _faults_of_stop(question.stopped_text, stored)


def _faults_of_stop(text: str, stored: Sequence[StoredAnswer]) -> Iterator[str]:
    for answer in stored:
        if answer.status is not MessageStatus.stopped:
            yield f"stopped, and then {answer.status}"
        if answer.content != text:
            yield f"stopped with the text {text!r}, which became {answer.content!r}"


def _faults_of_limit(questions: Sequence[JournaledQuestion], stored: Sequence[StoredAnswer]) -> Iterator[str]:
    """A person's question is refused exactly when the limit's number of questions is stored."""
    by_person = Counter(script.person_of(script.number_of(answer.question)) for answer in stored)
    limited = {script.person_of(question.number) for question in questions if _LIMITED in question.problems}
    for person in sorted(by_person.keys() | limited):
        if by_person[person] > script.RATE_LIMIT:
            yield f"person {person} asked {by_person[person]} questions, more than the limit"
        elif person in limited and by_person[person] < script.RATE_LIMIT:
            yield f"person {person} was refused after {by_person[person]} questions, before the limit"


def _faults_of_answer(answer: StoredAnswer, passages: Mapping[UUID, str]) -> Iterator[str]:
    expected = script.answer(script.number_of(answer.question))
    if answer.status is MessageStatus.generating:
        yield "still generating"
    if not expected.startswith(answer.content):
        yield f"not the model's text: {answer.content!r}"
    if answer.status is MessageStatus.complete and answer.content != expected:
        yield f"complete, but cut off: {answer.content!r}"
    if _HALF_REFERENCE.search(answer.content):
        yield f"ends within a reference: {answer.content[-10:]!r}"
    referred = {int(index) for index in _REFERENCE.findall(answer.content)}
    if referred != {citation.index for citation in answer.citations}:
        yield f"refers to {sorted(referred)}, but cites {[citation.index for citation in answer.citations]}"
    for citation in answer.citations:
        if citation.quote not in passages.get(citation.chunk_id, ""):
            yield f"[{citation.index}] quotes words that its passage does not contain"
        if len(citation.quote.split()) < LEAST_WORDS:
            yield f"[{citation.index}] quotes {citation.quote!r}"
