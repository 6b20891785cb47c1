-- Loads vectors whose passages follow with the rest of their book.
COPY staged_embeddings (set_id, content_hash, embedding)
FROM STDIN (FORMAT binary) -- noqa: PRS
