-- Marks a set as ready to be searched: every passage has its vector in the set.
UPDATE embedding_sets
SET state = 'ready'
WHERE id = %(id)s
