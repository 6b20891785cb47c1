-- Deletes the share link of a conversation.
DELETE FROM shares
WHERE
    user_id = %(user_id)s
    AND conversation_id = %(conversation_id)s
