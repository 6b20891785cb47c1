-- The passages of a set whose vectors are nearest to a question's, nearest first, by an index over the signs of their
-- numbers. It finds the 200 passages that differ in the fewest signs, and their vectors tell the nearest of them. The
-- signs of a vector of fewer than 4,096 numbers are followed by zeros: so one index fits every length.
WITH alike AS MATERIALIZED (
    SELECT
        e.chunk_id,
        e.embedding
    FROM embeddings AS e
    WHERE e.set_id = %(set_id)s
    ORDER BY
        binary_quantize(e.embedding)::bit(4096) <~> binary_quantize(%(embedding)s::halfvec)::bit(4096) ASC -- noqa: PRS
    LIMIT 200
),

nearest AS (
    SELECT
        a.chunk_id,
        a.embedding <#> %(embedding)s::halfvec AS distance
    FROM alike AS a
    ORDER BY distance ASC, a.chunk_id ASC
    LIMIT 100
)

SELECT coalesce(array_agg(n.chunk_id ORDER BY n.distance ASC, n.chunk_id ASC), '{}')::text AS nearest
FROM nearest AS n
