-- All users with an email address, in any case; several providers may know one person by the same address.
WITH found AS (
    SELECT
        u.id,
        u.email,
        u.name,
        u.role,
        u.status,
        u.organization_id,
        u.created_at,
        u.last_login
    FROM users AS u
    WHERE lower(u.email) = lower(%(email)s::text)
),

seen AS (
    SELECT
        s.user_id,
        s.signed_in_at
    FROM found AS f
    INNER JOIN last_sign_ins AS s ON f.id = s.user_id
)

SELECT
    f.id,
    f.email,
    f.name,
    f.role,
    f.status,
    f.organization_id,
    o.name AS organization_name,
    i.provider AS sso_provider,
    f.created_at,
    greatest(f.last_login, s.signed_in_at) AS last_login
FROM found AS f
INNER JOIN identities AS i ON f.id = i.user_id
LEFT JOIN organizations AS o ON f.organization_id = o.id
LEFT JOIN seen AS s ON f.id = s.user_id
ORDER BY f.created_at ASC, f.id ASC
