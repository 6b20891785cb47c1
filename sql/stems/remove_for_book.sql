-- Subtracts a book's passages from the document frequencies of their stems, before the passages are deleted.
WITH removed AS (
    SELECT
        word.lexeme AS stem,
        count(*) AS chunks
    FROM chunks AS c
    CROSS JOIN LATERAL unnest(c.lexical) AS word
    WHERE c.book_id = %(book_id)s
    GROUP BY word.lexeme
)

UPDATE stems AS s
SET chunks = s.chunks - removed.chunks
FROM removed
WHERE s.stem = removed.stem
