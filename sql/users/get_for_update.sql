-- Locks a user that an administrator may change, until the end of the transaction.
SELECT
    u.id,
    u.organization_id,
    u.role,
    u.status
FROM users AS u
WHERE
    u.id = %(id)s
    AND (%(scope)s::uuid IS NULL OR u.organization_id = %(scope)s::uuid)
FOR UPDATE
