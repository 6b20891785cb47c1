-- The conversation that a link opens. Counts the visit, except that of the owner or of a further page.
-- The link is looked up by its token alone, which tells the owner; all later statements bind that `user_id`.
UPDATE shares
SET opens = opens + CASE WHEN %(counts)s AND user_id <> %(reader_id)s::uuid THEN 1 ELSE 0 END
WHERE
    token_hash = %(token_hash)s
    AND (expires_at IS NULL OR expires_at > now())
RETURNING user_id, conversation_id
