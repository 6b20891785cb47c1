-- The conversation that a link opens. The link is looked up by its token alone, which identifies the owner; all later
-- statements bind that `user_id`.
SELECT
    s.user_id,
    s.conversation_id
FROM shares AS s
WHERE
    s.token_hash = %(token_hash)s
    AND (s.expires_at IS NULL OR s.expires_at > now())
