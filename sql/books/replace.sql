-- Puts a book into the corpus, or its new text in the place of the old; says nothing if the text is the same.
INSERT INTO books (id, title, authors, year, product_url, content_hash, created_at)
VALUES (%(id)s, %(title)s, %(authors)s, %(year)s, %(product_url)s, %(content_hash)s, %(now)s)
ON CONFLICT (title) DO UPDATE
    SET
        authors = excluded.authors,
        year = excluded.year,
        product_url = excluded.product_url,
        content_hash = excluded.content_hash
    WHERE books.content_hash <> excluded.content_hash
RETURNING id
