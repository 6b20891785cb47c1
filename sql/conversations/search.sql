-- A page of the conversations that hold all words in their title or in one of their messages, best match first.
-- The last word may be the beginning of a word. No index holds the words: the index on `user_id` finds the user's
-- rows, so the cost depends on that user's messages only.
WITH asked AS (
    SELECT cast(nullif(plainto_tsquery('simple', %(words)s::text)::text, '') || ':*' AS tsquery) AS words
),

hits AS (
    SELECT
        m.conversation_id,
        m.id AS message_id,
        ts_rank(m.lexical, a.words)::double precision AS rank
    FROM messages AS m
    INNER JOIN asked AS a ON m.lexical @@ a.words
    WHERE m.user_id = %(user_id)s
    UNION ALL
    -- A hit in the title ranks above any hit in a message.
    SELECT
        c.id AS conversation_id,
        NULL AS message_id,
        1 + ts_rank(c.lexical, a.words)::double precision AS rank
    FROM conversations AS c
    INNER JOIN asked AS a ON c.lexical @@ a.words
    WHERE
        c.user_id = %(user_id)s
        AND c.asked_at IS NOT NULL
),

ranked AS (
    SELECT
        h.conversation_id,
        (array_agg(h.message_id ORDER BY h.rank DESC, h.message_id ASC) FILTER (WHERE h.message_id IS NOT NULL))[1]
            AS message_id,
        coalesce(max(h.rank) FILTER (WHERE h.message_id IS NULL), 0)
        + coalesce(max(h.rank) FILTER (WHERE h.message_id IS NOT NULL), 0) AS rank
    FROM hits AS h
    GROUP BY h.conversation_id
),

page AS (
    SELECT
        c.id,
        c.title,
        c.status,
        c.created_at,
        c.updated_at,
        r.message_id,
        r.rank
    FROM ranked AS r
    INNER JOIN conversations AS c
        ON
            r.conversation_id = c.id
            AND c.user_id = %(user_id)s
    WHERE
        c.status = %(status)s
        AND (r.rank, c.id) < (coalesce(%(after_rank)s::double precision, 'infinity'), %(after_id)s::uuid)
    ORDER BY r.rank DESC, c.id DESC
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
    p.updated_at,
    coalesce(f.content, p.title) AS found_in,
    p.rank
FROM page AS p
LEFT JOIN messages AS f
    ON
        p.message_id = f.id
        AND f.user_id = %(user_id)s
ORDER BY p.rank DESC, p.id DESC
