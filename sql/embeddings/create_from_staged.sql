-- Copies the staged vectors of a book's new passages, in every set that has them.
INSERT INTO embeddings (set_id, chunk_id, embedding)
SELECT
    s.set_id,
    c.id,
    s.embedding
FROM chunks AS c
INNER JOIN staged_embeddings AS s ON c.content_hash = s.content_hash
WHERE c.book_id = %(book_id)s
