-- The retired passages of a book that have one of these texts. A passage whose text comes again gets its id back.
SELECT
    r.chunk_id AS id,
    r.content_hash
FROM retired_passages AS r
WHERE
    r.book_identity = %(book_identity)s
    AND r.content_hash = any(%(content_hashes)s::bytea[])
ORDER BY r.chunk_id ASC
