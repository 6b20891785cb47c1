-- For this transaction: a plan made for other values searches badly, and a cached one would outlive these settings;
-- compiling a search takes longer than running it.
SELECT
FROM unnest(ARRAY[
    set_config('plan_cache_mode', 'force_custom_plan', TRUE),
    set_config('jit', 'off', TRUE)
])
