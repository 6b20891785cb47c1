"""Finds names in `.env` that no setting has: a misspelt name would be ignored without a word."""

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

import msgspec

# Read by docker compose, by OpenTelemetry's libraries, and by the build of the image.
_OF_OTHERS = re.compile(r"(?:COMPOSE|DOCKER|BUILDKIT|OTEL)_\w+|PIP_INDEX_URL|CONTAINER_ENGINE", re.ASCII)
# Words with underscores. A key or a password that stands in the place of a name is not shown.
_SHOWABLE = re.compile(r"[A-Za-z]{1,16}(?:_[A-Za-z]{1,16}){0,5}", re.ASCII)


class UnknownName(msgspec.Struct, frozen=True):
    """A name without a setting, and the setting that was perhaps meant. The name is None when it may be a secret."""

    name: str | None
    nearest: str | None

    def __str__(self) -> str:
        name = self.name or "a name that may be a secret"
        return f"{name} in .env is no setting" + (f"; did you mean {self.nearest}?" if self.nearest else "")


def unknown_names(given: Iterable[str], known: Collection[str]) -> Iterator[UnknownName]:
    for name in given:
        if name in known or _OF_OTHERS.fullmatch(name):
            continue
        nearest = get_close_matches(name.upper(), known, n=1, cutoff=0.7)
        yield UnknownName(name if _SHOWABLE.fullmatch(name) else None, nearest[0] if nearest else None)
