-- All sets with the number of their vectors, beside the number of passages that should have one.
WITH vectors AS (
    SELECT
        e.set_id,
        count(*) AS filled
    FROM embeddings AS e
    GROUP BY e.set_id
),

passages AS (
    SELECT count(*) AS loaded
    FROM chunks
)

SELECT
    s.provider,
    s.model,
    s.state,
    coalesce(v.filled, 0) AS vectors,
    p.loaded AS passages
FROM embedding_sets AS s
CROSS JOIN passages AS p
LEFT JOIN vectors AS v ON s.id = v.set_id
ORDER BY s.created_at, s.id
