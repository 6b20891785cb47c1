-- Deletes some expired tokens, of all users.
WITH due AS MATERIALIZED (
    SELECT
        t.user_id,
        t.id
    FROM personal_tokens AS t
    WHERE t.expires_at <= now()
    ORDER BY t.expires_at
    LIMIT %(limit)s
)

DELETE FROM personal_tokens AS t
USING due AS d
WHERE
    t.user_id = d.user_id
    AND t.id = d.id
