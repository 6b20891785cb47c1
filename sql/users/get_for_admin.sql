-- One user that an administrator may see; without a scope, of any organization.
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
LEFT JOIN last_sign_ins AS l ON l.user_id = %(user_id)s
WHERE
    u.id = %(user_id)s
    AND (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
