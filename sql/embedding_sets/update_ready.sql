-- From here on a set is searched: every passage has its vector in it.
UPDATE embedding_sets
SET state = 'ready'
WHERE id = %(id)s
