-- Updates a user from the profile of a sign-in. A chosen name stays. An assigned role stays while the organization is
-- the same. On Citus this locks `users` on every node, so a sign-in that changes nothing does not run it.
UPDATE users AS u
SET
    organization_id = %(organization_id)s,
    email = %(email)s,
    name = CASE WHEN u.name_chosen THEN u.name ELSE %(name)s END,
    role = CASE
        WHEN u.role_assigned AND u.organization_id IS NOT DISTINCT FROM %(organization_id)s::uuid THEN u.role
        ELSE %(role)s
    END,
    role_assigned = u.role_assigned AND u.organization_id IS NOT DISTINCT FROM %(organization_id)s::uuid
WHERE u.id = %(id)s
RETURNING id, organization_id, role, status
