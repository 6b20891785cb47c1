-- Deletes a user and, by cascade, everything that refers to the user. Rate limits have no foreign key.
-- The audit events stay; they name the user by id only.
WITH counted AS (
    DELETE FROM rate_limits
    WHERE key = (%(id)s::uuid)::text
)

DELETE FROM users
WHERE id = %(id)s::uuid
