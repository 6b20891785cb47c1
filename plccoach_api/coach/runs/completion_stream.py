"""Writes an answer in OpenAI's protocol, for one client that streams it. OpenAI calls an event a chunk."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import closing

import msgspec

from plccoach_api import problem_details, problems
from plccoach_api.coach.answer import Answer, Cited
from plccoach_api.coach.runs.keep_alive import KeepAliveTimer
from plccoach_api.coach.runs.sse import KEEP_ALIVE, StreamOffset, one_line
from plccoach_api.coach.runs.timings import Timings
from plccoach_api.coach.runs.unstored import UnstoredAnswer
from plccoach_api.structs.chat import ChatChunk, ChunkChoice, Delta, Usage, annotations_of, finish_reason
from plccoach_api.structs.citations import Citation

_DONE = b"data: [DONE]\n\n"


class CompletionWriter:
    """Writes the events of one answer. Each delta has the annotations of the references that it completes."""

    def __init__(self, id: str, created: int, public_url: str, *, include_usage: bool) -> None:
        self._id = id
        self._created = created
        self._public_url = public_url
        self._include_usage = include_usage
        self._content = ""
        self._citations: list[Citation] = []
        self._annotated = 0

    def begin(self) -> bytes:
        return self._chunk(Delta(role="assistant", content=""))

    def piece(self, text: str) -> bytes:
        self._content += text
        annotations = None
        if "]" in text:
            found = annotations_of(self._content, self._citations, numbered=True)
            annotations = [each for each in found if each.url_citation.end_index > self._annotated]
            self._annotated = len(self._content)
        return self._chunk(Delta(content=text, annotations=annotations or None))

    def cite(self, cited: Cited) -> None:
        """The next delta refers to the citation."""
        self._citations.append(Citation.of(cited.citation, self._public_url, ()))

    def end(self, answer: Answer) -> bytes:
        last = self._chunk(Delta(), finish_reason(answer.stopped_early), citations=self._citations)
        if not self._include_usage:
            return last + _DONE
        usage = ChatChunk(id=self._id, created=self._created, choices=[], usage=Usage.of(answer.usage))
        return last + _data(usage) + _DONE

    def fail(self, error: BaseException | None) -> bytes:
        problem = problem_details.to_problem(error) if isinstance(error, Exception) else problems.CoachUnavailable()
        return _data(problem_details.openai_error(problem))

    def _chunk(
        self, delta: Delta, reason: str | None = None, citations: list[Citation] | msgspec.UnsetType = msgspec.UNSET
    ) -> bytes:
        return _data(
            ChatChunk(
                id=self._id,
                created=self._created,
                choices=[ChunkChoice(delta, reason)],
                usage=None if self._include_usage else msgspec.UNSET,
                citations=citations,
            )
        )


async def read_completion(
    live: UnstoredAnswer, writer: CompletionWriter, timings: Timings, is_stopping: Callable[[], bool]
) -> AsyncGenerator[bytes, None]:
    """Yields the events of an answer while it is generated. A reader who leaves does not end it."""
    offset = StreamOffset()
    yield writer.begin()
    with live.subscribe() as changed, closing(KeepAliveTimer(changed, timings.keep_alive)) as silence:
        if is_stopping():
            live.interrupt()
        ended = False
        while not ended:
            changed.clear()
            ended = live.task.done()
            for piece in live.transcript.since(offset):
                offset = offset.after(piece)
                if isinstance(piece, Cited):
                    writer.cite(piece)
                else:
                    yield writer.piece(piece.text)
                    silence.interrupt()
            if silence.take_due_comment():
                yield KEEP_ALIVE
            if not ended:
                await changed.wait()
    yield _outcome(live.task, writer)


def _outcome(task: asyncio.Task[Answer], writer: CompletionWriter) -> bytes:
    if task.cancelled() or task.exception():
        return writer.fail(None if task.cancelled() else task.exception())
    return writer.end(task.result())


def _data(data: object) -> bytes:
    return b"data: %s\n\n" % one_line(data)
