-- Removes some keys, of all users, that have had their time.
DELETE FROM idempotency_keys
WHERE
    (user_id, key) IN (
        SELECT
            k.user_id,
            k.key
        FROM idempotency_keys AS k
        WHERE k.expires_at <= now()
        ORDER BY k.expires_at
        LIMIT %(limit)s
    )
    AND expires_at <= now()
