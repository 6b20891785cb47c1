-- Prepares this transaction for a search by an index of vectors. The statement is planned for the set that it searches:
-- a generic plan uses no index. The scan tracks 100 candidates, as many as embeddings/nearest_256 returns, and continues
-- when it has found too few rows, for example after deletes.
SELECT
    set_config('plan_cache_mode', 'force_custom_plan', TRUE) AS plan_cache_mode,
    set_config('hnsw.ef_search', '100', TRUE) AS ef_search,
    set_config('hnsw.iterative_scan', 'relaxed_order', TRUE) AS iterative_scan
