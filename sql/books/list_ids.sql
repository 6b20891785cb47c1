-- Of the given ids, those that belong to a book.
SELECT b.id
FROM books AS b
WHERE b.id = any(%(ids)s::uuid[])
