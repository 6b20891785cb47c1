-- Takes a book's chapters out, before its new ones come in; their passages go with them.
DELETE FROM chapters
WHERE book_id = %(book_id)s
