-- Passages without a vector in a set, for example in the set of a new model.
SELECT
    c.id,
    c.content
FROM chunks AS c
WHERE NOT EXISTS (
    SELECT
    FROM embeddings AS e
    WHERE
        e.set_id = %(set_id)s
        AND e.chunk_id = c.id
)
ORDER BY c.id ASC
LIMIT %(limit)s
