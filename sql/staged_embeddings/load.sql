-- Keeps vectors of passages that come with the rest of their book.
COPY staged_embeddings (set_id, content_hash, embedding)
FROM STDIN
