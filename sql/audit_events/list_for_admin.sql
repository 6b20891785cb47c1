-- A page of the audit events of an organization, newest first; without a scope, those of all organizations.
-- The name of a deleted user is null.
WITH page AS (
    SELECT
        e.id,
        e.action,
        e.actor_id,
        e.target_id,
        e.before,
        e.after,
        e.address,
        e.created_at
    FROM audit_events AS e
    WHERE
        (%(scope)s::uuid IS NULL OR e.organization_id = %(scope)s::uuid)
        AND (e.created_at, e.id) < (coalesce(%(before_time)s::timestamptz, 'infinity'), %(before_id)s::uuid)
    ORDER BY e.created_at DESC, e.id DESC
    LIMIT %(limit)s
)

SELECT
    p.id,
    p.action,
    p.actor_id,
    actor.name AS actor_name,
    p.target_id,
    affected.name AS target_name,
    p.before,
    p.after,
    host(p.address) AS address,
    p.created_at
FROM page AS p
LEFT JOIN users AS actor ON p.actor_id = actor.id
LEFT JOIN users AS affected ON p.target_id = affected.id
ORDER BY p.created_at DESC, p.id DESC
