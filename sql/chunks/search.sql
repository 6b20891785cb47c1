-- The passages that hold most of a question's weight, best first.
-- A word weighs more the fewer passages have it; one that no passage has weighs most of all, so that
-- a question about something else is covered poorly even where its common words are found.
WITH terms AS (
    SELECT
        word.lexeme,
        plainto_tsquery('simple', word.lexeme) AS query
    FROM unnest(to_tsvector('english', %(question)s::text)) AS word
),

corpus AS (
    SELECT count(*)::double precision AS size
    FROM chunks
),

weighted AS (
    SELECT
        t.lexeme,
        t.query,
        ln(1 + (corpus.size - found.passages + 0.5) / (found.passages + 0.5)) AS weight
    FROM terms AS t
    CROSS JOIN corpus
    CROSS JOIN LATERAL (
        SELECT count(*)::double precision AS passages
        FROM chunks AS c
        WHERE c.lexical @@ t.query
    ) AS found
),

whole AS (
    SELECT
        sum(w.weight) AS weight,
        jsonb_object_agg(w.lexeme, w.weight) AS weights
    FROM weighted AS w
),

best AS (
    SELECT
        c.id,
        sum(w.weight) AS covered,
        sum(w.weight * ts_rank_cd(c.lexical, w.query, 1)) AS density
    FROM weighted AS w
    INNER JOIN chunks AS c ON w.query @@ c.lexical
    GROUP BY c.id
    ORDER BY covered DESC, density DESC, c.id ASC
    LIMIT %(limit)s
)

SELECT
    c.id AS chunk_id,
    b.title AS book_title,
    b.authors,
    b.product_url,
    c.chapter,
    c.chapter_title,
    c.first_page,
    c.last_page,
    c.content,
    best.covered / whole.weight AS coverage,
    whole.weights
FROM best
INNER JOIN chunks AS c ON best.id = c.id
INNER JOIN books AS b ON c.book_id = b.id
CROSS JOIN whole
ORDER BY best.covered DESC, best.density DESC, c.id ASC
