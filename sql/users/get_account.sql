-- The stored facts of a user that the interface does not show.
SELECT
    i.subject,
    greatest(i.last_used_at, l.signed_in_at) AS last_used_at,
    u.name_chosen,
    u.role_assigned
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN last_sign_ins AS l ON l.user_id = %(user_id)s
WHERE u.id = %(user_id)s
