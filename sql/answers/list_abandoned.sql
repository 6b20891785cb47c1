-- The ids of all users with an abandoned answer: its lease has expired, so its process must have died.
SELECT DISTINCT m.user_id
FROM messages AS m
WHERE
    m.status = 'generating'
    AND m.leased_until < now()
ORDER BY m.user_id
LIMIT %(limit)s
