-- Locks the active administrators of an organization, or without one those of the platform, always in one order.
-- Whoever changes a role or a status locks them first, so that each change sees what the one before it left.
SELECT u.id
FROM users AS u
WHERE
    u.organization_id IS NOT DISTINCT FROM %(organization_id)s::uuid
    AND u.role = 'admin'
    AND u.status = 'active'
ORDER BY u.id ASC
FOR UPDATE
