"""An index by which an administrator's search finds people by any part of their names and emails.

pg_trgm has such an index, but the embedded server does not have pg_trgm. So `trigrams` returns the three characters at
each position of a name and of an email, folded as the search folds them, and at the end the last two and the last one:
a search for one or two characters is then a search for the beginning of a trigram. `trigram_query` returns the trigrams
that a match must have.

`trigrams` takes 50 microseconds. Its high cost tells the planner not to call it for each row of the table. But a plan
that reads the index calls it for no row, and parallel workers would only add the time of their start.

The index is built without blocking writes, and outside a transaction: a minute for 300,000 people. A build that was
interrupted leaves an invalid index, so the build drops that first. It has no list of pending entries, because each
search would read that list from its beginning to its end. Without ANALYZE, the planner would not know for days which
trigrams are frequent.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
oldest = "0010"

_NAME = "users_trigrams_idx"


def upgrade() -> None:
    op.execute("""
        CREATE OR REPLACE FUNCTION trigrams(name text, email text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED COST 10000
        RETURN (
            SELECT array_to_tsvector(array_agg(substr(folded, at, 3)))
            FROM lower(name || chr(10) || coalesce(email, '')) AS folded
            CROSS JOIN generate_series(1, length(folded)) AS at
        )
    """)
    # The last trigram of "abcd" begins at its second character. A tsquery has each quote and backslash twice.
    op.execute(r"""
        CREATE OR REPLACE FUNCTION trigram_query(search text) RETURNS tsquery
        LANGUAGE sql IMMUTABLE PARALLEL RESTRICTED
        RETURN (
            SELECT string_agg(
                '''' || replace(replace(trigram, '\', '\\'), '''', '''''') || ''''
                || CASE WHEN length(trigram) < 3 THEN ':*' ELSE '' END,
                ' & '
            )::tsquery
            FROM lower(search) AS folded
            CROSS JOIN generate_series(1, length(folded), 3) AS at
            CROSS JOIN substr(folded, least(at, greatest(length(folded) - 2, 1)), 3) AS trigram
        )
    """)
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}")
        op.execute(f"""
            CREATE INDEX CONCURRENTLY {_NAME} ON users USING gin (trigrams(name, email)) WITH (fastupdate = off)
        """)
        op.execute("ANALYZE users")


def downgrade() -> None:
    op.execute(f"DROP INDEX {_NAME}")
    op.execute("DROP FUNCTION trigram_query(text)")
    op.execute("DROP FUNCTION trigrams(text, text)")
