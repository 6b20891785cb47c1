-- Adds a book to the corpus, or replaces its text; returns no row when the corpus has the same text.
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
