-- The stems of a passage, by which a search selects it, and their BM25 weights (k1 = 1.2, b = 0.75) without the inverse
-- document frequency, which is part of the question's vector. For the passages of one book, or for all passages after
-- the average length has changed.
WITH words AS (
    SELECT
        c.id AS chunk_id,
        s.stem,
        s.dimension,
        own.frequency::double precision AS frequency,
        sum(own.frequency) OVER (PARTITION BY c.id) AS length
    FROM chunks AS c
    CROSS JOIN LATERAL stems_of(c.lexical) AS own
    INNER JOIN stems AS s ON own.stem = s.stem
    WHERE %(book_id)s::uuid IS NULL OR c.book_id = %(book_id)s::uuid
),

weighted AS (
    SELECT
        w.chunk_id,
        w.length,
        w.stem,
        w.dimension,
        w.frequency * 2.2 / (w.frequency + 1.2 * (0.25 + 0.75 * w.length / p.average_length)) AS weight
    FROM words AS w
    CROSS JOIN corpora AS p
)

INSERT INTO chunk_weights (chunk_id, length, weights, lexical)
SELECT
    w.chunk_id,
    w.length,
    (
        '{' || string_agg(w.dimension || ':' || w.weight::real, ',' ORDER BY w.dimension) || '}/1000000000'
    )::sparsevec,
    array_to_tsvector(array_agg(w.stem))
FROM weighted AS w
GROUP BY w.chunk_id, w.length
ON CONFLICT (chunk_id) DO UPDATE
    SET
        length = excluded.length,
        weights = excluded.weights,
        lexical = excluded.lexical
