-- Notes that a reader of a conversation sees something new, and holds it against a deletion until the commit.
UPDATE conversations
SET version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
