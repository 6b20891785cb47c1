-- The number of vectors in a set. A large set gets an index.
SELECT count(*) AS embeddings
FROM embeddings AS e
WHERE e.set_id = %(set_id)s
