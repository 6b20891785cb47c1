-- The passages that match a question best by its words and by its meaning, best first.
--
-- Words: BM25 is the inner product of a passage's weights and the inverse document frequencies of the question's stems.
-- Only the question's rarest stems select the passages to score: as many stems as select 5,000 passages together. In a
-- corpus of a few thousand passages those are all stems. A stem that no passage contains has the highest weight.
-- Meaning: the caller passes the ids of the nearest passages (embeddings/nearest.sql). Without a set of embeddings the
-- array is empty, and only words count. A passage is as similar to the question as its best window, or as its own
-- vector if it has no windows.
-- Books: with `book_ids`, only passages of these books are ranked. All stems of the question select them, because the
-- rarest stems of the corpus may be in no passage of so few books.
-- The best passages by words and the nearest ones are the candidates. Each candidate has both scores, scaled so that
-- the worst candidate has 0 and the best 1. Their weighted sum is the rank. A domain of the question raises a passage's
-- score and excludes no other passage. The best passages are then selected while their tokens fit. A passage is left
-- out if it overlaps a selected passage of the same book by more than half of the shorter page range, because both come
-- from the same place. Neighbours share only the page where the first ends and the second begins. A passage with the
-- text of a selected one is left out, too: two editions have passages in common, and some files have a text twice.
WITH RECURSIVE corpus AS (
    SELECT p.chunks::double precision AS chunks
    FROM corpora AS p
    WHERE p.id = 1
),

