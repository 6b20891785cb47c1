-- The first passage of each chapter of a book, in the author's order. Their scores are neutral, because there is no
-- question that they match.
WITH openings AS (
    SELECT DISTINCT ON (c.chapter_id)
        c.id,
        c.position
    FROM chunks AS c
    INNER JOIN chapters AS h ON c.chapter_id = h.id
    WHERE
        c.book_id = %(book_id)s
        AND h.title <> ''
    ORDER BY c.chapter_id ASC, c.position ASC
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
    1::double precision AS score,
    NULL::double precision AS similarity,
    NULL::integer[] AS best_window,
    '{}'::text[] AS found_stems,
    '{}'::jsonb AS weights,
    1 AS corpus_passages
FROM openings AS o
INNER JOIN chunks AS c ON o.id = c.id
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
ORDER BY c.position ASC
LIMIT %(limit)s
