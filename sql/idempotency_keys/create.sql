-- Claims a key for a request and the message it will make, for a while by the database's clock.
-- Says nothing if the key is taken: whoever comes second waits here for the first one's commit.
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
