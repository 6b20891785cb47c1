-- A name that its person chose, which no later sign-in overwrites.
UPDATE users
SET
    name = %(name)s,
    name_chosen = TRUE
WHERE id = %(id)s
