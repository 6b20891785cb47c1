-- Takes a book's passages out, before its new ones come in.
DELETE FROM chunks
WHERE book_id = %(book_id)s
