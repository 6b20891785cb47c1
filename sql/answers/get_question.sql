-- The id of the question that an answer belongs to.
SELECT q.id
FROM messages AS a
INNER JOIN messages AS q ON a.user_id = q.user_id AND a.conversation_id = q.conversation_id
WHERE
    a.user_id = %(user_id)s
    AND a.id = %(id)s
    AND q.role = 'user'
    AND q.created_at <= a.created_at
ORDER BY q.created_at DESC, q.id DESC
LIMIT 1
