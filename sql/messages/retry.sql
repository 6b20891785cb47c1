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
    run_id = %(run_id)s,
    leased_until = now() + %(lease)s::interval,
    stop_requested = FALSE,
    content = '',
    citations = '[]'
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
            AND m.leased_until < now()
        )
    )
