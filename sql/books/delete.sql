-- Deletes a book and, by cascade, its chapters, its passages and their vectors.
DELETE FROM books
WHERE id = %(id)s
