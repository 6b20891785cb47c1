-- Deletes some unfinished attempts a day after they expired: until then, a late callback can learn why it fails.
DELETE FROM sign_in_attempts
WHERE state_hash IN (
    SELECT a.state_hash
    FROM sign_in_attempts AS a
    WHERE a.expires_at < now() - interval '1 day'
    ORDER BY a.expires_at
    LIMIT %(limit)s
)
