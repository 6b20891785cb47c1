-- Gives up some answers, of all users, whose lease has ended: their processes must have died. What was written stays.
-- The conversation comes first, as where it is deleted: in the other order the two could wait for each other.
WITH lapsed AS MATERIALIZED (
    SELECT
        m.user_id,
        m.conversation_id
    FROM messages AS m
    WHERE
        m.status = 'generating'
        AND m.leased_until < now()
    ORDER BY m.leased_until
    LIMIT %(limit)s
),

touched AS (
    UPDATE conversations AS c
    SET version = c.version + 1
    FROM lapsed AS l
    WHERE
        c.user_id = l.user_id
        AND c.id = l.conversation_id
    RETURNING c.user_id, c.id
)

UPDATE messages AS m
SET
    status = CASE WHEN m.stop_requested THEN 'stopped' ELSE 'failed' END,
    run_id = NULL,
    leased_until = NULL,
    stop_requested = FALSE
FROM touched AS t
WHERE
    m.user_id = t.user_id
    AND m.conversation_id = t.id
    AND m.status = 'generating'
    AND m.leased_until < now()
