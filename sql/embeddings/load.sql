-- Loads vectors of passages that are stored already.
COPY embeddings (set_id, chunk_id, embedding)
FROM STDIN (FORMAT binary) -- noqa: PRS
