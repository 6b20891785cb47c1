-- The number of books in the corpus.
SELECT count(*) AS books
FROM books
