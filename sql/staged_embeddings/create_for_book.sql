-- Stages the vectors of a book's passages, in every set, before the passages are replaced.
INSERT INTO staged_embeddings (set_id, content_hash, embedding)
SELECT
    e.set_id,
    c.content_hash,
    e.embedding
FROM chunks AS c
INNER JOIN embeddings AS e ON c.id = e.chunk_id
WHERE c.book_id = %(book_id)s
ON CONFLICT (set_id, content_hash) DO NOTHING
