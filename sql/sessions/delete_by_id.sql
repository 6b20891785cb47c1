-- Ends one session of its owner.
DELETE FROM sessions
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
