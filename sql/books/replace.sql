-- Puts a book into the corpus, or its new text in the place of the old; says nothing if the text is the same.
INSERT INTO books (id, title, authors, year, content_hash, created_at)
VALUES (%(id)s, %(title)s, %(authors)s, %(year)s, %(content_hash)s, %(now)s)
ON CONFLICT (title) DO UPDATE
    SET
        authors = excluded.authors,
        year = excluded.year,
        content_hash = excluded.content_hash
    WHERE books.content_hash <> excluded.content_hash
RETURNING id
