-- The number of users on all pages of an administrator's list.
SELECT count(*) AS total
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
