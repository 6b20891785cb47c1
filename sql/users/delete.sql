-- Removes a user with everything that belongs to them: whatever refers to a user goes with the row.
-- What they did or had done to them stays in the audit, which then knows no name for their id.
WITH counted AS (
    DELETE FROM rate_limits
    WHERE key = (%(id)s::uuid)::text
)

DELETE FROM users
WHERE id = %(id)s::uuid
