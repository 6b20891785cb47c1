-- A book's stored passages: a passage whose text does not change keeps its id, so that citations of it stay valid.
SELECT
    c.id,
    c.content_hash
FROM chunks AS c
WHERE c.book_id = %(book_id)s
ORDER BY c.position ASC
