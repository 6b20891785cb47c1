-- Sets the name that the provider sends now.
UPDATE organizations
SET name = %(name)s
WHERE id = %(id)s
