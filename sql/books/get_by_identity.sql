-- The id and the hash of a book in the corpus, read before the new text is embedded.
SELECT
    b.id,
    b.content_hash
FROM books AS b
WHERE b.identity = %(identity)s
