-- Deletes a book's chapters and, by cascade, their passages, before the new chapters are loaded.
DELETE FROM chapters
WHERE book_id = %(book_id)s
