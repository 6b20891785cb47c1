-- Removes staged vectors that were copied to their passages, or whose passages no longer exist.
DELETE FROM staged_embeddings
WHERE content_hash = any(%(content_hashes)s::bytea[])
