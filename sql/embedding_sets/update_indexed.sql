-- From here on a set is searched through its index.
UPDATE embedding_sets
SET indexed = true
WHERE id = %(id)s
