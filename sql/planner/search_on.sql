-- An index that found too few goes on looking.
SET LOCAL "hnsw.iterative_scan" = relaxed_order
