-- Removes some conversations, of all users, that nothing was ever asked in or that were archived long ago.
-- The conditions stand on the row itself, so that one which is used at this moment stays.
DELETE FROM conversations
WHERE
    (user_id, id) IN (
        SELECT
            c.user_id,
            c.id
        FROM conversations AS c
        WHERE
            c.archived_at <= now() - %(archived_for)s::interval
            OR (
                c.asked_at IS NULL
                AND c.updated_at <= now() - %(unused_for)s::interval
                AND NOT EXISTS (
                    SELECT FROM messages AS m
                    WHERE
                        m.user_id = c.user_id
                        AND m.conversation_id = c.id
                )
            )
        ORDER BY c.updated_at
        LIMIT %(limit)s
    )
    AND (
        archived_at <= now() - %(archived_for)s::interval
        OR (asked_at IS NULL AND updated_at <= now() - %(unused_for)s::interval)
    )
RETURNING user_id, id
