-- The ids of all conversations of a user, oldest first, archived and empty ones too.
SELECT c.id
FROM conversations AS c
WHERE c.user_id = %(user_id)s
ORDER BY c.id ASC
