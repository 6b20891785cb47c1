-- Whether a user may sign in.
SELECT u.status
FROM users AS u
WHERE u.id = %(id)s
