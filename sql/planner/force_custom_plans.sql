-- A plan made for other values searches badly; a cached one would outlive the settings made for this transaction.
SET LOCAL plan_cache_mode = force_custom_plan
