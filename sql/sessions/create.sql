-- Begins a session. Its absolute end is set by the database's clock.
INSERT INTO sessions (user_id, id, token_hash, user_agent, created_at, last_accessed_at, expires_at)
VALUES (
    %(user_id)s, %(id)s, %(token_hash)s, %(user_agent)s,
    now(), now(), now() + %(lifetime)s
)
