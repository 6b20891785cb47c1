-- Creates an empty set for the vectors of a model.
INSERT INTO embedding_sets (id, provider, model, dimensions, state, created_at)
VALUES (%(id)s, %(provider)s, %(model)s, %(dimensions)s, 'loading', %(now)s)
RETURNING
    id,
    dimensions,
    state,
    index_kind
