-- Deletes some expired share links.
WITH due AS MATERIALIZED (
    SELECT s.token_hash
    FROM shares AS s
    WHERE s.expires_at <= now()
    ORDER BY s.expires_at
    LIMIT %(limit)s
)

DELETE FROM shares AS s
USING due AS d
WHERE s.token_hash = d.token_hash
