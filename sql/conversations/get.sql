-- One conversation of its owner, with its share link while the link is valid.
SELECT
    c.id,
    c.title,
    c.status,
    c.version,
    c.created_at,
    c.updated_at,
    s.created_at AS shared_at,
    s.expires_at AS share_expires_at,
    s.opens + coalesce(v.visits, 0) AS share_opens,
    (
        SELECT p.version
        FROM corpora AS p
        WHERE p.id = 1
    ) AS corpus_version
FROM conversations AS c
LEFT JOIN shares AS s
    ON
        c.id = s.conversation_id
        AND s.user_id = %(user_id)s
        AND (s.expires_at IS NULL OR s.expires_at > now())
LEFT JOIN share_visits AS v
    ON
        c.user_id = v.user_id
        AND c.id = v.conversation_id
        AND s.token_hash = v.token_hash
WHERE
    c.user_id = %(user_id)s
    AND c.id = %(id)s
