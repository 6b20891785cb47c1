-- Raises a conversation's version, because a reader would now see something new; locks it against deletion.
UPDATE conversations
SET version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
