-- Sets a role and a status. A sign-in keeps a role that was assigned here while the organization stays the same.
UPDATE users
SET
    role = %(role)s,
    status = %(status)s,
    role_assigned = role_assigned OR %(role_assigned)s
WHERE id = %(id)s
