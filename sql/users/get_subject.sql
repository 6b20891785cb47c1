-- What a user's provider calls them.
SELECT i.subject
FROM identities AS i
WHERE i.user_id = %(id)s
