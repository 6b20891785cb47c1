-- The tokens of a user that have not expired, newest first.
SELECT
    t.id,
    t.name,
    t.hint,
    t.created_at,
    t.last_used_at,
    t.expires_at
FROM personal_tokens AS t
WHERE
    t.user_id = %(user_id)s
    AND t.expires_at > now()
ORDER BY t.created_at DESC, t.id DESC
