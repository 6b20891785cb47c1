-- Marks a set as indexed: searches use its index from now on.
UPDATE embedding_sets
SET indexed = true
WHERE id = %(id)s
