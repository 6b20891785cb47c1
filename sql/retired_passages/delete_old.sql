-- Deletes those of some passages that were retired some time ago. The caller has found that no answer cites them.
DELETE FROM retired_passages
WHERE
    chunk_id = any(%(chunk_ids)s::uuid[])
    AND retired_at <= now() - %(retired_for)s::interval
