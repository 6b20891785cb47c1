-- Brings a conversation to the top of its owner's list for another question, out of the archive if it lies there.
-- The time that comes back is later than whatever the conversation holds, though another machine's clock be ahead.
UPDATE conversations
SET
    title = coalesce(title, %(title)s::text),
    status = 'active',
    archived_at = NULL,
    asked_at = greatest(%(now)s::timestamptz, updated_at + interval '2 microseconds'),
    updated_at = greatest(%(now)s::timestamptz, updated_at + interval '2 microseconds'),
    version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
RETURNING updated_at
