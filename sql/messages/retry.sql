-- Restarts an answer that failed, or whose lease has expired. Of several runs that try at once one succeeds.
-- The run that succeeded may repeat the statement: it does not know that when the response of the first try was lost.
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
            AND (
                m.leased_until < now()
                OR m.run_id = %(run_id)s
            )
        )
    )
