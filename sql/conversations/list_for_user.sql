-- A page of a user's conversations, last used first; one without messages is not shown.
-- The page is cut before the rest is looked up, so that the cost is the page's and not the list's.
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
        AND (
            %(before_time)s::timestamptz IS NULL
            OR (c.updated_at, c.id) < (%(before_time)s::timestamptz, %(before_id)s::uuid)
        )
        AND EXISTS (
            SELECT FROM messages AS m
            WHERE
                m.user_id = %(user_id)s
                AND m.conversation_id = c.id
        )
    ORDER BY c.updated_at DESC, c.id DESC
    LIMIT %(limit)s
)

SELECT
    p.id,
    p.title,
    p.status,
    left(opening.content, %(preview_characters)s) AS preview,
    counted.message_count,
    s.token_hash IS NOT NULL AS share_enabled,
    p.created_at,
    p.updated_at
FROM page AS p
CROSS JOIN LATERAL (
    SELECT count(*) AS message_count
    FROM messages AS m
    WHERE
        m.user_id = %(user_id)s
        AND m.conversation_id = p.id
) AS counted
LEFT JOIN LATERAL (
    SELECT m.content
    FROM messages AS m
    WHERE
        m.user_id = %(user_id)s
        AND m.conversation_id = p.id
        AND m.role = 'user'
    ORDER BY m.created_at, m.id
    LIMIT 1
) AS opening ON TRUE
LEFT JOIN shares AS s
    ON
        p.id = s.conversation_id
        AND s.user_id = %(user_id)s
        AND (s.expires_at IS NULL OR s.expires_at > now())
ORDER BY p.updated_at DESC, p.id DESC
