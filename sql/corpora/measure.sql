-- Counts the passages and their words for BM25, after a book was loaded whose passages have no weights yet.
-- Returns the average length of a passage now, and the average with which the stored weights were computed.
WITH weighted AS (
    SELECT
        count(*) AS chunks,
        coalesce(sum(w.length), 0) AS length
    FROM chunk_weights AS w
),

loaded AS (
    SELECT
        count(*) AS chunks,
        coalesce(sum(words.length), 0) AS length
    FROM chunks AS c
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(cardinality(word.positions)), 0) AS length
        FROM unnest(c.lexical) AS word
    ) AS words
    WHERE c.book_id = %(book_id)s
)

UPDATE corpora AS p
SET
    chunks = weighted.chunks + loaded.chunks,
    length = weighted.length + loaded.length
FROM weighted
CROSS JOIN loaded
WHERE p.id = 1
RETURNING
    p.average_length AS weighed_with,
    p.length::double precision / greatest(p.chunks, 1) AS average_length
