-- All stored tokens of a user, newest first, expired ones too.
SELECT
    t.id,
    t.name,
    t.hint,
    t.created_at,
    t.last_used_at,
    t.expires_at
FROM personal_tokens AS t
WHERE t.user_id = %(user_id)s
ORDER BY t.created_at DESC, t.id DESC
