-- The conversation that a link opens, without counting the visit: a read-only database answers this too.
SELECT
    user_id,
    conversation_id
FROM shares
WHERE
    token_hash = %(token_hash)s
    AND (expires_at IS NULL OR expires_at > now())
