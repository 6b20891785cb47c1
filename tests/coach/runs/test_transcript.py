"""A transcript gives each reader exactly the text and the citations that the reader has not received yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plccoach_api.coach.answer import AnswerRequest, Cited, Delta, PartialAnswer, final_answer
from plccoach_api.coach.generation.extractive import ExtractiveAnswerer
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.coach.runs.transcript import Transcript
from tests.coach.passages import PASSAGES


async def transcripts() -> tuple[Transcript, Transcript]:
    """The same answer twice: in the pieces of its run, and in those of its row."""
    live = Transcript()
    answer = await final_answer(ExtractiveAnswerer().answer(AnswerRequest(text="trust", passages=PASSAGES)), live.add)
    return live, Transcript.of(answer.content, answer.citations)


@given(st.data())
@pytest.mark.parametrize("index", [0, 1], ids=["live", "stored"])
async def test_a_reader_gets_the_rest_after_any_offset_exactly_once(index: int, data: st.DataObject) -> None:
    transcript = (await transcripts())[index]
    offset = StreamOffset(
        data.draw(st.integers(0, transcript.end.characters)), data.draw(st.integers(0, transcript.end.citations))
    )
    pieces = list(transcript.since(StreamOffset.of(str(offset.id)) or StreamOffset()))
    text = "".join(piece.text for piece in pieces if isinstance(piece, Delta))
    citations = [piece.citation for piece in pieces if isinstance(piece, Cited)]
    assert text == transcript.content[offset.characters :]
    assert citations == list(transcript.citations[offset.citations :])


async def test_a_reader_that_reads_after_each_piece_gets_that_piece() -> None:
    live, _ = await transcripts()
    pieces = list(live.since(StreamOffset()))
    growing, offset = Transcript(), StreamOffset()
    for piece in pieces:
        growing.add(piece)
        assert list(growing.since(offset)) == [piece]
        offset = offset.after(piece)
    assert offset == live.end


async def test_a_reader_that_comes_from_a_run_continues_from_the_row() -> None:
    live, stored = await transcripts()
    offset, received = StreamOffset(), PartialAnswer()
    for piece in list(live.since(StreamOffset())):
        rest = PartialAnswer()
        for missing in stored.since(offset):
            rest.add(missing)
        assert received.content + rest.content == stored.content
        received.add(piece)
        offset = offset.after(piece)
    assert list(stored.since(offset)) == []


def test_nothing_is_left_after_the_last_event() -> None:
    offset = StreamOffset.of(str(StreamOffset(5, 0).last_id))
    assert offset
    assert list(Transcript.of("Hello", ()).since(offset)) == []
