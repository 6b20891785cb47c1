-- A user's links that are still stored, also those that have ended.
SELECT
    s.conversation_id,
    s.opens,
    s.created_at,
    s.expires_at
FROM shares AS s
WHERE s.user_id = %(user_id)s
ORDER BY s.created_at, s.conversation_id
