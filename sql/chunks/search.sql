-- The passages nearest to a question by its words and by its meaning, best first.
--
-- Words: BM25, as the inner product of the passages' weights and the question's inverse document frequencies. Of all
-- stems only the rarest choose which passages are weighed, as many stems as bring in no more than a bounded number of
-- passages; in a corpus of a few thousand those are all of them. A stem that no passage has weighs most of all.
-- Meaning: the inner product of two vectors of length one, exact. Without a set or a vector only words count.
-- Both are fused by weighted reciprocal rank; a domain of the question raises a passage and shuts none out. Then the
-- best are taken while there is room for their tokens, but for those that stand, by more than half of the shorter, on
-- pages of their book that are taken already. Neighbours share a page, and say different things.
WITH RECURSIVE asked_vector AS (
    -- As a subquery its text is read once; a plan for any values would read it again for every row.
    SELECT %(embedding)s::text::halfvec AS embedding
),

corpus AS (
    SELECT p.chunks::double precision AS chunks
    FROM corpora AS p
    WHERE p.id = 1
),

weighted AS (
    SELECT
        word.lexeme AS stem,
        s.dimension,
        s.chunks,
        ln(1 + (corpus.chunks - coalesce(s.chunks, 0) + 0.5) / (coalesce(s.chunks, 0) + 0.5)) AS weight,
        sum(s.chunks) OVER (ORDER BY s.chunks ASC, word.lexeme ASC) AS brought_in,
        row_number() OVER (ORDER BY s.chunks ASC, word.lexeme ASC) AS rarity
    FROM unnest(to_tsvector('english', %(question)s::text)) AS word
    CROSS JOIN corpus
    LEFT JOIN stems AS s
        ON
            word.lexeme = s.stem
            AND s.chunks > 0
),

whole AS MATERIALIZED (
    SELECT
        sum(w.weight) AS weight,
        jsonb_object_agg(w.stem, w.weight) AS weights
    FROM weighted AS w
    HAVING count(*) > 0
),

asked AS (
    SELECT
        (
            '{' || string_agg(w.dimension || ':' || w.weight::real, ',' ORDER BY w.dimension) || '}/1000000000'
        )::sparsevec AS weights,
        (
            string_agg(
                '''' || replace(replace(w.stem, '\', '\\'), '''', '''''') || '''', ' | '
            ) FILTER (WHERE w.rarity = 1 OR w.brought_in <= 5000)
        )::tsquery AS query
    FROM weighted AS w
    WHERE w.dimension IS NOT NULL
    HAVING count(*) > 0
),

worded AS (
    SELECT
        w.chunk_id,
        w.weights <#> asked.weights AS distance
    FROM asked
    INNER JOIN chunks AS c ON c.lexical @@ asked.query
    INNER JOIN chunk_weights AS w ON c.id = w.chunk_id
    ORDER BY distance ASC, w.chunk_id ASC
    LIMIT 200
),

meant AS (
    SELECT
        e.chunk_id,
        e.embedding <#> (SELECT a.embedding FROM asked_vector AS a) AS distance
    FROM embeddings AS e
    WHERE e.set_id = %(set_id)s::uuid
    ORDER BY distance ASC
    LIMIT 100
),

ranked AS (
    SELECT
        w.chunk_id,
        %(lexical_weight)s::double precision / (10 + row_number() OVER (ORDER BY w.distance, w.chunk_id)) AS score
    FROM worded AS w
    UNION ALL
    SELECT
        m.chunk_id,
        %(vector_weight)s::double precision / (10 + row_number() OVER (ORDER BY m.distance, m.chunk_id)) AS score
    FROM meant AS m
),

fused AS (
    SELECT
        r.chunk_id,
        sum(r.score) AS score
    FROM ranked AS r
    GROUP BY r.chunk_id
    HAVING sum(r.score) > 0
),

candidates AS (
    SELECT
        c.id,
        c.book_id,
        CASE WHEN c.first_page IS NOT NULL THEN int4range(c.first_page, c.last_page, '[]') END AS pages,
        c.tokens,
        f.score * (
            1 + %(domain_boost)s::double precision * CASE
                WHEN c.primary_domain = any(%(domains)s::text[]) THEN 1
                WHEN c.secondary_domains && %(domains)s::text[] THEN 0.5
                ELSE 0
            END
        ) AS score
    FROM fused AS f
    INNER JOIN chunks AS c ON f.chunk_id = c.id
),

placed AS (
    SELECT
        c.id,
        c.book_id,
        c.pages,
        c.tokens,
        c.score,
        row_number() OVER (ORDER BY c.score DESC, c.id ASC) AS place
    FROM candidates AS c
),

taken AS (
    SELECT
        0::bigint AS place,
        '{}'::uuid[] AS ids,
        0 AS tokens
    UNION ALL
    SELECT
        p.place,
        CASE WHEN fits.it THEN t.ids || p.id ELSE t.ids END AS ids,
        CASE WHEN fits.it THEN t.tokens + p.tokens ELSE t.tokens END AS tokens
    FROM taken AS t
    INNER JOIN placed AS p ON p.place = t.place + 1
    CROSS JOIN LATERAL ( -- noqa: ST05
        SELECT
            t.tokens + p.tokens <= %(token_limit)s::integer
            AND NOT EXISTS (
                SELECT
                FROM placed AS k
                WHERE
                    k.id = any(t.ids)
                    AND k.book_id = p.book_id
                    AND 2 * (upper(k.pages * p.pages) - lower(k.pages * p.pages))
                    > least(upper(k.pages) - lower(k.pages), upper(p.pages) - lower(p.pages))
            ) AS it
    ) AS fits
    WHERE cardinality(t.ids) < %(limit)s::integer
),

finished AS (
    SELECT t.ids
    FROM taken AS t
    ORDER BY t.place DESC
    LIMIT 1
),

best AS (
    SELECT
        p.id,
        p.score,
        p.place
    FROM finished
    INNER JOIN placed AS p ON p.id = any(finished.ids)
)

SELECT
    c.id AS chunk_id,
    b.title AS book_title,
    b.authors,
    b.product_url,
    h.number AS chapter,
    h.title AS chapter_title,
    c.first_page,
    c.last_page,
    c.primary_domain,
    c.secondary_domains,
    c.tokens,
    c.content,
    best.score,
    -(e.embedding <#> (SELECT a.embedding FROM asked_vector AS a)) AS similarity,
    coalesce(covered.weight / whole.weight, 0) AS coverage,
    coalesce(whole.weights, '{}'::jsonb) AS weights
FROM best
INNER JOIN chunks AS c ON best.id = c.id
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
LEFT JOIN embeddings AS e
    ON
        e.set_id = %(set_id)s::uuid
        AND c.id = e.chunk_id
LEFT JOIN whole ON TRUE
LEFT JOIN LATERAL (
    SELECT sum(w.weight) AS weight
    FROM weighted AS w
    WHERE w.stem = any(tsvector_to_array(c.lexical))
) AS covered ON TRUE
ORDER BY best.place ASC
