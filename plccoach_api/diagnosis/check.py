"""The result of one check."""

from enum import StrEnum

import msgspec


class Subject(StrEnum):
    settings = "settings"
    database = "database"
    extension = "extension"
    rights = "rights"
    schema = "schema"
    clock = "clock"
    pooler = "pooler"
    replica = "replica"
    embeddings = "embeddings"
    model = "model"
    traces = "traces"
    disk = "disk"


class Check(msgspec.Struct, frozen=True):
    """`note` says what was found. `remedy` says what to do; a check that is ok may have one too. Neither is secret."""

    check: Subject
    ok: bool
    note: str
    remedy: str | None = None
