-- Locks the active administrators of an organization, or those without an organization, always in the same order.
-- Every change of a role or a status takes these locks first, so it sees the result of the change before it.
SELECT u.id
FROM users AS u
WHERE
    u.organization_id IS NOT DISTINCT FROM %(organization_id)s::uuid
    AND u.role = 'admin'
    AND u.status = 'active'
ORDER BY u.id ASC
FOR UPDATE
