-- What BM25 must know of the whole, counted again after a book came in whose passages have no weights yet.
-- Says how long a passage is now on average, beside the length that the weights were made with.
WITH weighed AS (
    SELECT
        count(*) AS chunks,
        coalesce(sum(w.length), 0) AS length
    FROM chunk_weights AS w
),

coming AS (
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
    chunks = weighed.chunks + coming.chunks,
    length = weighed.length + coming.length
FROM weighed
CROSS JOIN coming
WHERE p.id = 1
RETURNING
    p.average_length AS weighed_with,
    p.length::double precision / greatest(p.chunks, 1) AS average_length
