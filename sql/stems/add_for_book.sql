-- Adds a book's passages to the document frequencies of their stems. A new stem gets its own dimension.
INSERT INTO stems (stem, chunks)
SELECT
    own.stem,
    count(*)
FROM chunks AS c
CROSS JOIN LATERAL stems_of(c.lexical) AS own
WHERE c.book_id = %(book_id)s
GROUP BY own.stem
ON CONFLICT (stem) DO UPDATE
    SET chunks = stems.chunks + excluded.chunks
