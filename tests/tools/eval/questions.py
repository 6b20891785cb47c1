"""The questions of the evaluation, with the beginnings of their answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from plccoach_api.queries.chunks import Passage
from plccoach_api.rules.domains import Domain
from tests.tools.eval.cases import Case, Cases

_FILE = Path(__file__).parent / "questions.toml"


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    text: Annotated[str, msgspec.Meta(min_length=1)]
    domain: Domain | None = None
    answers: tuple[str, ...] = ()
    out_of_scope: bool = False
    vague: bool = False

    def ranking(self, passages: Sequence[Passage]) -> list[str]:
        """Replaces each passage by the answers in it, each answer once. A passage without an answer becomes its id."""
        missing = [*self.answers]
        ranking = []
        for passage in passages:
            contained = [answer for answer in missing if answer in passage.content]
            ranking += contained or [str(passage.chunk_id)]
            missing = [answer for answer in missing if answer not in contained]
        return ranking


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    questions: tuple[Question, ...]


def load() -> tuple[Question, ...]:
    return msgspec.toml.decode(_FILE.read_bytes(), type=_File).questions


def added_to(cases: Cases) -> Cases:
    """Returns the cases and these questions, but for the vague ones."""
    questions = load()
    return msgspec.structs.replace(
        cases,
        in_scope=(*cases.in_scope, *(Case(text=each.text, answers=each.answers) for each in questions if each.answers)),
        off_topic=(*cases.off_topic, *(Case(text=each.text) for each in questions if each.out_of_scope)),
    )
