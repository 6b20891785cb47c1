-- All books of the corpus by title, each with its chapters in order.
WITH outlines AS (
    SELECT
        c.book_id,
        jsonb_agg(jsonb_build_object('number', c.number, 'title', c.title) ORDER BY c.position) AS chapters
    FROM chapters AS c
    WHERE c.title <> ''
    GROUP BY c.book_id
)

SELECT
    b.id,
    b.title,
    b.authors,
    b.year,
    b.edition,
    b.product_url,
    coalesce(o.chapters, '[]'::jsonb) AS chapters
FROM books AS b
LEFT JOIN outlines AS o ON b.id = o.book_id
ORDER BY b.title ASC, b.id ASC
