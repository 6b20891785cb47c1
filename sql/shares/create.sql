-- Creates a conversation's share link. An older link of the conversation must be deleted first.
INSERT INTO shares (token_hash, user_id, conversation_id, opens, created_at, expires_at)
VALUES (%(token_hash)s, %(user_id)s, %(conversation_id)s, 0, now(), now() + %(lifetime)s::interval)
RETURNING expires_at
