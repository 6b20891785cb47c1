-- Ends an abandoned answer of one conversation, so that the next question can be asked there.
UPDATE messages
SET
    status = 'failed',
    run_id = NULL,
    leased_until = NULL,
    stop_requested = FALSE
WHERE
    user_id = %(user_id)s
    AND conversation_id = %(conversation_id)s
    AND status = 'generating'
    AND leased_until < now()
