-- Creates a conversation's share link; an older link of the conversation becomes invalid.
INSERT INTO shares (token_hash, user_id, conversation_id, opens, created_at, expires_at)
VALUES (%(token_hash)s, %(user_id)s, %(conversation_id)s, 0, now(), now() + %(lifetime)s::interval)
ON CONFLICT (user_id, conversation_id) DO UPDATE
    SET
        token_hash = excluded.token_hash,
        opens = excluded.opens,
        created_at = excluded.created_at,
        expires_at = excluded.expires_at
RETURNING expires_at
