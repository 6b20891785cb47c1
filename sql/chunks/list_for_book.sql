-- A book's passages as they are, so that those whose text stays keep their ids, and citations of them hold.
SELECT
    c.id,
    c.content_hash
FROM chunks AS c
WHERE c.book_id = %(book_id)s
ORDER BY c.position ASC
