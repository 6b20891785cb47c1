-- The passages of a chapter, or of some pages of a book, in the author's order. Of a long part the passages are spread
-- evenly. They match no question, so their scores are neutral.
WITH part AS (
    SELECT
        c.id,
        row_number() OVER (ORDER BY c.position) - 1 AS place,
        count(*) OVER () AS passages
    FROM chunks AS c
    WHERE
        c.book_id = %(book_id)s
        AND (%(chapter_id)s::uuid IS NULL OR c.chapter_id = %(chapter_id)s::uuid)
        AND (%(first_page)s::integer IS NULL OR c.last_page >= %(first_page)s::integer)
        AND (%(last_page)s::integer IS NULL OR c.first_page <= %(last_page)s::integer)
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
FROM part AS p
INNER JOIN chunks AS c ON p.id = c.id
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
WHERE
    p.place = 0
    OR p.place * %(limit)s::integer / p.passages > (p.place - 1) * %(limit)s::integer / p.passages
ORDER BY c.position ASC
