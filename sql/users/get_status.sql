-- The status of a user: only an active one may sign in.
SELECT u.status
FROM users AS u
WHERE u.id = %(id)s
