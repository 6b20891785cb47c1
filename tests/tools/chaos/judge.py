"""What must be true after it all, judged from what clients noted and from what is stored."""

import re
from collections import defaultdict
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
# What a client may be told while something is away; and what it is told when its question is kept.
_KEPT = "urn:problem:coach-unavailable"
_ALLOWED = {_KEPT, "urn:problem:database-unavailable", "urn:problem:answer-in-progress"}
_REFERENCE = re.compile(r"\[(\d+)\]")
_HALF = re.compile(r"\[[\d ,]*$")


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A question as it is stored, and its answer."""

    question: str
    id: UUID
    """Of the answer."""
    status: MessageStatus
    content: str
    citations: tuple[Citation, ...]


@dataclass(slots=True)
class Asked:
    """A question as its client knows it."""

    number: int
    sent: int = 0
    keyed: bool = False
    message_ids: set[UUID] = field(default_factory=set)
    readings: list[str] = field(default_factory=list)
    whole: str | None = None
    problems: set[str] = field(default_factory=set)

    @property
    def acknowledged(self) -> bool:
        return bool(self.message_ids) or _KEPT in self.problems


def asked(entries: Iterable[Entry]) -> list[Asked]:
    found: dict[int, Asked] = {}
    for entry in entries:
        each = found.setdefault(entry.number, Asked(entry.number))
        if entry.message_id:
            each.message_ids.add(entry.message_id)
        match entry.step:
            case Step.sent:
                each.sent += 1
                each.keyed |= entry.keyed
                each.readings.append("")
            case Step.read:
                each.readings[-1] += entry.text
            case Step.ended:
                each.whole = entry.text
            case Step.refused:
                each.problems.add(entry.text)
    return list(found.values())


def findings(questions: Sequence[Asked], stored: Sequence[Exchange], passages: Mapping[UUID, str]) -> Iterator[str]:
    """What is wrong; nothing, if all is well. `passages` are the contents of the corpus's chunks."""
    of_question = defaultdict(list)
    for pending in stored:
        of_question[pending.question].append(pending)
    for question in questions:
        for finding in _of_question(question, of_question.pop(script.question(question.number), [])):
            yield f"question {question.number}: {finding}"
    for text in of_question:
        yield f"nobody asked {text!r}"
    for pending in stored:
        for finding in _of_answer(pending, passages):
            yield f"answer {pending.id}: {finding}"


def _of_question(question: Asked, stored: Sequence[Exchange]) -> Iterator[str]:
    if unexpected := question.problems - _ALLOWED:
        yield f"answered with {', '.join(sorted(unexpected))}"
    if not stored and question.acknowledged:
        yield "lost, though the client was told that it is kept"
    if len(stored) > 1:
        yield f"stored {len(stored)} times"
    if missing := question.message_ids - {pending.id for pending in stored}:
        yield f"its answer has no row {', '.join(map(str, missing))}"
    told = script.answer(question.number)
    if any(not told.startswith(reading) for reading in question.readings):
        yield f"its client read something else: {question.readings!r}"
    if question.whole is not None and question.whole not in {pending.content for pending in stored}:
        yield "its client read another answer than the one that is stored"


def _of_answer(pending: Exchange, passages: Mapping[UUID, str]) -> Iterator[str]:
    told = script.answer(script.number_of(pending.question))
    if pending.status is MessageStatus.generating:
        yield "still generating"
    if not told.startswith(pending.content):
        yield f"not what the model said: {pending.content!r}"
    if pending.status is MessageStatus.complete and pending.content != told:
        yield f"complete, and cut: {pending.content!r}"
    if _HALF.search(pending.content):
        yield f"ends within a reference: {pending.content[-10:]!r}"
    referred = {int(index) for index in _REFERENCE.findall(pending.content)}
    if referred != {citation.index for citation in pending.citations}:
        yield f"refers to {sorted(referred)}, and cites {[citation.index for citation in pending.citations]}"
    for citation in pending.citations:
        if citation.quote not in passages.get(citation.chunk_id, ""):
            yield f"[{citation.index}] quotes what its passage does not say"
        if len(citation.quote.split()) < LEAST_WORDS:
            yield f"[{citation.index}] quotes {citation.quote!r}"
