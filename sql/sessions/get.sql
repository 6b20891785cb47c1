-- The session of a token with its user; the database's clock decides whether it is still alive.
SELECT
    s.id AS session_id,
    u.id,
    u.email,
    u.name,
    u.role,
    o.id AS organization_id,
    o.name AS organization_name,
    i.provider AS sso_provider,
    u.created_at,
    greatest(u.last_login, l.signed_in_at) AS last_login,
    s.expires_at > now() AND s.last_accessed_at > now() - %(idle)s::interval AS alive,
    s.last_accessed_at < now() - %(touch_every)s::interval AS touch_due
FROM sessions AS s
INNER JOIN users AS u ON s.user_id = u.id
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN organizations AS o ON u.organization_id = o.id
LEFT JOIN last_sign_ins AS l ON s.user_id = l.user_id
WHERE
    s.user_id = %(user_id)s
    AND s.token_hash = %(token_hash)s
    AND u.status = 'active'
