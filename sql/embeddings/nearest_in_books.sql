-- The passages of some books whose vectors are nearest to a question's, nearest first: compares every vector of them.
-- An index would not do: it finds the nearest passages of all books, and the filter would leave only a few of them.
SELECT
    array(
        SELECT e.chunk_id
        FROM chunks AS c
        INNER JOIN embeddings AS e ON c.id = e.chunk_id
        WHERE
            c.book_id = any(%(book_ids)s::uuid[])
            AND e.set_id = %(set_id)s
        ORDER BY e.embedding <#> %(embedding)s::halfvec ASC, e.chunk_id ASC
        LIMIT 100
    )::text AS nearest
