"""The committed questions, and which passages answer them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain

_FILE = Path(__file__).parent / "questions.toml"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    text: Annotated[str, msgspec.Meta(min_length=1)]
    domain: Domain | None = None
    answers: tuple[str, ...] = ()
    out_of_scope: bool = False
    vague: bool = False

    def found_by(self, passages: Sequence[Passage]) -> list[str]:
        """The answers in the order of the passages that hold them, each once; what holds none is itself."""
        left = [*self.answers]
        ranking = []
        for passage in passages:
            held = [answer for answer in left if answer in passage.content]
            ranking += held or [str(passage.chunk_id)]
            left = [answer for answer in left if answer not in held]
        return ranking


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    questions: tuple[Question, ...]


def load() -> tuple[Question, ...]:
    return msgspec.toml.decode(_FILE.read_bytes(), type=_File).questions
