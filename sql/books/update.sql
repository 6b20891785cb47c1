-- Replaces what the corpus says about a book, when its text is replaced. The book keeps its id.
-- The identity of another book violates a unique constraint.
UPDATE books
SET
    identity = %(identity)s,
    title = %(title)s,
    authors = %(authors)s,
    year = %(year)s,
    edition = %(edition)s,
    product_url = %(product_url)s,
    content_hash = %(content_hash)s,
    loaded_at = %(now)s
WHERE id = %(id)s
