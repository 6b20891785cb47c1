"""Decides whether this version of the service can run on a schema.

Revisions form one line, the oldest first. A revision that this version does not know belongs to a newer version. The
schema itself names the oldest revision whose code can run on it, so an old replica can judge a schema that is newer.
"""

from collections.abc import Sequence


def pending(known: Sequence[str], revision: str | None) -> tuple[str, ...]:
    """Returns the known revisions that the schema lacks. A schema without a revision lacks all of them."""
    if revision is None:
        return tuple(known)
    return tuple(known[known.index(revision) + 1 :]) if revision in known else ()


def is_behind(known: Sequence[str], *, revision: str | None, oldest: str | None) -> bool:
    """Returns True if a migration is needed. A schema of an older version may not name its oldest revision yet."""
    return bool(pending(known, revision)) or (revision == known[-1] and oldest is None)


def can_run(known: Sequence[str], *, revision: str | None, oldest: str | None) -> bool:
    """Returns True if oldest ≤ the newest known revision ≤ the schema's revision."""
    return oldest in known and not pending(known, revision)
