-- The set of a model's vectors if it is ready, with its passages whose vectors are nearest to a question's, nearest
-- first: compares every vector of the set. A set with an index has none here, because nearest_256.sql and its like find
-- them. They are an array's text, which the search for passages takes as it is.
SELECT
    s.id,
    s.dimensions,
    s.indexed,
    array(
        SELECT e.chunk_id
        FROM embeddings AS e
        WHERE
            NOT s.indexed
            AND e.set_id = s.id
        ORDER BY e.embedding <#> %(embedding)s::halfvec ASC, e.chunk_id ASC
        LIMIT 100
    )::text AS nearest
FROM embedding_sets AS s
WHERE
    s.provider = %(provider)s
    AND s.model = %(model)s
    AND s.dimensions = %(dimensions)s
    AND s.state = 'ready'
