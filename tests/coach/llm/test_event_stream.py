"""The parser of event streams, fed with the streams that services really send."""

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.llm.event_stream import EventStreamParser


def parsed(*parts: bytes) -> list[list[bytes]]:
    parser = EventStreamParser()
    return [event for part in parts for event in parser.feed(part)] + parser.finish()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_may_end_in_three_ways(end: bytes) -> None:
    stream = end.join([b'data: {"a": 1}', b"", b": a comment", b"event: x", b'data:{"b": 2}', b"", b""])
    assert parsed(stream) == [[b'{"a": 1}'], [b'{"b": 2}']]


def test_an_event_on_two_lines_stays_one_event() -> None:
    assert parsed(b'data: {"a":\ndata: 1}\n\n') == [[b'{"a":', b"1}"]]


def test_two_events_without_a_blank_line_are_divided_as_soon_as_the_second_begins() -> None:
    parser = EventStreamParser()
    assert parser.feed(b'data: {"a": 1}\n') == []
    assert parser.feed(b'data: {"b": 2}\n') == [[b'{"a": 1}']]
    assert parser.feed(b"data: [DONE]\n") == [[b'{"b": 2}', b"[DONE]"]]


def test_data_that_only_keeps_the_connection_open_is_ignored() -> None:
    assert parsed(b"data:\n\ndata: ping\n\ndata: {}\n\n") == [[b"{}"]]


@pytest.mark.parametrize("prefix", [b" data: ", b"\tdata:", b"data: data: ", b"data:data:"])
def test_a_prefix_that_a_proxy_indented_or_wrote_twice_is_understood(prefix: bytes) -> None:
    assert parsed(prefix + b'{"a": 1}\n\n' + prefix + b"[DONE]\n\n") == [[b'{"a": 1}'], [b"[DONE]"]]


def test_a_byte_order_mark_at_the_start_is_ignored() -> None:
    assert parsed(b"\xef\xbb", b"\xbfdata: {}\n\n") == [[b"{}"]]


def test_the_last_event_needs_no_end() -> None:
    assert parsed(b"data: {}") == [[b"{}"]]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_document_is_one_event(indent: int | None) -> None:
    document = {"choices": [{"message": {"content": "data: x\n\ny"}}]}
    ((*lines,),) = parsed(b"\n" + json.dumps(document, indent=indent).encode())
    assert json.loads(b"\n".join(lines)) == document


STREAMS = st.lists(
    st.sampled_from(
        [b"data: {}", b"data:[DONE]", b"\n", b"\r", b"\r\n", b": x", b"event: y", b"{", b"}", b"\xef\xbb\xbf"]
    ),
    max_size=30,
).map(b"".join)


@given(stream=STREAMS, cuts=st.lists(st.integers(0, 200)))
def test_the_division_of_the_bytes_makes_no_difference(stream: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    assert parsed(*(stream[start:end] for start, end in pairwise(edges))) == parsed(stream)


def test_a_line_that_comes_byte_by_byte_takes_time_that_grows_with_its_length_only() -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        parsed(*([b"x"] * size))
        return time.process_time() - started

    seconds(1000)
    assert min(seconds(160_000) for _ in range(3)) < 16 * min(seconds(40_000) for _ in range(3))
