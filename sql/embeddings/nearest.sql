-- The set of a model's vectors if it is ready, with its passages whose vectors are nearest to a question's, nearest
-- first: compares every vector of the set. A set with an index has none here, because nearest_by_values.sql or
-- nearest_by_signs.sql finds them. They are an array's text, which the search for passages takes as it is.
WITH chosen AS (
    SELECT
        s.id,
        s.index_kind
    FROM embedding_sets AS s
    WHERE
        s.provider = %(provider)s
        AND s.model = %(model)s
        AND s.dimensions = %(dimensions)s
        AND s.state = 'ready'
),

nearest AS (
    SELECT
        e.chunk_id,
        e.embedding <#> %(embedding)s::halfvec AS distance
    FROM chosen AS c
    INNER JOIN embeddings AS e ON c.id = e.set_id
    WHERE c.index_kind IS NULL
    ORDER BY distance ASC, e.chunk_id ASC
    LIMIT 100
)

SELECT
    c.id,
    c.index_kind,
    (
        SELECT coalesce(array_agg(n.chunk_id ORDER BY n.distance ASC, n.chunk_id ASC), '{}')::text
        FROM nearest AS n
    ) AS nearest
FROM chosen AS c
