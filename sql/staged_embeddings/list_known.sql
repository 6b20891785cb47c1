-- The texts that already have a vector in a set: of a passage, or staged by an ingest that was interrupted.
SELECT s.content_hash
FROM staged_embeddings AS s
WHERE
    s.set_id = %(set_id)s
    AND s.content_hash = any(%(content_hashes)s::bytea[])
UNION
SELECT c.content_hash
FROM embeddings AS e
INNER JOIN chunks AS c ON e.chunk_id = c.id
WHERE
    e.set_id = %(set_id)s
    AND c.book_id = %(book_id)s
    AND c.content_hash = any(%(content_hashes)s::bytea[])
