-- Adds a book's passages to the document frequencies of their stems. A new stem gets its own dimension.
INSERT INTO stems (stem, chunks)
SELECT
    word.lexeme,
    count(*)
FROM chunks AS c
CROSS JOIN LATERAL unnest(c.lexical) AS word
WHERE c.book_id = %(book_id)s
GROUP BY word.lexeme
ON CONFLICT (stem) DO UPDATE
    SET chunks = stems.chunks + excluded.chunks
