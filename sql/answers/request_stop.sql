-- Asks whoever generates an answer to stop.
UPDATE messages
SET stop_requested = TRUE
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND status = 'generating'
