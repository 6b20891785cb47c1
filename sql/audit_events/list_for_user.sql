-- All audit events in which a user is the actor or the target, oldest first.
SELECT
    e.id,
    e.action,
    e.actor_id,
    actor.name AS actor_name,
    e.target_id,
    affected.name AS target_name,
    e.before,
    e.after,
    host(e.address) AS address,
    e.created_at
FROM audit_events AS e
LEFT JOIN users AS actor ON e.actor_id = actor.id
LEFT JOIN users AS affected ON e.target_id = affected.id
WHERE %(user_id)s IN (e.actor_id, e.target_id)
ORDER BY e.created_at ASC, e.id ASC
