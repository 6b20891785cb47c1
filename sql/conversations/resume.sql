-- Moves a conversation to the top of its owner's list for another question, and restores an archived one.
-- The returned time is later than every message of the conversation, even if another machine's clock runs ahead.
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
