-- All stored share links of a user, oldest first, expired ones too.
SELECT
    s.conversation_id,
    s.opens + coalesce(v.visits, 0) AS opens,
    s.created_at,
    s.expires_at
FROM shares AS s
LEFT JOIN share_visits AS v
    ON
        v.user_id = %(user_id)s
        AND s.conversation_id = v.conversation_id
        AND s.token_hash = v.token_hash
WHERE s.user_id = %(user_id)s
ORDER BY s.created_at, s.conversation_id
