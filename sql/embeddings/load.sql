-- Loads vectors of passages that are here.
COPY embeddings (set_id, chunk_id, embedding)
FROM STDIN
