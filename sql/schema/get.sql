-- The schema's revision, and whether the corpus holds any book.
WITH corpus AS (
    SELECT count(*) AS books
    FROM books
)

SELECT
    v.version_num AS revision,
    corpus.books > 0 AS has_corpus
FROM alembic_version AS v
CROSS JOIN corpus
