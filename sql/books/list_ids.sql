-- Those of some ids that are the ids of books.
SELECT b.id
FROM books AS b
WHERE b.id = any(%(ids)s::uuid[])
