-- Claims a key for a request and the message that the request creates, until it expires by the database's clock.
-- Returns no row when the key is in use. A second request with the key waits here until the first one commits.
INSERT INTO idempotency_keys (user_id, key, request_hash, message_id, created_at, expires_at)
VALUES (%(user_id)s, %(key)s, %(request_hash)s, %(message_id)s, now(), now() + %(lifetime)s)
ON CONFLICT (user_id, key) DO UPDATE
    SET
        request_hash = excluded.request_hash,
        message_id = excluded.message_id,
        created_at = excluded.created_at,
        expires_at = excluded.expires_at
    WHERE idempotency_keys.expires_at <= excluded.created_at
RETURNING message_id
