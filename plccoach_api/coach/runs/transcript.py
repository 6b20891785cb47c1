"""The transcript of an answer: its pieces so far, and the pieces that a reader has not received yet."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Self

from plccoach_api.coach.answer import Cited, Delta, PartialAnswer
from plccoach_api.coach.runs.sse import StreamOffset
from plccoach_api.rules.citations import Citation


class Transcript(PartialAnswer):
    """Serves any number of readers, each from its own offset. No piece waits in a queue for a slow reader."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[Delta | Cited] = []
        # The offset after each piece. Both of its numbers only grow, and are searched separately.
        self._characters: list[int] = []
        self._citation_counts: list[int] = []
        self._length = 0
        self._citation_count = 0

    @property
    def end(self) -> StreamOffset:
        """The offset of a reader that has received everything."""
        return StreamOffset(self._length, self._citation_count)

    @classmethod
    def of(cls, content: str, citations: Sequence[Citation]) -> Self:
        """Returns the transcript of a stored answer, with all its citations before its text."""
        transcript = cls()
        for citation in citations:
            transcript.add(Cited(citation))
        if content:
            transcript.add(Delta(content))
        return transcript

    def add(self, piece: Delta | Cited) -> None:
        super().add(piece)
        if isinstance(piece, Cited):
            self._citation_count += 1
        else:
            self._length += len(piece.text)
        self._pieces.append(piece)
        self._characters.append(self._length)
        self._citation_counts.append(self._citation_count)

    def since(self, offset: StreamOffset) -> Iterator[Delta | Cited]:
        """Yields the pieces after an offset. Cuts a piece that the reader has received in part from another process."""
        characters, citations = offset
        first = min(bisect_right(self._characters, characters), bisect_right(self._citation_counts, citations))
        for index in range(first, len(self._pieces)):
            piece = self._pieces[index]
            if isinstance(piece, Cited):
                if self._citation_counts[index] > citations:
                    yield piece
            elif (missing := self._characters[index] - characters) > 0:
                yield piece if missing >= len(piece.text) else Delta(piece.text[-missing:])
