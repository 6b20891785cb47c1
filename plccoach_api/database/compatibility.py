"""The table `schema_compatibility`: the oldest revision whose code can run on the schema.

Each migration file states that revision as `oldest`. The table is kept beside `alembic_version` and in the same way: by
the run of the migrations, and by no migration. So it names the right revision after every upgrade and every downgrade,
and a database that an older version migrated gets the table with the next run.
"""

from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import text

from alembic import context

_CREATE = """
    CREATE TABLE IF NOT EXISTS schema_compatibility (oldest text CONSTRAINT schema_compatibility_pkey PRIMARY KEY)
"""


def record(ctx: MigrationContext, step: MigrationInfo, *_: Any, **__: Any) -> None:
    """Records what the schema's newest migration states, in the transaction of each upgrade and each downgrade."""
    if step.destination_revision_ids:
        _write(ctx, step.destination_revision_ids[0])
    else:
        ctx.execute(text("DROP TABLE IF EXISTS schema_compatibility"))


def record_missing(ctx: MigrationContext) -> None:
    """Creates the table where a version of the service without it has migrated the schema to its present revision."""
    connection = context.get_bind()
    exists = connection.scalar(text("SELECT to_regclass('schema_compatibility') IS NOT NULL"))
    if not exists and (revision := ctx.get_current_revision()):
        _write(ctx, revision)
        connection.commit()


def _write(ctx: MigrationContext, revision: str) -> None:
    oldest = context.script.get_revision(revision).module.oldest
    ctx.execute(text(_CREATE))
    ctx.execute(text("DELETE FROM schema_compatibility"))
    ctx.execute(text("INSERT INTO schema_compatibility (oldest) VALUES (:oldest)").bindparams(oldest=oldest))
