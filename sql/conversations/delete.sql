-- Deletes a conversation, and with it its messages; its link is deleted by name.
DELETE FROM conversations
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
