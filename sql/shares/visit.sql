-- The conversation that a link opens. Counts the visit unless the reader is the owner or reads a later page.
-- The link is looked up by its token alone, which identifies the owner; all later statements bind that `user_id`.
UPDATE shares
SET opens = opens + CASE WHEN %(counts)s AND user_id <> %(reader_id)s::uuid THEN 1 ELSE 0 END
WHERE
    token_hash = %(token_hash)s
    AND (expires_at IS NULL OR expires_at > now())
RETURNING user_id, conversation_id
