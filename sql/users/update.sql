-- What an administrator decides of a user; a role that was given so is not the provider's to change any more.
UPDATE users
SET
    role = %(role)s,
    status = %(status)s,
    role_assigned = role_assigned OR %(role_assigned)s
WHERE id = %(id)s
