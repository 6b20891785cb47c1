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
    u.last_login
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN organizations AS o ON u.organization_id = o.id
WHERE
    u.id = %(id)s
    AND (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
