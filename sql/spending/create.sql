-- Adds the cost of an answer to the spending of the user's organization this month. A deleted answer stays counted.
INSERT INTO spending AS s (organization_id, month, cost_usd)
SELECT
    u.organization_id,
    date_trunc('month', now() AT TIME ZONE 'UTC')::date,
    %(cost_usd)s::numeric
FROM users AS u
WHERE
    u.id = %(user_id)s
    AND u.organization_id IS NOT NULL
ON CONFLICT (organization_id, month) DO UPDATE
    SET cost_usd = s.cost_usd + excluded.cost_usd
