-- Every conversation of a user, archived and unused ones too, in the order in which they were begun.
SELECT c.id
FROM conversations AS c
WHERE c.user_id = %(user_id)s
ORDER BY c.id ASC
