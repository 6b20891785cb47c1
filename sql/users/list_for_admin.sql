-- A page of the users that an administrator may see, newest first; without a scope, of all organizations.
-- The page is cut before it is joined, so the cost depends on the page and not on the list.
WITH page AS (
    SELECT
        u.id,
        u.organization_id,
        u.email,
        u.name,
        u.role,
        u.status,
        u.created_at,
        u.last_login
    FROM users AS u
    WHERE
        (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
        AND (%(organization_id)s::uuid IS NULL OR u.organization_id = %(organization_id)s::uuid)
        AND (%(role)s::text IS NULL OR u.role = %(role)s::text)
        AND (%(status)s::text IS NULL OR u.status = %(status)s::text)
        AND (
            %(search)s::text IS NULL
            OR strpos(lower(u.name), lower(%(search)s::text)) > 0
            OR strpos(lower(u.email), lower(%(search)s::text)) > 0
        )
        AND (u.created_at, u.id) < (coalesce(%(before_time)s::timestamptz, 'infinity'), %(before_id)s::uuid)
    ORDER BY u.created_at DESC, u.id DESC
    LIMIT %(limit)s
),

seen AS (
    SELECT
        s.user_id,
        s.signed_in_at
    FROM page AS p
    INNER JOIN last_sign_ins AS s ON p.id = s.user_id
)

SELECT
    p.id,
    p.email,
    p.name,
    p.role,
    p.status,
    p.organization_id,
    o.name AS organization_name,
    i.provider AS sso_provider,
    p.created_at,
    greatest(p.last_login, s.signed_in_at) AS last_login
FROM page AS p
INNER JOIN identities AS i ON p.id = i.user_id
LEFT JOIN organizations AS o ON p.organization_id = o.id
LEFT JOIN seen AS s ON p.id = s.user_id
ORDER BY p.created_at DESC, p.id DESC
