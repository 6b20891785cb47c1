-- The stored facts of a user that the interface does not show.
SELECT
    i.subject,
    i.last_used_at,
    u.name_chosen,
    u.role_assigned
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
WHERE u.id = %(id)s
