-- Moves a conversation to the top of its owner's list for another question, and restores an archived one.
-- The returned time is later than every message of the conversation, even if another machine's clock runs ahead.
-- The sum is one of times without a zone: Citus accepts only immutable operators on a column here.
UPDATE conversations
SET
    title = coalesce(title, %(title)s::text),
    status = 'active',
    archived_at = NULL,
    asked_at = greatest(
        %(now)s::timestamptz, (updated_at AT TIME ZONE 'UTC' + interval '2 microseconds') AT TIME ZONE 'UTC'
    ),
    updated_at = greatest(
        %(now)s::timestamptz, (updated_at AT TIME ZONE 'UTC' + interval '2 microseconds') AT TIME ZONE 'UTC'
    ),
    version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
RETURNING updated_at
