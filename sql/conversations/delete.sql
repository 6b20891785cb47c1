-- Deletes a conversation and, by cascade, its messages. shares/delete_for_conversation.sql deletes its share link.
DELETE FROM conversations
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
