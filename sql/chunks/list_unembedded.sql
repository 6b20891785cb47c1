-- Passages that a set of embeddings lacks, when a new model's are loaded beside the old one's.
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
