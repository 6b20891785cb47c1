-- Deletes some conversations, of all users, that were archived long ago or never had a question.
-- Every use of a conversation raises its version, so a conversation that is in use right now stays.
-- Each of the two conditions has an index of its own.
WITH archived AS (
    SELECT
        c.user_id,
        c.id,
        c.version
    FROM conversations AS c
    WHERE c.archived_at <= now() - %(archived_for)s::interval
    ORDER BY c.archived_at
    LIMIT %(limit)s
),

unused AS (
    SELECT
        c.user_id,
        c.id,
        c.version
    FROM conversations AS c
    WHERE
        c.asked_at IS NULL
        AND c.updated_at <= now() - %(unused_for)s::interval
        AND NOT EXISTS (
            SELECT FROM messages AS m
            WHERE
                m.user_id = c.user_id
                AND m.conversation_id = c.id
        )
    ORDER BY c.updated_at
    LIMIT %(limit)s
),

due AS MATERIALIZED (
    SELECT
        a.user_id,
        a.id,
        a.version
    FROM archived AS a
    UNION ALL
    SELECT
        u.user_id,
        u.id,
        u.version
    FROM unused AS u
    LIMIT %(limit)s
)

DELETE FROM conversations AS c
USING due AS d
WHERE
    c.user_id = d.user_id
    AND c.id = d.id
    AND c.version = d.version
RETURNING c.user_id, c.id
