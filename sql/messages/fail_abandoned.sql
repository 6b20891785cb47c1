-- Gives up a conversation's answer whose process must have died, so that the conversation can go on.
UPDATE messages
SET
    status = 'failed',
    generating_since = NULL
WHERE
    user_id = %(user_id)s
    AND conversation_id = %(conversation_id)s
    AND status = 'generating'
    AND coalesce(generating_since, created_at) < now() - %(given_up_after)s::interval
