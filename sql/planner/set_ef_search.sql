-- An index scan over vectors tracks 300 candidates in this transaction. embeddings/nearest_256 returns the nearest 100 of
-- them, and so nearly all of those that an exact search finds (docs/decisions/retrieval.md).
SET LOCAL hnsw.ef_search = 300 -- noqa: PRS
