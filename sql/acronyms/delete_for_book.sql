-- Deletes the acronyms that a book's old text explained.
DELETE FROM acronyms
WHERE book_id = %(book_id)s
