-- Deletes some windows that have ended.
DELETE FROM rate_limits
WHERE (name, key) IN (
    SELECT
        r.name,
        r.key
    FROM rate_limits AS r
    WHERE r.ends_at <= now()
    ORDER BY r.ends_at
    LIMIT %(limit)s
)
