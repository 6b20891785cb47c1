-- Subtracts a book's passages and their words from the counts for BM25, before the passages are deleted. Returns the
-- average length of a passage that remains, and the one that the stored weights were computed with.
WITH removed AS (
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
    chunks = p.chunks - removed.chunks,
    length = p.length - removed.length
FROM removed
WHERE p.id = 1
RETURNING
    p.average_length AS weighed_with,
    p.length::double precision / greatest(p.chunks, 1) AS average_length
