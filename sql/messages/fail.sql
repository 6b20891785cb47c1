-- Gives an answer up; what was written of it stays.
WITH touched AS (
    UPDATE conversations
    SET version = version + 1
    WHERE
        user_id = %(user_id)s
        AND id = %(conversation_id)s
    RETURNING id
)

UPDATE messages AS m
SET
    status = 'failed',
    generating_since = NULL,
    response_time_ms = %(response_time_ms)s
FROM touched AS t
WHERE
    m.user_id = %(user_id)s
    AND m.id = %(id)s
    AND m.conversation_id = t.id
    AND m.status = 'generating'
