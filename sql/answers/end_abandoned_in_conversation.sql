-- Ends an abandoned answer of one conversation, so that the next question can be asked there. The text stays, and its
-- passages count as cited.
-- The conversation is locked first, in the order in which its deletion locks. Another order could deadlock.
WITH abandoned AS MATERIALIZED (
    SELECT
        m.user_id,
        m.conversation_id
    FROM messages AS m
    WHERE
        m.user_id = %(user_id)s
        AND m.conversation_id = %(conversation_id)s
        AND m.status = 'generating'
        AND m.leased_until < now()
),

touched AS (
    UPDATE conversations AS c
    SET version = c.version + 1
    FROM abandoned AS a
    WHERE
        c.user_id = %(user_id)s
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
        m.user_id = %(user_id)s
        AND m.user_id = t.user_id
        AND m.conversation_id = t.id
        AND m.status = 'generating'
        AND m.leased_until < now()
    RETURNING m.id, m.citations
)

INSERT INTO citations (user_id, message_id, chunk_id)
SELECT
    %(user_id)s,
    e.id,
    (citation.value ->> 'chunk_id')::uuid
FROM ended AS e
CROSS JOIN LATERAL jsonb_array_elements(e.citations) AS citation
ON CONFLICT (user_id, message_id, chunk_id) DO NOTHING
