-- Subtracts a book's passages from the document frequencies of their stems, before the passages are deleted. A book
-- that an older version loaded may lack some of its stems in the counts.
WITH removed AS (
    SELECT
        own.stem,
        count(*) AS chunks
    FROM chunks AS c
    CROSS JOIN LATERAL stems_of(c.lexical) AS own
    WHERE c.book_id = %(book_id)s
    GROUP BY own.stem
)

UPDATE stems AS s
SET chunks = greatest(s.chunks - removed.chunks, 0)
FROM removed
WHERE s.stem = removed.stem
