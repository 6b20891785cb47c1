-- Which text of a book the corpus has, before the work of embedding another is begun.
SELECT
    b.id,
    b.content_hash
FROM books AS b
WHERE b.title = %(title)s
