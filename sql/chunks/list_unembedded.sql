-- Passages without a vector in a set, for example in the set of a new model. Each batch begins after the last id of the
-- batch before, so that the passages that were given a vector are not read again.
SELECT
    c.id,
    c.content
FROM chunks AS c
WHERE
    c.id > %(after)s
    AND NOT EXISTS (
        SELECT
        FROM embeddings AS e
        WHERE
            e.set_id = %(set_id)s
            AND e.chunk_id = c.id
    )
ORDER BY c.id ASC
LIMIT %(limit)s
