-- An index scan over vectors tracks 200 candidates in this transaction: all that embeddings/nearest_by_signs compares.
SET LOCAL hnsw.ef_search = 200 -- noqa: PRS
