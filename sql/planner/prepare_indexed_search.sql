-- For this transaction: a plan for this question's values alone, since the index holds the vectors of one set, which a
-- plan for any values cannot know; how many vectors the index holds in mind, as many as are asked for; and that it goes
-- on looking when it found too few.
SELECT
FROM unnest(ARRAY[
    set_config('plan_cache_mode', 'force_custom_plan', TRUE),
    set_config('hnsw.ef_search', '100', TRUE),
    set_config('hnsw.iterative_scan', 'relaxed_order', TRUE)
])
