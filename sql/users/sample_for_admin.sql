-- How frequent a search is among the newest users that an administrator may see.
WITH newest AS (
    SELECT
        strpos(lower(u.name), lower(%(search)s::text)) > 0
        OR strpos(lower(u.email), lower(%(search)s::text)) > 0 AS matches
    FROM users AS u
    WHERE
        (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
        AND (%(organization_id)s::uuid IS NULL OR u.organization_id = %(organization_id)s::uuid)
    ORDER BY u.created_at DESC, u.id DESC
    LIMIT %(limit)s
)

SELECT
    count(*) AS sampled,
    count(*) FILTER (WHERE n.matches) AS matching
FROM newest AS n
