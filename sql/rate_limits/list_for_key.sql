-- All stored windows of a key: a user's id, or an address.
SELECT
    r.name,
    r.requests,
    r.begun_at,
    r.ends_at
FROM rate_limits AS r
WHERE r.key = %(key)s
ORDER BY r.name
