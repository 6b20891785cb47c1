-- Takes up an answer again that failed, or whose process must have died.
-- Of several that try at once one succeeds; the others find it being generated.
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
    status = 'generating',
    generating_since = now(),
    content = ''
FROM touched AS t
WHERE
    m.user_id = %(user_id)s
    AND m.id = %(id)s
    AND m.conversation_id = t.id
    AND m.role = 'assistant'
    AND (
        m.status = 'failed'
        OR (
            m.status = 'generating'
            AND coalesce(m.generating_since, m.created_at) < now() - %(given_up_after)s::interval
        )
    )
