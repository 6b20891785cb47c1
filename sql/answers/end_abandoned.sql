-- Ends the abandoned answers of some users: their lease has expired, so their process must have died. The text stays,
-- and its passages count as cited. Returns the number of answers.
-- The conversations are locked first, in the order in which their deletion locks. Another order could deadlock.
WITH abandoned AS MATERIALIZED (
    SELECT
        m.user_id,
        m.conversation_id
    FROM messages AS m
    WHERE
        m.user_id = any(%(user_ids)s::uuid[])
        AND m.status = 'generating'
        AND m.leased_until < now()
),

touched AS (
    UPDATE conversations AS c
    SET version = c.version + 1
    FROM abandoned AS a
    WHERE
        c.user_id = any(%(user_ids)s::uuid[])
        AND c.user_id = a.user_id
        AND c.id = a.conversation_id
    RETURNING c.user_id, c.id
),

ended AS (
    UPDATE messages AS m
    SET
        status = CASE WHEN m.stop_requested THEN 'stopped' ELSE 'failed' END,
        run_id = NULL,
        leased_until = NULL,
        stop_requested = FALSE
    FROM touched AS t
    WHERE
        m.user_id = any(%(user_ids)s::uuid[])
        AND m.user_id = t.user_id
        AND m.conversation_id = t.id
        AND m.status = 'generating'
        AND m.leased_until < now()
    RETURNING m.user_id, m.id, m.citations
),

cited AS (
    INSERT INTO citations (user_id, message_id, chunk_id)
    SELECT
        e.user_id,
        e.id,
        (citation.value ->> 'chunk_id')::uuid
    FROM ended AS e
    CROSS JOIN LATERAL jsonb_array_elements(e.citations) AS citation
    ON CONFLICT (user_id, message_id, chunk_id) DO NOTHING
)

SELECT count(*) AS answers
FROM ended
