-- An index scan over vectors tracks 100 candidates in this transaction, as many as embeddings/nearest_256 returns.
SET LOCAL hnsw.ef_search = 100 -- noqa: PRS
