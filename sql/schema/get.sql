-- How far the database is prepared: the schema's revision, and whether there is anything to answer from.
SELECT
    v.version_num AS revision,
    EXISTS (SELECT FROM chunks) AS has_corpus
FROM alembic_version AS v
