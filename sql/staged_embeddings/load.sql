-- Loads vectors before their passages, which are loaded with the rest of the book.
COPY staged_embeddings (set_id, content_hash, embedding)
FROM STDIN (FORMAT binary) -- noqa: PRS
