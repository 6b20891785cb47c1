-- Which conversation a link leads to, while it opens; counts that, unless its owner looks or it is a further page.
-- The token tells whose it is; everything after this names that user.
UPDATE shares
SET opens = opens + CASE WHEN %(counts)s AND user_id <> %(reader_id)s::uuid THEN 1 ELSE 0 END
WHERE
    token_hash = %(token_hash)s
    AND (expires_at IS NULL OR expires_at > now())
RETURNING user_id, conversation_id
