-- All stored share links of a user, oldest first, expired ones too.
SELECT
    s.conversation_id,
    s.opens,
    s.created_at,
    s.expires_at
FROM shares AS s
WHERE s.user_id = %(user_id)s
ORDER BY s.created_at, s.conversation_id
