-- The request that used a key, and the message that it created.
SELECT
    k.request_hash,
    k.message_id
FROM idempotency_keys AS k
WHERE
    k.user_id = %(user_id)s
    AND k.key = %(key)s
