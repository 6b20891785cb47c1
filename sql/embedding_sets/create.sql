-- Begins a set for a model's vectors.
INSERT INTO embedding_sets (id, provider, model, dimensions, state, created_at)
VALUES (%(id)s, %(provider)s, %(model)s, %(dimensions)s, 'loading', %(now)s)
RETURNING
    id,
    dimensions,
    state,
    indexed
