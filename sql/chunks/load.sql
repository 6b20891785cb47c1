-- Loads the passages of a book.
COPY chunks (
    id, book_id, chapter_id, position, first_page, last_page, page_offsets, page_numbers, primary_domain,
    secondary_domains, tokens, content, content_hash
)
FROM STDIN
