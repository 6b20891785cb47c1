-- What is stored of a user that the interface does not show: who they are to their provider, and who chose what.
SELECT
    i.subject,
    i.last_used_at,
    u.name_chosen,
    u.role_assigned
FROM users AS u
INNER JOIN identities AS i ON u.id = i.user_id
WHERE u.id = %(id)s
