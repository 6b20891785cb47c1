-- The sessions of a user that are still alive, last used first.
SELECT
    s.id,
    s.created_at,
    s.last_accessed_at,
    least(s.expires_at, s.last_accessed_at + %(idle)s::interval) AS expires_at,
    s.user_agent
FROM sessions AS s
WHERE
    s.user_id = %(user_id)s
    AND s.expires_at > now()
    AND s.last_accessed_at > now() - %(idle)s::interval
ORDER BY s.last_accessed_at DESC, s.id DESC
