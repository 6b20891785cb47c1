"""`stems_of` returns the stems by which a passage is found, also those of joined words and of the plurals of acronyms.

PostgreSQL takes "parents/guardians" for the name of a file, the 2 of "Tier-2" for a negative number, and "PLCs" for
another word than "PLC". So a question about guardians, "Tier 2" or a PLC did not find these passages. The function
returns the same stems for both, of passages and of questions alike (rules/stems.py has the same rule for plurals).
Addresses of pages, files and dates stay whole.

The passages that have such words are counted and weighed again. The counts of the words as they were stay, because a
version of the service that does not know the function still subtracts them.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
oldest = "0010"


def upgrade() -> None:
    # The conditions with LIKE spare most words the patterns, which take longer than all the rest.
    op.execute(r"""
        CREATE OR REPLACE FUNCTION stems_of(words tsvector) RETURNS TABLE (stem text, frequency bigint)
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        BEGIN ATOMIC
            SELECT
                part,
                sum(cardinality(word.positions))
            FROM unnest(words) AS word
            CROSS JOIN LATERAL unnest(
                CASE
                    WHEN
                        (word.lexeme LIKE '-%' OR word.lexeme LIKE '%/%')
                        AND word.lexeme ~ '^-\d|^/[^\W\d_]+$|^(?=.*[^\W\d_])[\w''\u2019-]+(/[\w''\u2019-]+)+$'
                        THEN tsvector_to_array(
                            to_tsvector('english', translate(ltrim(word.lexeme, '-'), '/', ' '))
                        )
                    WHEN
                        word.lexeme LIKE '%s'
                        AND word.lexeme ~ '^[b-df-hj-np-tv-xz]{2,}[aiou]?(?<!s)s$'
                        THEN ARRAY[left(word.lexeme, -1)]
                    ELSE ARRAY[word.lexeme]
                END
            ) AS part
            GROUP BY part;
        END
    """)
    op.execute(r"""
        CREATE TEMPORARY TABLE divided ON COMMIT DROP AS
        SELECT
            c.id AS chunk_id,
            own.stem,
            own.frequency,
            sum(own.frequency) OVER (PARTITION BY c.id) AS length,
            own.stem <> ALL (tsvector_to_array(c.lexical)) AS is_new
        FROM chunks AS c
        CROSS JOIN LATERAL stems_of(c.lexical) AS own
        WHERE c.lexical::text ~ '/|''-\d|''[b-df-hj-np-tv-xz]{2,}[aiou]?s'''
    """)
    op.execute("""
        INSERT INTO stems (stem, chunks)
        SELECT
            d.stem,
            count(*)
        FROM divided AS d
        WHERE d.is_new
        GROUP BY d.stem
        ON CONFLICT (stem) DO UPDATE SET chunks = stems.chunks + excluded.chunks
    """)
    op.execute("""
        WITH added AS (
            SELECT coalesce(sum(d.length - w.length), 0) AS length
            FROM (SELECT DISTINCT chunk_id, length FROM divided) AS d
            INNER JOIN chunk_weights AS w ON d.chunk_id = w.chunk_id
        )

        UPDATE corpora AS p
        SET
            version = p.version + 1,
            length = p.length + added.length
        FROM added
    """)
    # The same weights as in sql/weights/create.sql.
    op.execute("""
        INSERT INTO chunk_weights (chunk_id, length, weights, lexical)
        SELECT
            d.chunk_id,
            d.length,
            (
                '{' || string_agg(
                    s.dimension || ':' || (
                        d.frequency * 2.2::double precision
                        / (d.frequency + 1.2 * (0.25 + 0.75 * d.length / p.average_length))
                    )::real,
                    ',' ORDER BY s.dimension
                ) || '}/1000000000'
            )::sparsevec,
            array_to_tsvector(array_agg(d.stem))
        FROM divided AS d
        INNER JOIN stems AS s ON d.stem = s.stem
        CROSS JOIN corpora AS p
        WHERE p.average_length > 0
        GROUP BY d.chunk_id, d.length
        ON CONFLICT (chunk_id) DO UPDATE
            SET
                length = excluded.length,
                weights = excluded.weights,
                lexical = excluded.lexical
    """)


def downgrade() -> None:
    op.execute("UPDATE stems SET chunks = 0")
    op.execute("""
        INSERT INTO stems (stem, chunks)
        SELECT
            word.lexeme,
            count(*)
        FROM chunks AS c
        CROSS JOIN LATERAL unnest(c.lexical) AS word
        GROUP BY word.lexeme
        ON CONFLICT (stem) DO UPDATE SET chunks = excluded.chunks
    """)
    op.execute("""
        WITH counted AS (
            SELECT coalesce(sum(cardinality(word.positions)), 0) AS length
            FROM chunks AS c
            CROSS JOIN LATERAL unnest(c.lexical) AS word
        )

        UPDATE corpora AS p
        SET length = counted.length
        FROM counted
    """)
    op.execute("DROP FUNCTION stems_of(tsvector)")
