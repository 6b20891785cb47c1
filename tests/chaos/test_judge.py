"""The judge of `just chaos` reports each kind of fault."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageStatus
from tests.tools.chaos import judge, script
from tests.tools.chaos.journal import Entry, Journal, Step, read
from tests.tools.chaos.judge import StoredAnswer

PASSAGES = {UUID(int=1): "Teams meet every single week.", UUID(int=2): "They agree on what is essential."}
ANSWER = UUID(int=7)
EXPECTED = script.answer(3)


def citation(index: int) -> Citation:
    return Citation(
        index=index,
        chunk_id=UUID(int=index),
        book_title="A book",
        authors=(),
        chapter=None,
        chapter_title="A chapter",
        pages=None,
        quote=PASSAGES[UUID(int=index)],
        product_url=None,
    )


COMPLETE = StoredAnswer(
    question=script.question(3),
    id=ANSWER,
    status=MessageStatus.complete,
    content=EXPECTED,
    citations=(citation(1), citation(2)),
)
PARTIAL = msgspec.structs.replace(
    COMPLETE, status=MessageStatus.failed, content=EXPECTED[: EXPECTED.index("[1]") + 3], citations=(citation(1),)
)
READ = (
    Entry(Step.sent, 3),
    Entry(Step.begun, 3, message_id=ANSWER),
    Entry(Step.read, 3, EXPECTED[:20]),
    Entry(Step.read, 3, EXPECTED[20:]),
    Entry(Step.ended, 3, EXPECTED),
)


def findings(entries: Sequence[Entry], *stored: StoredAnswer) -> list[str]:
    return list(judge.findings(judge.journaled_questions(entries), stored, PASSAGES))


@pytest.mark.parametrize("stored", [COMPLETE, PARTIAL])
def test_a_complete_answer_and_a_partial_failed_answer_have_no_fault(stored: StoredAnswer) -> None:
    assert findings(READ[:3], stored) == []


def test_a_question_may_be_missing_when_its_storage_was_never_confirmed() -> None:
    assert findings([Entry(Step.sent, 3), Entry(Step.torn, 3)]) == []


@pytest.mark.parametrize(
    "entry",
    [READ[1], Entry(Step.refused, 3, "urn:problem:coach-unavailable")],
    ids=["message id", "problem of a stored question"],
)
def test_a_question_is_lost_when_its_storage_was_confirmed_and_no_row_is_found(entry: Entry) -> None:
    assert "question 3: lost, though the service confirmed that it is stored" in findings([READ[0], entry])


def test_a_question_that_is_stored_twice_is_a_fault() -> None:
    again = msgspec.structs.replace(COMPLETE, id=UUID(int=8))
    assert findings([Entry(Step.sent, 3)] * 2, COMPLETE, again) == ["question 3: stored 2 times"]


def test_an_internal_error_is_a_fault() -> None:
    assert findings([READ[0], Entry(Step.refused, 3, "urn:problem:internal-error")]) == [
        "question 3: answered with urn:problem:internal-error"
    ]


def test_a_stored_question_that_no_client_asked_is_a_fault() -> None:
    assert findings([], COMPLETE) == [f"nobody asked {COMPLETE.question!r}"]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"status": MessageStatus.generating}, "still generating"),
        ({"content": EXPECTED[:-1]}, "complete, but cut off"),
        ({"content": script.answer(4)}, "not the model's text"),
        ({"content": EXPECTED[: EXPECTED.index("[2]") + 2]}, "ends within a reference"),
        ({"citations": (citation(1),)}, "refers to [1, 2], but cites [1]"),
        ({"content": "".join(script.deltas(3))}, "refers to [1, 2, 99], but cites [1, 2]"),
    ],
)
def test_an_answer_that_is_wrong_or_cut_off_is_a_fault(changes: dict[str, object], finding: str) -> None:
    found = findings(READ[:3], msgspec.structs.replace(COMPLETE, **changes))
    assert any(each.startswith(f"answer {ANSWER}: {finding}") for each in found)


@pytest.mark.parametrize("quote", ["Teams meet every single month.", "Teams meet every single"])
def test_a_quote_that_its_passage_does_not_contain_or_that_is_cut_off_is_a_fault(quote: str) -> None:
    half = msgspec.structs.replace(citation(1), quote=quote)
    found = findings(READ[:3], msgspec.structs.replace(COMPLETE, citations=(half, citation(2))))
    assert [each for each in found if "quotes" in each]


def test_a_client_that_read_a_text_that_is_not_stored_is_a_fault() -> None:
    mixed = [*READ[:3], Entry(Step.read, 3, script.answer(4))]
    assert any("read another text" in each for each in findings(mixed, COMPLETE))
    assert findings(READ, PARTIAL) == ["question 3: its client read another answer than the one that is stored"]


STOPPED = msgspec.structs.replace(PARTIAL, status=MessageStatus.stopped)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"status": MessageStatus.failed}, ["question 3: stopped, and then failed"]),
        ({"content": PARTIAL.content[:-4], "citations": ()}, ["question 3: stopped with the text "]),
    ],
    ids=["stays stopped", "becomes failed", "loses words"],
)
def test_a_stopped_answer_that_does_not_stay_as_it_is_is_a_fault(
    changes: dict[str, object], expected: list[str]
) -> None:
    found = findings([*READ[:3], Entry(Step.stopped, 3, STOPPED.content)], msgspec.structs.replace(STOPPED, **changes))
    assert [each[: len(start)] for each, start in zip(found, expected, strict=True)] == expected


def asked(numbers: Iterable[int]) -> list[StoredAnswer]:
    return [
        msgspec.structs.replace(COMPLETE, question=script.question(number), content=script.answer(number))
        for number in numbers
    ]


def limit_faults(stored: int, *refused: int) -> list[str]:
    """The faults of the first person, who has asked `stored` questions, and of whom these were refused."""
    entries = [Entry(Step.sent, number) for number in range(stored)]
    entries += [Entry(Step.refused, number, "urn:problem:too-many-requests") for number in refused]
    return [each for each in findings(entries, *asked(range(stored))) if "person" in each]


def test_a_person_who_asks_as_many_questions_as_the_limit_allows_is_no_fault() -> None:
    assert limit_faults(script.RATE_LIMIT) == []
    assert limit_faults(script.RATE_LIMIT, 10, 11) == []


def test_a_person_who_asks_more_or_is_refused_too_early_is_a_fault() -> None:
    assert limit_faults(script.RATE_LIMIT + 1) == ["person 0 asked 11 questions, more than the limit"]
    assert limit_faults(9, 11) == ["person 0 was refused after 9 questions, before the limit"]


def test_a_service_that_fails_every_question_has_no_contradiction_but_a_shortage() -> None:
    entries = [entry for number in range(20) for entry in (Entry(Step.sent, number), Entry(Step.begun, number))]
    failed = [
        msgspec.structs.replace(answer, status=MessageStatus.failed, content="", citations=())
        for answer in asked(range(10))
    ]
    assert findings(entries, *failed) == []
    assert list(judge.shortages(judge.journaled_questions(entries), failed, incidents=5)) == [
        "only 0 answers are complete, of 20 questions in 5 incidents",
        "no client read a complete answer",
        "no answer was stopped",
        "no question was over the limit",
    ]


def test_a_run_with_answers_stops_and_refusals_has_no_shortage() -> None:
    limited = Entry(Step.refused, 11, "urn:problem:too-many-requests")
    entries = [*READ, Entry(Step.stopped, 3, EXPECTED), Entry(Step.sent, 11), limited]
    assert list(judge.shortages(judge.journaled_questions(entries), [COMPLETE], incidents=1)) == []


def test_a_client_that_sends_its_question_again_reads_from_the_start() -> None:
    assert findings([*READ[:3], *READ], COMPLETE) == []


def test_a_line_that_was_cut_off_is_skipped(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.note(Step.sent, 3)
    journal.note(Step.read, 3, "words")
    path = tmp_path / "journal"
    path.write_bytes(path.read_bytes()[:-4])
    assert list(read(path)) == [Entry(Step.sent, 3)]
