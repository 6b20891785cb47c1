-- Removes some links that no longer open.
DELETE FROM shares
WHERE token_hash IN (
    SELECT s.token_hash
    FROM shares AS s
    WHERE s.expires_at <= now()
    ORDER BY s.expires_at
    LIMIT %(limit)s
)
