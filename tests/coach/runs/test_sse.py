"""Events in the format of the HTML standard, and the offsets in their ids."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api import ids
from plccoach_api.coach.answer import AnswerRequest, Cited, Delta
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.runs.sse import KEEP_ALIVE, Event, StreamOffset, encode
from plccoach_api.problem_details import ProblemDetails
from plccoach_api.structs.events import ContentDelta, MessageComplete, MessageStart, StreamError
from plccoach_api.structs.messages import Message
from tests.coach.passages import PASSAGES, passage
from tests.events import parse
from tests.structs.test_wire import MessageRowFactory


def test_an_event_is_three_lines_and_an_empty_line() -> None:
    assert (
        encode(Event.content_delta, 7, ContentDelta("Hi")) == b'id: 7\nevent: content_delta\ndata: {"delta":"Hi"}\n\n'
    )


def test_the_events_hold_what_the_contract_says() -> None:
    start = MessageStart(ids.new(), ids.new(), ids.new())
    message = Message.of(MessageRowFactory.build(content="Hi [1]."), "https://coach.example.org")
    problem = ProblemDetails("urn:problem:x", "X", 503, "Away.", "urn:request:1")
    stream = b"".join(
        [
            encode(Event.message_start, 0, start),
            KEEP_ALIVE,
            encode(Event.message_complete, 99, MessageComplete(message)),
            encode(Event.error, 99, StreamError(problem)),
        ]
    )
    events = [(event["event"], json.loads(event["data"])) for event in parse(stream.decode())]
    assert [(name, list(data)) for name, data in events] == [
        ("message_start", ["conversation_id", "user_message_id", "message_id"]),
        ("message_complete", ["message"]),
        ("error", ["problem"]),
    ]
    assert events[1][1]["message"]["content"] == "Hi [1]."
    assert events[2][1]["problem"]["status"] == 503


@given(st.text() | st.text(st.sampled_from("\r\n\0\x85\u2028\u2029 :dataeventid")))
def test_no_text_can_break_the_format_of_an_event(text: str) -> None:
    written = encode(Event.content_delta, 1, ContentDelta(text))
    (event,) = parse(written.decode())
    assert (event["id"], event["event"], set(event)) == ("1", "content_delta", {"id", "event", "data"})
    assert json.loads(event["data"]) == {"delta": text}
    assert len(written.decode().splitlines()) == 4


def test_a_comment_is_no_event() -> None:
    assert parse(KEEP_ALIVE.decode()) == []
    assert KEEP_ALIVE.startswith(b":")


async def test_ids_grow_with_every_event() -> None:
    passages = (*PASSAGES, passage("Trust grows when the members of a team keep their promises."))
    offset, seen = StreamOffset(), [StreamOffset().id]
    async for piece in ExtractiveAnswerer().answer(AnswerRequest(text="trust", passages=passages)):
        if isinstance(piece, (Delta, Cited)):
            offset = offset.after(piece)
            seen.append(offset.id)
    seen.append(offset.last_id)
    assert len(seen) > 4
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("event_id", ["", "-1", "1.5", "x", "٣", "1" * 13, " 1", "0x1"])
def test_an_id_that_no_event_has_is_no_offset(event_id: str) -> None:
    assert StreamOffset.of(event_id) is None


@given(st.integers(0, 10**6), st.integers(0, 98))
def test_an_id_holds_the_offset(characters: int, citations: int) -> None:
    offset = StreamOffset(characters, citations)
    assert StreamOffset.of(str(offset.id)) == offset
    assert offset.id < offset.last_id < StreamOffset(characters + 1, 0).id
