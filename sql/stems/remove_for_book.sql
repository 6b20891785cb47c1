-- Takes a book's passages off the counts of their stems, before they go.
WITH gone AS (
    SELECT
        word.lexeme AS stem,
        count(*) AS chunks
    FROM chunks AS c
    CROSS JOIN LATERAL unnest(c.lexical) AS word
    WHERE c.book_id = %(book_id)s
    GROUP BY word.lexeme
)

UPDATE stems AS s
SET chunks = s.chunks - gone.chunks
FROM gone
WHERE s.stem = gone.stem
