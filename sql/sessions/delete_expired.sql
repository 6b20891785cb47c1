-- Deletes some expired sessions, of all users.
DELETE FROM sessions
WHERE (user_id, id) IN (
    SELECT
        s.user_id,
        s.id
    FROM sessions AS s
    WHERE
        s.expires_at <= now()
        OR s.last_accessed_at <= now() - %(idle)s::interval
    ORDER BY s.last_accessed_at
    LIMIT %(limit)s
)
