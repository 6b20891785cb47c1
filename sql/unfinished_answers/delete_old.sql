-- Says that some answers have ended, except those that have just begun again.
DELETE FROM unfinished_answers
WHERE
    id = any(%(ids)s::uuid[])
    AND begun_at <= now() - %(older_than)s::interval
