-- The answers that began some time ago and have not ended, oldest first. Most of them are still being generated.
SELECT
    u.id,
    u.user_id
FROM unfinished_answers AS u
WHERE u.begun_at <= now() - %(older_than)s::interval
ORDER BY u.begun_at
LIMIT %(limit)s
