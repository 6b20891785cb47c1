-- Raises a conversation's version, because its visible state changes. The row lock also prevents its deletion.
UPDATE conversations
SET version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