question_stems AS (
    SELECT
        word.stem,
        s.dimension,
        s.chunks,
        ln(1 + (corpus.chunks - coalesce(s.chunks, 0) + 0.5) / (coalesce(s.chunks, 0) + 0.5)) AS weight,
        sum(s.chunks) OVER (ORDER BY s.chunks ASC, word.stem ASC) AS selected_chunks,
        row_number() OVER (ORDER BY s.chunks ASC, word.stem ASC) AS rarity_rank,
        ('''' || replace(replace(word.stem, '\', '\\'), '''', '''''') || '''')::tsquery AS query
    FROM stems_of(to_tsvector('english', %(question)s::text)) AS word
    CROSS JOIN corpus
    -- The limit keeps the planner from reading all stems of a small corpus instead of these few.
    LEFT JOIN LATERAL ( -- noqa: ST05
        SELECT
            t.dimension,
            t.chunks
        FROM stems AS t
        WHERE
            t.stem = word.stem
            AND t.chunks > 0
        ORDER BY t.stem
        LIMIT 1
    ) AS s ON TRUE
),

question_weights AS MATERIALIZED (
    SELECT jsonb_object_agg(q.stem, q.weight) AS weights
    FROM question_stems AS q
    HAVING count(*) > 0
),

lexical_query AS (
    SELECT
        (
            '{' || string_agg(q.dimension || ':' || q.weight::real, ',' ORDER BY q.dimension) || '}/1000000000'
        )::sparsevec AS weights,
        (
            string_agg(
                '''' || replace(replace(q.stem, '\', '\\'), '''', '''''') || '''', ' | '
            ) FILTER (WHERE q.rarity_rank = 1 OR q.selected_chunks <= 5000 OR %(book_ids)s::uuid[] IS NOT NULL)
        )::tsquery AS query
    FROM question_stems AS q
    WHERE q.dimension IS NOT NULL
    HAVING count(*) > 0
),

lexical AS (
    SELECT
        w.chunk_id,
        w.weights <#> lexical_query.weights AS distance
    FROM lexical_query
    INNER JOIN chunk_weights AS w ON w.lexical @@ lexical_query.query
    WHERE
        %(lexical_weight)s::double precision > 0
        AND (
            %(book_ids)s::uuid[] IS NULL
            OR EXISTS (
                SELECT
                FROM chunks AS c
                WHERE
                    c.id = w.chunk_id
                    AND c.book_id = any(%(book_ids)s::uuid[])
            )
        )
    ORDER BY distance ASC, w.chunk_id ASC
    LIMIT 100
),

matched AS (
    SELECT l.chunk_id
    FROM lexical AS l
    UNION
    SELECT n.chunk_id
    FROM unnest(%(nearest)s::text::uuid[]) AS n (chunk_id)
    WHERE %(vector_weight)s::double precision > 0
),

scored AS (
    SELECT
        m.chunk_id,
        coalesce(-(w.weights <#> lexical_query.weights), 0) AS words,
        coalesce(
            (
                SELECT max(-(v.embedding <#> %(embedding)s::halfvec))
                FROM chunk_windows AS v
                WHERE
                    v.chunk_id = m.chunk_id
                    AND v.set_id = %(set_id)s::uuid
            ),
            -(e.embedding <#> %(embedding)s::halfvec)
        ) AS similarity
    FROM matched AS m
    LEFT JOIN chunk_weights AS w ON m.chunk_id = w.chunk_id
    LEFT JOIN lexical_query ON TRUE
    LEFT JOIN embeddings AS e
        ON
            e.set_id = %(set_id)s::uuid
            AND m.chunk_id = e.chunk_id
),

ranges AS (
    SELECT
        min(s.words) AS least_words,
        nullif(max(s.words) - min(s.words), 0) AS words,
        min(s.similarity) AS least_similarity,
        nullif(max(s.similarity) - min(s.similarity), 0) AS similarity
    FROM scored AS s
),

fused AS (
    SELECT
        s.chunk_id,
        s.similarity,
        %(lexical_weight)s::double precision * coalesce((s.words - r.least_words) / r.words, 0)
        + %(vector_weight)s::double precision * coalesce((s.similarity - r.least_similarity) / r.similarity, 0) AS score
    FROM scored AS s
    CROSS JOIN ranges AS r
),

candidates AS (
    SELECT
        c.id,
        c.chapter_id,
        CASE WHEN c.first_page IS NOT NULL THEN int4range(c.first_page, c.last_page, '[]') END AS pages,
        c.tokens,
        c.content_hash,
        f.similarity,
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

ordered AS (
    SELECT
        c.id,
        c.chapter_id,
        c.pages,
        c.tokens,
        c.content_hash,
        c.similarity,
        c.score,
        row_number() OVER (ORDER BY c.score DESC, c.id ASC) AS place
    FROM candidates AS c
),

-- One row for each candidate that was considered, with the ids and tokens that are selected so far.
selection AS (
    SELECT
        0::bigint AS place,
        '{}'::uuid[] AS ids,
        0 AS tokens
    UNION ALL
    SELECT
        o.place,
        CASE WHEN candidate.fits THEN s.ids || o.id ELSE s.ids END AS ids,
        CASE WHEN candidate.fits THEN s.tokens + o.tokens ELSE s.tokens END AS tokens
    FROM selection AS s
    INNER JOIN ordered AS o ON o.place = s.place + 1
    CROSS JOIN LATERAL ( -- noqa: ST05
        SELECT
            s.tokens + o.tokens <= %(token_limit)s::integer
            AND NOT EXISTS (
                SELECT
                FROM ordered AS other
                WHERE
                    other.id = any(s.ids)
                    AND (
                        other.content_hash = o.content_hash
                        OR (
                            other.chapter_id = o.chapter_id
                            AND 2 * (upper(other.pages * o.pages) - lower(other.pages * o.pages))
                            > least(upper(other.pages) - lower(other.pages), upper(o.pages) - lower(o.pages))
                        )
                    )
            ) AS fits
    ) AS candidate
    WHERE cardinality(s.ids) < %(limit)s::integer
),

selected AS (
    SELECT s.ids
    FROM selection AS s
    ORDER BY s.place DESC
    LIMIT 1
),

best AS (
    SELECT
        o.id,
        o.similarity,
        o.score,
        o.place
    FROM selected
    INNER JOIN ordered AS o ON o.id = any(selected.ids)
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
    c.page_offsets,
    c.page_numbers,
    c.primary_domain,
    c.secondary_domains,
    c.tokens,
    c.content,
    best.score,
    best.similarity,
    (
        SELECT ARRAY[v.start_offset, v.end_offset]
        FROM chunk_windows AS v
        WHERE
            v.chunk_id = best.id
            AND v.set_id = %(set_id)s::uuid
        ORDER BY v.embedding <#> %(embedding)s::halfvec ASC, v.start_offset ASC
        LIMIT 1
    ) AS best_window,
    coalesce(covered.stems, '{}') AS found_stems,
    coalesce(question_weights.weights, '{}'::jsonb) AS weights,
    corpus.chunks::integer AS corpus_passages
FROM best
CROSS JOIN corpus
INNER JOIN chunks AS c ON best.id = c.id
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
LEFT JOIN chunk_weights AS w ON best.id = w.chunk_id
LEFT JOIN question_weights ON TRUE
LEFT JOIN LATERAL ( -- noqa: ST05
    SELECT array_agg(q.stem) AS stems
    -- The limit keeps the planner from reading the row's stems again for each stem of the question.
    FROM (SELECT coalesce(w.lexical, strip(c.lexical)) AS stems LIMIT 1) AS own -- noqa: AM09
    INNER JOIN question_stems AS q ON own.stems @@ q.query
) AS covered ON TRUE
ORDER BY best.place ASC
