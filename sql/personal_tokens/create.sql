-- Stores a token by its hash. Its end is set by the database's clock.
INSERT INTO personal_tokens (user_id, id, name, token_hash, hint, created_at, expires_at)
VALUES (
    %(user_id)s, %(id)s, %(name)s, %(token_hash)s, %(hint)s,
    now(), now() + %(lifetime)s
)
RETURNING id, name, hint, created_at, last_used_at, expires_at
