-- Ends all sessions of a user.
DELETE FROM sessions
WHERE user_id = %(user_id)s
