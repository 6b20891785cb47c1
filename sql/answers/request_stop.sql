-- Asks the run that generates an answer to stop: it reads the request with its next checkpoint.
UPDATE messages
SET stop_requested = TRUE
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND status = 'generating'
