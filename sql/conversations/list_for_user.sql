-- A page of a user's conversations, last used first; a conversation without messages is left out.
-- The page is cut before its previews and counts are read, so the cost depends on the page and not on the list.
WITH page AS (
    SELECT
        c.id,
        c.title,
        c.status,
        c.created_at,
        c.updated_at
    FROM conversations AS c
    WHERE
        c.user_id = %(user_id)s
        AND c.status = %(status)s
        AND c.asked_at IS NOT NULL
        AND (c.updated_at, c.id) < (coalesce(%(before_time)s::timestamptz, 'infinity'), %(before_id)s::uuid)
    ORDER BY c.updated_at DESC, c.id DESC
    LIMIT %(limit)s
)

SELECT
    p.id,
    p.title,
    p.status,
    left(
        (
            SELECT m.content
            FROM messages AS m
            WHERE
                m.user_id = %(user_id)s
                AND m.conversation_id = p.id
                AND m.role = 'user'
            ORDER BY m.created_at, m.id
            LIMIT 1
        ),
        %(preview_characters)s
    ) AS preview,
    (
        SELECT count(*)
        FROM messages AS m
        WHERE
            m.user_id = %(user_id)s
            AND m.conversation_id = p.id
    ) AS message_count,
    p.id IN (
        SELECT s.conversation_id
        FROM shares AS s
        WHERE
            s.user_id = %(user_id)s
            AND (s.expires_at IS NULL OR s.expires_at > now())
    ) AS share_enabled,
    p.created_at,
    p.updated_at
FROM page AS p
ORDER BY p.updated_at DESC, p.id DESC
