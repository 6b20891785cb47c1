-- The books of the corpus by title, or one of them, each with its chapters, the size of its text, and the number of its
-- passages that some answer cites. For operators: it counts the citations of all users.
WITH outlines AS (
    SELECT
        h.book_id,
        jsonb_agg(jsonb_build_object('number', h.number, 'title', h.title) ORDER BY h.position) AS chapters
    FROM chapters AS h
    WHERE h.title <> ''
    GROUP BY h.book_id
),

sizes AS (
    SELECT
        k.book_id,
        count(*) AS passages,
        sum(k.tokens) AS tokens
    FROM chunks AS k
    WHERE %(id)s::uuid IS NULL OR k.book_id = %(id)s::uuid
    GROUP BY k.book_id
),

cited AS (
    SELECT
        k.book_id,
        count(DISTINCT c.chunk_id) AS passages
    FROM citations AS c
    INNER JOIN chunks AS k ON c.chunk_id = k.id
    WHERE %(id)s::uuid IS NULL OR k.book_id = %(id)s::uuid
    GROUP BY k.book_id
)

SELECT
    b.id,
    b.title,
    b.authors,
    b.year,
    b.edition,
    coalesce(o.chapters, '[]'::jsonb) AS chapters,
    coalesce(s.passages, 0) AS passages,
    coalesce(s.tokens, 0) AS tokens,
    b.loaded_at,
    coalesce(c.passages, 0) AS cited
FROM books AS b
LEFT JOIN outlines AS o ON b.id = o.book_id
LEFT JOIN sizes AS s ON b.id = s.book_id
LEFT JOIN cited AS c ON b.id = c.book_id
WHERE %(id)s::uuid IS NULL OR b.id = %(id)s::uuid
ORDER BY b.title ASC, b.id ASC
