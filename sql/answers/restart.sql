-- Restarts an answer that failed, or whose lease has expired. When several runs try at once, one succeeds.
-- That run may repeat the statement, because the response to its first try may have been lost. Returns the answer's id.
WITH touched AS (
    UPDATE conversations
    SET version = version + 1
    WHERE
        user_id = %(user_id)s
        AND id = %(conversation_id)s
    RETURNING id
),

restarted AS (
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
    RETURNING m.id
),

forgotten AS (
    DELETE FROM citations AS c
    USING restarted AS r
    WHERE
        c.user_id = %(user_id)s
        AND c.message_id = r.id
)

SELECT r.id
FROM restarted AS r
