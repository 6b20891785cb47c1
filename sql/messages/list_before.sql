-- The last messages of a conversation before a question, oldest first. The question is named by its answer's id.
WITH asked AS (
    SELECT m.created_at - interval '1 microsecond' AS asked_at
    FROM messages AS m
    WHERE
        m.user_id = %(user_id)s
        AND m.id = %(answer_id)s
),

recent AS (
    SELECT
        m.role,
        m.content,
        m.created_at,
        m.id
    FROM messages AS m
    INNER JOIN asked AS a ON m.created_at < a.asked_at
    WHERE
        m.user_id = %(user_id)s
        AND m.conversation_id = %(conversation_id)s
        AND m.content <> ''
    ORDER BY m.created_at DESC, m.id DESC
    LIMIT %(limit)s
)

SELECT
    r.role,
    r.content
FROM recent AS r
ORDER BY r.created_at, r.id
