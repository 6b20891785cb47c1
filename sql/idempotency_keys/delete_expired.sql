-- Deletes some expired keys, of all users.
WITH due AS MATERIALIZED (
    SELECT
        k.user_id,
        k.key,
        k.expires_at
    FROM idempotency_keys AS k
    WHERE k.expires_at <= now()
    ORDER BY k.expires_at
    LIMIT %(limit)s
)

DELETE FROM idempotency_keys AS k
USING due AS d
WHERE
    k.user_id = d.user_id
    AND k.key = d.key
    AND k.expires_at = d.expires_at
