-- Adds a book to the corpus. A second book with the same identity violates a unique constraint.
INSERT INTO books (id, identity, title, authors, year, edition, product_url, content_hash, loaded_at)
VALUES (
    %(id)s, %(identity)s, %(title)s, %(authors)s, %(year)s, %(edition)s, %(product_url)s, %(content_hash)s, %(now)s
)
