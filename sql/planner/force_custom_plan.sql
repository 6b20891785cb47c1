-- Plans the statements of this transaction for their values: a generic plan does not know how few rows a batch has, and
-- then it uses no index.
SET LOCAL plan_cache_mode = force_custom_plan
