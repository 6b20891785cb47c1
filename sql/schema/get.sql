-- The schema's revision, and the oldest revision whose code can run on it. No migration locks these tables for readers.
-- On a standby transaction_read_only is always on.
SELECT
    v.version_num AS revision,
    c.oldest,
    current_setting('transaction_read_only')::boolean AS read_only
FROM alembic_version AS v
CROSS JOIN schema_compatibility AS c
