-- The same page as list_for_admin and the same number as count_for_admin, by the index of trigrams. The index returns
-- everybody who may match, and the comparison decides. All matches are found before the page is cut: otherwise the
-- planner may read the whole table in the order of the page, because it expects to meet enough matches soon.
WITH found AS MATERIALIZED (
    SELECT
        u.id,
        u.created_at
    FROM users AS u
    WHERE
        trigrams(u.name, u.email) @@ trigram_query(%(search)s::text)
        AND (
            strpos(lower(u.name), lower(%(search)s::text)) > 0
            OR strpos(lower(u.email), lower(%(search)s::text)) > 0
        )
        AND (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
        AND (%(organization_id)s::uuid IS NULL OR u.organization_id = %(organization_id)s::uuid)
        AND (%(role)s::text IS NULL OR u.role = %(role)s::text)
        AND (%(status)s::text IS NULL OR u.status = %(status)s::text)
),

page AS (
    SELECT
        f.id,
        f.created_at
    FROM found AS f
    WHERE (f.created_at, f.id) < (coalesce(%(before_time)s::timestamptz, 'infinity'), %(before_id)s::uuid)
    ORDER BY f.created_at DESC, f.id DESC
    LIMIT %(limit)s
)

SELECT
    (SELECT count(*) FROM found) AS total,
    coalesce(array_agg(p.id), '{}') AS ids
FROM page AS p
