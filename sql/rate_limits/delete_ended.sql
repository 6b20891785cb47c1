-- Deletes some windows that have ended. A window that a request begins again meanwhile stays.
WITH due AS MATERIALIZED (
    SELECT
        r.name,
        r.key,
        r.ends_at
    FROM rate_limits AS r
    WHERE r.ends_at <= now()
    ORDER BY r.ends_at
    LIMIT %(limit)s
)

DELETE FROM rate_limits AS r
USING due AS d
WHERE
    r.name = d.name
    AND r.key = d.key
    AND r.ends_at = d.ends_at
