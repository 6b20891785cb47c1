-- Deletes some share links.
DELETE FROM shares
WHERE token_hash = any(%(token_hashes)s::bytea[])
