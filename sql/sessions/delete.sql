-- Ends the session of a token.
DELETE FROM sessions
WHERE
    user_id = %(user_id)s
    AND token_hash = %(token_hash)s
