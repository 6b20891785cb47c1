-- The users with these ids, as an administrator sees them, newest first.
SELECT
    u.id,
    u.email,
    u.name,
    u.role,
    u.status,
    u.organization_id,
    o.name AS organization_name,
    i.provider AS sso_provider,
    u.created_at,
    u.last_login
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN organizations AS o ON u.organization_id = o.id
WHERE u.id = any(%(ids)s::uuid[])
ORDER BY u.created_at DESC, u.id DESC
