-- Renames, archives or restores a conversation; changes nothing when its version is not in `versions`.
-- The sum is one of times without a zone: Citus accepts only immutable operators on a column here.
UPDATE conversations
SET
    title = coalesce(%(title)s::text, title),
    status = coalesce(%(status)s::text, status),
    archived_at = CASE
        WHEN coalesce(%(status)s::text, status) = 'archived' THEN coalesce(archived_at, %(now)s::timestamptz)
    END,
    updated_at = greatest(
        %(now)s::timestamptz, (updated_at AT TIME ZONE 'UTC' + interval '2 microseconds') AT TIME ZONE 'UTC'
    ),
    version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND (%(versions)s::bigint[] IS NULL OR version = any(%(versions)s::bigint[]))
