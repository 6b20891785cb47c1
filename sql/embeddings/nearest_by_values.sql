-- The passages of a set whose vectors are nearest to a question's, nearest first, by an index over vectors of 256
-- numbers.
WITH nearest AS (
    SELECT
        e.chunk_id,
        e.embedding::halfvec(256) <#> %(embedding)s::halfvec AS distance
    FROM embeddings AS e
    WHERE e.set_id = %(set_id)s
    ORDER BY distance ASC
    LIMIT 100
)

-- An iterative index scan returns some rows out of order. The planner takes them as sorted: adding zero forces a sort.
SELECT coalesce(array_agg(n.chunk_id ORDER BY n.distance + 0 ASC, n.chunk_id ASC), '{}')::text AS nearest
FROM nearest AS n
