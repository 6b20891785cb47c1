-- Lets go of vectors that have found their passages, or whose passages are gone.
DELETE FROM staged_embeddings
WHERE content_hash = any(%(content_hashes)s::bytea[])
