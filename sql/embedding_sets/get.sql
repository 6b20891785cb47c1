-- The set of a model's vectors, if it exists.
SELECT
    s.id,
    s.dimensions,
    s.state,
    s.index_kind
FROM embedding_sets AS s
WHERE
    s.provider = %(provider)s
    AND s.model = %(model)s
    AND s.dimensions = %(dimensions)s
