"""The judge of `just chaos` sees each thing that must not be."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from plccoach_api.rules.citations import Citation
from plccoach_api.rules.messages import MessageStatus
from tests.tools.chaos import judge, script
from tests.tools.chaos.journal import Entry, Journal, Step, read
from tests.tools.chaos.judge import Exchange

PASSAGES = {UUID(int=1): "Teams meet every single week.", UUID(int=2): "They agree on what is essential."}
ANSWER = UUID(int=7)
TOLD = script.answer(3)


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


COMPLETE = Exchange(
    question=script.question(3),
    id=ANSWER,
    status=MessageStatus.complete,
    content=TOLD,
    citations=(citation(1), citation(2)),
)
PARTIAL = msgspec.structs.replace(
    COMPLETE, status=MessageStatus.failed, content=TOLD[: TOLD.index("[1]") + 3], citations=(citation(1),)
)
READ = (
    Entry(Step.sent, 3),
    Entry(Step.begun, 3, message_id=ANSWER),
    Entry(Step.read, 3, TOLD[:20]),
    Entry(Step.read, 3, TOLD[20:]),
    Entry(Step.ended, 3, TOLD),
)


def findings(entries: Sequence[Entry], *stored: Exchange) -> list[str]:
    return list(judge.findings(judge.asked(entries), stored, PASSAGES))


@pytest.mark.parametrize("stored", [COMPLETE, PARTIAL])
def test_a_whole_answer_and_one_that_broke_off_are_well(stored: Exchange) -> None:
    assert findings(READ[:3], stored) == []


def test_a_question_that_nobody_was_told_of_may_be_missing() -> None:
    assert findings([Entry(Step.sent, 3), Entry(Step.torn, 3)]) == []


@pytest.mark.parametrize(
    "entry", [READ[1], Entry(Step.refused, 3, "urn:problem:coach-unavailable")], ids=["its id", "that it is kept"]
)
def test_a_question_is_lost_when_its_client_was_told(entry: Entry) -> None:
    assert "question 3: lost, though the client was told that it is kept" in findings([READ[0], entry])


def test_a_question_is_stored_once_however_often_it_was_sent() -> None:
    again = msgspec.structs.replace(COMPLETE, id=UUID(int=8))
    assert findings([Entry(Step.sent, 3, keyed=True)] * 2, COMPLETE, again) == ["question 3: stored 2 times"]


def test_no_client_is_told_of_an_error_of_ours() -> None:
    assert findings([READ[0], Entry(Step.refused, 3, "urn:problem:internal-error")]) == [
        "question 3: answered with urn:problem:internal-error"
    ]


def test_a_question_that_was_not_asked_is_seen() -> None:
    assert findings([], COMPLETE) == [f"nobody asked {COMPLETE.question!r}"]


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"status": MessageStatus.generating}, "still generating"),
        ({"content": TOLD[:-1]}, "complete, and cut"),
        ({"content": script.answer(4)}, "not what the model said"),
        ({"content": TOLD[: TOLD.index("[2]") + 2]}, "ends within a reference"),
        ({"citations": (citation(1),)}, "refers to [1, 2], and cites [1]"),
        ({"content": "".join(script.deltas(3))}, "refers to [1, 2, 99], and cites [1, 2]"),
    ],
)
def test_half_an_answer_is_seen(changes: dict[str, object], finding: str) -> None:
    found = findings(READ[:3], msgspec.structs.replace(COMPLETE, **changes))
    assert any(each.startswith(f"answer {ANSWER}: {finding}") for each in found)


@pytest.mark.parametrize("quote", ["Teams meet every single month.", "Teams meet every single"])
def test_half_a_quote_is_seen(quote: str) -> None:
    half = msgspec.structs.replace(citation(1), quote=quote)
    found = findings(READ[:3], msgspec.structs.replace(COMPLETE, citations=(half, citation(2))))
    assert [each for each in found if "quotes" in each]


def test_what_a_client_read_is_what_is_stored() -> None:
    mixed = [*READ[:3], Entry(Step.read, 3, script.answer(4))]
    assert any("read something else" in each for each in findings(mixed, COMPLETE))
    assert findings(READ, PARTIAL) == ["question 3: its client read another answer than the one that is stored"]


def test_a_client_that_begins_anew_reads_from_the_start() -> None:
    assert findings([*READ[:3], *READ], COMPLETE) == []


def test_a_line_that_was_not_written_to_its_end_is_no_entry(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    journal.note(Step.sent, 3, keyed=True)
    journal.note(Step.read, 3, "words")
    path = tmp_path / "journal"
    path.write_bytes(path.read_bytes()[:-4])
    assert list(read(path)) == [Entry(Step.sent, 3, keyed=True)]
