-- Ends one token of its owner. An expired token has ended already.
DELETE FROM personal_tokens
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND expires_at > now()
RETURNING id, hint
