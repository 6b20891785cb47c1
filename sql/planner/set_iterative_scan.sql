-- An index scan over vectors continues in this transaction when it has found too few rows, for example after deletes.
SET LOCAL hnsw.iterative_scan = relaxed_order -- noqa: PRS
