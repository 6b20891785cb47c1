-- Deletes all stored windows of a key.
DELETE FROM rate_limits
WHERE key = %(key)s
