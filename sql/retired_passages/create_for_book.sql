-- Keeps the passages that are about to leave a book: all but those whose text is in the new text too.
INSERT INTO retired_passages (
    chunk_id, book_id, book_identity, book_title, authors, year, edition, product_url, chapter, chapter_title,
    first_page, last_page, content, content_hash, retired_at
)
SELECT
    c.id,
    b.id,
    b.identity,
    b.title,
    b.authors,
    b.year,
    b.edition,
    b.product_url,
    h.number,
    h.title,
    c.first_page,
    c.last_page,
    c.content,
    c.content_hash,
    %(now)s
FROM chunks AS c
INNER JOIN chapters AS h ON c.chapter_id = h.id
INNER JOIN books AS b ON c.book_id = b.id
WHERE
    c.book_id = %(book_id)s
    AND c.id <> all(%(remaining_ids)s::uuid[])
