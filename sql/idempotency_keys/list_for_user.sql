-- All stored idempotency keys of a user, oldest first.
SELECT
    k.key,
    k.message_id,
    k.created_at,
    k.expires_at
FROM idempotency_keys AS k
WHERE k.user_id = %(user_id)s
ORDER BY k.created_at, k.key
