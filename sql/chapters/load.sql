-- Loads the chapters of a book.
COPY chapters (id, book_id, position, number, title)
FROM STDIN
