-- Renames, archives or restores a conversation; changes nothing when its version is not in `versions`.
UPDATE conversations
SET
    title = coalesce(%(title)s::text, title),
    status = coalesce(%(status)s::text, status),
    archived_at = CASE coalesce(%(status)s::text, status)
        WHEN 'archived' THEN coalesce(archived_at, %(now)s::timestamptz)
    END,
    updated_at = greatest(%(now)s::timestamptz, updated_at + interval '2 microseconds'),
    version = version + 1
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND (%(versions)s::bigint[] IS NULL OR version = any(%(versions)s::bigint[]))
