-- Sets the role and the status that an administrator decided. The provider never replaces an assigned role.
UPDATE users
SET
    role = %(role)s,
    status = %(status)s,
    role_assigned = role_assigned OR %(role_assigned)s
WHERE id = %(id)s
