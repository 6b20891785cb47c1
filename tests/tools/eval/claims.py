"""Measures how well claims are judged: those that a passage of the sample handbook supports, and made-up ones.

For each place of the handbook claims.tsv has a claim in other words and a made-up one: a wrong number, name or denial,
an opposite quantity, another subject, an addition. Every supported claim is also judged by another passage. The
threshold and the rules were chosen on the half of the places that `_is_tuned_on` names. claims_held_out.tsv was written
when an earlier version of the rules was complete; its half a was read for the present ones.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from plccoach_api import resources
from plccoach_api.coach.generation.claims.support import supports
from plccoach_api.corpus.ingest import read_trusted
from tests.tools.eval import goals
from tests.tools.eval.cases import Half
from tests.tools.eval.goals import Figure, share

_FILE = Path(__file__).parent / "claims.tsv"
_HELD_OUT = Path(__file__).parent / "claims_held_out.tsv"
SUPPORTED = "supported"


@dataclass(frozen=True, slots=True)
class Claim:
    kind: str
    text: str
    passage: str
    tuned_on: bool

    @property
    def half(self) -> Half:
        return "a" if self.tuned_on else "b"


async def measure_claims() -> list[Figure]:
    """Returns the shares of supported claims that are kept and of made-up claims that are stopped."""
    judged = await _judged(_FILE)
    held_out = await _judged(_HELD_OUT)
    return [
        _kept(goals.CLAIMS_KEPT, judged),
        _stopped(goals.CLAIMS_STOPPED, judged),
        _kept("  held out: supported claims kept", held_out),
        _stopped("  held out: unsupported claims stopped", held_out),
        *(
            _stopped(f"  stopped, {kind}", [(claim, kept) for claim, kept in judged if claim.kind == kind])
            for kind in sorted({claim.kind for claim, _ in judged} - {SUPPORTED})
        ),
    ]


async def _judged(file: Path) -> list[tuple[Claim, bool]]:
    return [(claim, supports(claim.text, [claim.passage])) for claim in await load(file)]


def _kept(name: str, judged: Sequence[tuple[Claim, bool]]) -> Figure:
    return share(name, [(claim.half, kept) for claim, kept in judged if claim.kind == SUPPORTED])


def _stopped(name: str, judged: Sequence[tuple[Claim, bool]]) -> Figure:
    return share(name, [(claim.half, not kept) for claim, kept in judged if claim.kind != SUPPORTED])


async def load(file_path: Path) -> list[Claim]:
    (path,) = resources.SAMPLE_CORPUS.glob("*.md")
    passages = [chunk.content for chunk in (await read_trusted(path)).chunks]
    with file_path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [claim for row in rows for claim in _claims(row, passages)]


def _claims(row: dict[str, str], passages: list[str]) -> Iterator[Claim]:
    place, supported = row["passage"], row["supported"]
    passage = next(each for each in passages if place in each)
    others = [each for each in passages if place not in each]
    other = others[sha256(supported.encode()).digest()[1] % len(others)]
    tuned_on = _is_tuned_on(place)
    yield Claim(SUPPORTED, supported, passage, tuned_on)
    yield Claim(row["kind"], row["made_up"], passage, tuned_on)
    yield Claim("another passage", supported, other, tuned_on)


def _is_tuned_on(place: str) -> bool:
    return sha256(place.encode()).digest()[0] % 2 == 0
