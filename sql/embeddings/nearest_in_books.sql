-- The passages of some books whose vectors are nearest to a question's, nearest first: compares every vector of them.
-- An index would not do: it finds the nearest passages of all books, and the filter would leave only a few of them.
WITH nearest AS (
    SELECT
        e.chunk_id,
        e.embedding <#> %(embedding)s::halfvec AS distance
    FROM chunks AS c
    INNER JOIN embeddings AS e ON c.id = e.chunk_id
    WHERE
        c.book_id = any(%(book_ids)s::uuid[])
        AND e.set_id = %(set_id)s
    ORDER BY distance ASC, e.chunk_id ASC
    LIMIT 100
)

SELECT coalesce(array_agg(n.chunk_id ORDER BY n.distance ASC, n.chunk_id ASC), '{}')::text AS nearest
FROM nearest AS n
