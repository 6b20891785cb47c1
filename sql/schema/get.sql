-- The schema's revision, and the oldest revision whose code can run on it. No migration locks these tables for readers.
SELECT
    v.version_num AS revision,
    c.oldest
FROM alembic_version AS v
CROSS JOIN schema_compatibility AS c
