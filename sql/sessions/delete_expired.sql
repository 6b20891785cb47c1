-- Deletes some expired sessions, of all users. Each of the two conditions has an index of its own.
WITH idle AS (
    SELECT
        s.user_id,
        s.id
    FROM sessions AS s
    WHERE s.last_accessed_at <= now() - %(idle)s::interval
    ORDER BY s.last_accessed_at
    LIMIT %(limit)s
),

too_old AS (
    SELECT
        s.user_id,
        s.id
    FROM sessions AS s
    WHERE
        s.expires_at <= now()
        AND s.last_accessed_at > now() - %(idle)s::interval
    ORDER BY s.expires_at
    LIMIT %(limit)s
),

due AS MATERIALIZED (
    SELECT
        i.user_id,
        i.id
    FROM idle AS i
    UNION ALL
    SELECT
        o.user_id,
        o.id
    FROM too_old AS o
    LIMIT %(limit)s
)

DELETE FROM sessions AS s
USING due AS d
WHERE
    s.user_id = d.user_id
    AND s.id = d.id
