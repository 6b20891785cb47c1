-- An index scan over vectors tracks 300 candidates in this transaction. The nearest 100 of them are nearly all that an
-- exact search finds (docs/decisions/retrieval.md).
SET LOCAL hnsw.ef_search = 300 -- noqa: PRS
