-- Adds a book's passages and their words to the counts for BM25. Returns the average length of a passage now, and the
-- one that the stored weights were computed with.
WITH loaded AS (
    SELECT
        count(*) AS chunks,
        coalesce(sum(words.length), 0) AS length
    FROM chunks AS c
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(own.frequency), 0) AS length
        FROM stems_of(c.lexical) AS own
    ) AS words
    WHERE c.book_id = %(book_id)s
)

UPDATE corpora AS p
SET
    version = p.version + 1,
    chunks = p.chunks + loaded.chunks,
    length = p.length + loaded.length
FROM loaded
WHERE p.id = 1
RETURNING
    p.average_length AS weighed_with,
    p.length::double precision / greatest(p.chunks, 1) AS average_length
