-- Sets a name that its user chose, which no later sign-in replaces.
UPDATE users
SET
    name = %(name)s,
    name_chosen = TRUE
WHERE id = %(id)s
