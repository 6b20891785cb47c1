-- Brings a conversation to the top of its owner's list, out of the archive if it lies there.
UPDATE conversations
SET
    status = 'active',
    updated_at = %(now)s
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
