"""Decides from what was found whether it is in order."""

from collections.abc import Sequence
from datetime import timedelta

from plccoach_api.database.migrations import SchemaState
from plccoach_api.database.replica import Position
from plccoach_api.diagnosis.check import Check, Subject
from plccoach_api.queries.embedding_sets import StoredSet
from plccoach_api.queries.servers import Server
from plccoach_api.rules.embeddings import SetState
from plccoach_api.settings.unknown_names import UnknownName

_OLDEST_SERVER = 150_000
# Versions before it can damage an index of vectors.
_SOUND_VECTOR = (0, 8, 3)
# The database decides when a session ends, and this process whether a token of a provider is still valid.
_CLOCK_DIFFERENCE = timedelta(seconds=5)
_FREE_MEGABYTES = 1000


def judge_names(unknown: Sequence[UnknownName]) -> Check:
    """A name that does nothing keeps nobody from serving."""
    note = "; ".join(["every setting can be used", *map(str, unknown)])
    return Check(Subject.settings, ok=True, note=note, remedy="correct the names in .env" if unknown else None)


def judge_server(server: Server) -> Check:
    version = f"PostgreSQL {server.version_number // 10_000}.{server.version_number % 10_000}"
    if server.version_number < _OLDEST_SERVER:
        return Check(Subject.database, ok=False, note=f"{version} is too old", remedy="use PostgreSQL 15 or newer")
    return Check(Subject.database, ok=True, note=f"{version} answers")


def judge_extension(server: Server) -> Check:
    if server.installed_vector is None and server.available_vector is None:
        remedy = "install pgvector on the server of the database"
        return Check(Subject.extension, ok=False, note="the server does not have the extension vector", remedy=remedy)
    if server.installed_vector is None:
        remedy = "run `plccoach-api migrate`, or CREATE EXTENSION vector in the database as a superuser"
        return Check(Subject.extension, ok=False, note="the database does not have the extension vector", remedy=remedy)
    if not server.vector_is_visible:
        note = "the extension vector is in a schema that our role does not search"
        remedy = "add its schema to the search_path, such as ALTER ROLE … SET search_path = public, extensions"
        return Check(Subject.extension, ok=False, note=note, remedy=remedy)
    note = f"vector {server.installed_vector}"
    if _numbers(server.installed_vector) < _SOUND_VECTOR:
        remedy = "update pgvector to 0.8.3 or newer, then run ALTER EXTENSION vector UPDATE"
        return Check(Subject.extension, ok=False, note=f"{note} can damage an index of vectors", remedy=remedy)
    return Check(Subject.extension, ok=True, note=note)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def judge_rights(server: Server) -> Check:
    if server.read_only:
        remedy = "name the primary in DATABASE_URL, or end the protection of the database"
        return Check(Subject.rights, ok=False, note="the server takes no writes", remedy=remedy)
    if server.lacking:
        note = f"our role may not read and change {server.lacking} of the tables"
        remedy = (
            "let the owner of the tables be the role of DATABASE_URL, or grant it SELECT, INSERT, UPDATE and DELETE"
        )
        return Check(Subject.rights, ok=False, note=note, remedy=remedy)
    if not server.may_create:
        remedy = "grant CREATE on the schema to the role of DATABASE_URL, or run `plccoach-api migrate` as another role"
        return Check(Subject.rights, ok=False, note="our role may not create tables", remedy=remedy)
    return Check(Subject.rights, ok=True, note="our role may migrate, read and write")


def judge_schema(state: SchemaState, head: str) -> Check:
    if state.can_run:
        pending = f"; {len(state.pending)} migrations are pending" if state.pending else ""
        return Check(Subject.schema, ok=True, note=f"revision {state.revision}{pending}")
    if state.is_behind:
        note = f"the schema has revision {state.revision or 'none'}, and this version needs {head}"
        return Check(Subject.schema, ok=False, note=note, remedy="run `plccoach-api migrate`, or start the service")
    note = f"the schema (revision {state.revision}) needs a newer version of the service"
    return Check(Subject.schema, ok=False, note=note, remedy="deploy the newer version, or migrate the schema back")


def judge_clock(difference: timedelta) -> Check:
    """`difference` is the clock of the database minus our own."""
    seconds = difference.total_seconds()
    if abs(difference) > _CLOCK_DIFFERENCE:
        note = f"the clock of the database is {abs(seconds):.0f} s {'ahead of' if seconds > 0 else 'behind'} this one"
        return Check(Subject.clock, ok=False, note=note, remedy="synchronize both clocks (NTP)")
    return Check(Subject.clock, ok=True, note=f"the clocks differ by {abs(seconds):.1f} s")


def judge_pooler(lacking: Sequence[str]) -> Check:
    """`lacking` are the settings that its sessions do not have."""
    if lacking:
        note = f"the sessions of the pooler lack {', '.join(lacking)}"
        remedy = "run ALTER ROLE … SET as docs/operating/pooler.md says, then RECONNECT in the pooler"
        return Check(Subject.pooler, ok=False, note=note, remedy=remedy)
    return Check(Subject.pooler, ok=True, note="the sessions of the pooler have our timeouts")


def judge_replica(primary: Position, replica: Position) -> Check:
    if not replica.is_copy_of(primary):
        note = "DATABASE_READ_URL leads to a server that is no standby of the database"
        remedy = "let it lead to a standby with the same name of the database, or leave it out"
        return Check(Subject.replica, ok=False, note=note, remedy=remedy)
    behind = max(0, primary.bytes - replica.bytes)
    return Check(Subject.replica, ok=True, note=f"the read replica is {behind / 1_000_000:.1f} MB behind")


def judge_embeddings(provider: str, model: str, sets: Sequence[StoredSet]) -> Check:
    loaded = [each for each in sets if each.passages]
    if not loaded:
        note = "no book is loaded, so every question is refused"
        return Check(Subject.embeddings, ok=False, note=note, remedy="load books with `plccoach-api ingest`")
    own = [each for each in loaded if (each.provider, each.model) == (provider, model)]
    if not own:
        others = ", ".join(sorted({f"{each.provider} {each.model}" for each in loaded}))
        note = f"the books have no vectors of {provider} {model}, only of {others}"
        remedy = "ingest the books again, or set EMBEDDINGS, OPENAI_EMBEDDING_MODEL and the passage prefix back"
        return Check(Subject.embeddings, ok=False, note=note, remedy=remedy)
    best = max(own, key=lambda each: each.vectors)
    note = f"{best.vectors} of {best.passages} passages have a vector of {model}"
    if best.state is SetState.ready and best.vectors >= best.passages:
        return Check(Subject.embeddings, ok=True, note=note)
    return Check(Subject.embeddings, ok=False, note=note, remedy="ingest the books again")


def judge_disk(free_megabytes: int, *, writable: bool) -> Check:
    note = f"{free_megabytes} MB are free for DATA_DIR"
    if not writable:
        remedy = "let this user write there, or set DATA_DIR to another folder"
        return Check(Subject.disk, ok=False, note="DATA_DIR cannot be written", remedy=remedy)
    if free_megabytes < _FREE_MEGABYTES:
        return Check(Subject.disk, ok=False, note=f"only {note}", remedy="free some space, or move DATA_DIR")
    return Check(Subject.disk, ok=True, note=note)
