-- Books by title, all or some of them, each with the chapters and the pages that a question may name.
WITH outlines AS (
    SELECT
        h.book_id,
        jsonb_agg(jsonb_build_object('id', h.id, 'number', h.number, 'title', h.title) ORDER BY h.position) AS chapters
    FROM chapters AS h
    WHERE h.title <> ''
    GROUP BY h.book_id
),

paginations AS (
    SELECT
        k.book_id,
        min(k.first_page) AS first_page,
        max(k.last_page) AS last_page
    FROM chunks AS k
    WHERE
        k.first_page IS NOT NULL
        AND (%(book_ids)s::uuid[] IS NULL OR k.book_id = any(%(book_ids)s::uuid[]))
    GROUP BY k.book_id
)

SELECT
    b.id,
    b.title,
    b.authors,
    b.year,
    b.edition,
    coalesce(o.chapters, '[]'::jsonb) AS chapters,
    p.first_page,
    p.last_page
FROM books AS b
LEFT JOIN outlines AS o ON b.id = o.book_id
LEFT JOIN paginations AS p ON b.id = p.book_id
WHERE %(book_ids)s::uuid[] IS NULL OR b.id = any(%(book_ids)s::uuid[])
ORDER BY b.title ASC, b.id ASC
