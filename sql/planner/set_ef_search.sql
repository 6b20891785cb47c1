-- An index scan over vectors tracks 300 candidates in this transaction. embeddings/nearest_256 returns the nearest 100:
-- nearly all that an exact search finds (docs/decisions/retrieval.md).
SET LOCAL hnsw.ef_search = 300 -- noqa: PRS
