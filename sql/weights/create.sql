-- What a passage earns in BM25 by each of its stems (k1 = 1.2, b = 0.75), but for how rare the stem is: that is in the
-- question's vector. For the passages of one book, or for all when the average length has moved.
WITH words AS (
    SELECT
        c.id AS chunk_id,
        s.dimension,
        cardinality(word.positions)::double precision AS times,
        sum(cardinality(word.positions)) OVER (PARTITION BY c.id) AS length
    FROM chunks AS c
    CROSS JOIN LATERAL unnest(c.lexical) AS word
    INNER JOIN stems AS s ON word.lexeme = s.stem
    WHERE %(book_id)s::uuid IS NULL OR c.book_id = %(book_id)s::uuid
),

earned AS (
    SELECT
        w.chunk_id,
        w.length,
        w.dimension,
        w.times * 2.2 / (w.times + 1.2 * (0.25 + 0.75 * w.length / p.average_length)) AS weight
    FROM words AS w
    CROSS JOIN corpora AS p
)

INSERT INTO chunk_weights (chunk_id, length, weights)
SELECT
    e.chunk_id,
    e.length,
    (
        '{' || string_agg(e.dimension || ':' || e.weight::real, ',' ORDER BY e.dimension) || '}/1000000000'
    )::sparsevec
FROM earned AS e
GROUP BY e.chunk_id, e.length
ON CONFLICT (chunk_id) DO UPDATE
    SET
        length = excluded.length,
        weights = excluded.weights
