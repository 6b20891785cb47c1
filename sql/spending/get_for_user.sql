-- The spending of a user's organization this month, and the time until the month ends. No row means no spending.
SELECT
    s.cost_usd,
    (s.month + interval '1 month') - (now() AT TIME ZONE 'UTC') AS remaining
FROM users AS u
INNER JOIN spending AS s ON u.organization_id = s.organization_id
WHERE
    u.id = %(user_id)s
    AND s.month = date_trunc('month', now() AT TIME ZONE 'UTC')::date
