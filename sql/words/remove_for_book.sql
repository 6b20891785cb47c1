-- Subtracts a book's passages from the number of passages of each of their words, before the passages are deleted. A
-- book that an older version of the service stored was never added, so the number may not fall below zero.
WITH removed AS (
    SELECT
        word.lexeme AS word,
        count(*) AS chunks
    FROM chunks AS c
    CROSS JOIN LATERAL unnest(to_tsvector('simple', c.content)) AS word
    WHERE c.book_id = %(book_id)s
    GROUP BY word.lexeme
)

UPDATE words AS w
SET chunks = greatest(w.chunks - removed.chunks, 0)
FROM removed
WHERE w.word = removed.word
