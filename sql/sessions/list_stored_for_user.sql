-- All stored sessions of a user, last used first, expired ones too.
SELECT
    s.id,
    s.created_at,
    s.last_accessed_at,
    s.expires_at,
    s.user_agent
FROM sessions AS s
WHERE s.user_id = %(user_id)s
ORDER BY s.last_accessed_at DESC, s.id DESC
