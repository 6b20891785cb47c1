-- A passage of the corpus, or one that has left its book. One statement reads both tables, so a passage that moves from
-- one to the other right now is in one of them.
SELECT
    c.id AS chunk_id,
    b.id AS book_id,
    b.title AS book_title,
    b.authors,
    b.year,
    b.edition,
    b.product_url,
    h.number AS chapter,
    h.title AS chapter_title,
    c.first_page,
    c.last_page,
    c.content,
    FALSE AS superseded
FROM chunks AS c
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
WHERE c.id = %(chunk_id)s
UNION ALL
SELECT
    r.chunk_id,
    r.book_id,
    r.book_title,
    r.authors,
    r.year,
    r.edition,
    r.product_url,
    r.chapter,
    r.chapter_title,
    r.first_page,
    r.last_page,
    r.content,
    TRUE AS superseded
FROM retired_passages AS r
WHERE r.chunk_id = %(chunk_id)s
