-- The users with these ids, as an administrator sees them, newest first.
WITH seen AS (
    SELECT
        s.user_id,
        s.signed_in_at
    FROM last_sign_ins AS s
    WHERE s.user_id = any(%(ids)s::uuid[])
)

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
    greatest(u.last_login, l.signed_in_at) AS last_login
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN organizations AS o ON u.organization_id = o.id
LEFT JOIN seen AS l ON u.id = l.user_id
WHERE u.id = any(%(ids)s::uuid[])
ORDER BY u.created_at DESC, u.id DESC
