-- Adds a book's passages to the number of passages of each of their words.
INSERT INTO words (word, chunks)
SELECT
    word.lexeme,
    count(*)
FROM chunks AS c
CROSS JOIN LATERAL unnest(to_tsvector('simple', c.content)) AS word
WHERE
    c.book_id = %(book_id)s
    AND word.lexeme ~ '^[[:alpha:]]{3,30}$'
GROUP BY word.lexeme
ON CONFLICT (word) DO UPDATE
    SET chunks = words.chunks + excluded.chunks
