-- Deletes a conversation and, by cascade, its messages. Its share link has a statement of its own.
DELETE FROM conversations
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
