-- Plans the statements of this transaction for their values: an index over the vectors of one set is of no use to a
-- generic plan, which does not know the set.
SET LOCAL plan_cache_mode = force_custom_plan
