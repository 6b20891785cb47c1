-- Records the index of a set: searches use it from now on. A version before 0.3 reads only `indexed`.
UPDATE embedding_sets
SET
    index_kind = %(index_kind)s,
    indexed = %(index_kind)s = 'values'
WHERE id = %(id)s
